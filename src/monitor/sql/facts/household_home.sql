-- One row is a household whose home was surveyed or that holds a dwelling: so `has_no_home` is no here, and yes for all others.
-- Key: household. The newest survey of a member speaks; its empty cells stay unknown, but arrears that are not given are 0.
with newest as (
    select member.household, arg_max(housing._order, newest(housing.surveyed_on, housing._order)) as _order
    from staging.mohurd_housing as housing
    join facts.person_wide as member on member.person = housing.person
    where member.is_member
    group by member.household
),

judged as (
    select
        newest.household,
        housing.dwelling_grade in ('C', 'D') and (housing.renovated_on is null or housing.renovated_on < housing.surveyed_on)
            as unsafe_home,
        housing.only_dwelling,
        housing.safe_water,
        housing.public_rental,
        coalesce(housing.rent_arrears_months, 0) as rent_arrears_months
    from newest
    join staging.mohurd_housing as housing on housing._order = newest._order
),

owned as (
    select household
    from facts.household_estate
    where dwelling_count > 0 and household not in (select household from newest)
)

select
    household,
    unsafe_home,
    unsafe_home and only_dwelling as unsafe_only_home,
    not safe_water as unsafe_water,
    public_rental as in_public_rental,
    rent_arrears_months::integer as rent_arrears_months,
    false as has_no_home
from judged
union all
select household, false, false, false, false, 0, false
from owned
