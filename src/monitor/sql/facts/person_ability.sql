-- One row: a person whose ability was assessed (GB/T 42195). Key: person. A score outside 0-90 gives no level.
with assessed as (
    select person, score, months_since(assessed_on, getvariable('as_of')) as months
    from staging.nhc_elder_ability
)

select
    person,
    true as has_ability_assessment,
    case
        when score = 90 then 0
        when score between 66 and 89 then 1
        when score between 46 and 65 then 2
        when score between 30 and 45 then 3
        when score between 0 and 29 then 4
    end as ability_level,
    months::integer as ability_assessed_months,
    months <= 12 as has_fresh_ability_assessment
from assessed
