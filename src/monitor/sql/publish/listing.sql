-- One row per run and open case: whether it was listed, and why or why not. Key: as_of, case_no.
with listed as (
    select
        cast(split_part(filename, '/', -2) as date) as as_of,
        case_no, township, rank, true as is_listed, why
    from temp.runs_listed
),

left_off as (
    select
        cast(split_part(filename, '/', -2) as date) as as_of,
        case_no, township, rank, false as is_listed, why
    from temp.runs_left_off
)

select * from listed
union all
select * from left_off
