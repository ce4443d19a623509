-- One row is a household whose home was surveyed or that holds a dwelling: so `has_no_home` is no here, and yes for all others.
-- Key: household. The newest survey of a member speaks; its empty cells stay unknown, but arrears that are not given are 0.
with surveys as (
    select
        member.household,
        housing.*,
        row_number() over (
            partition by member.household order by housing.surveyed_on desc, housing._order desc
        ) as place
    from staging.mohurd_housing as housing
    join facts.person_wide as member on member.person = housing.person
    where member.is_member
),

judged as (
    select
        household,
        dwelling_grade in ('C', 'D') and (renovated_on is null or renovated_on < surveyed_on) as unsafe_home,
        only_dwelling,
        safe_water,
        public_rental,
        coalesce(rent_arrears_months, 0) as rent_arrears_months
    from surveys
    where place = 1
),

housed as (
    select household from judged
    union
    select household from facts.household_estate where dwelling_count > 0
)

select
    housed.household,
    case when judged.household is null then false else judged.unsafe_home end as unsafe_home,
    case when judged.household is null then false else judged.unsafe_home and judged.only_dwelling end as unsafe_only_home,
    case when judged.household is null then false else not judged.safe_water end as unsafe_water,
    case when judged.household is null then false else judged.public_rental end as in_public_rental,
    coalesce(judged.rent_arrears_months, 0)::integer as rent_arrears_months,
    false as has_no_home
from housed
left join judged on judged.household = housed.household
