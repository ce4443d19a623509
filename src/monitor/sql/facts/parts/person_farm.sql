-- One row: a person in the farm subsidy register: what the newest year says. Key: person. No facts, but what they are built on.
-- An empty cell of that year is 0; it does not fall back to an older year.
select
    person,
    arg_max(coalesce(subsidy, 0), year) as subsidy,
    arg_max(coalesce(land_mu, 0), year) as land_mu,
    arg_max(coalesce(machinery_subsidy, 0), year) as machinery_subsidy
from staging.mara_subsidy
group by person
