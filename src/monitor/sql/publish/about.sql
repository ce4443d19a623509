-- One row per thing that a reader should know of the file. Key: name.
select 'schema_version' as name, (select max_by(version, position) from schema_change) as value,
    '本库结构的版本，变更见 schema_change' as zh, 'version of the public schema; changes are in schema_change' as en
union all
select 'software', (select max_by(software, as_of) from run), '最近一次运行的软件版本', 'software of the newest run'
union all
select 'nights', (select cast(count(*) as varchar) from run), '含多少夜', 'how many nights are held'
union all
select 'first_as_of', (select cast(min(as_of) as varchar) from run), '最早的运行日', 'the oldest night'
union all
select 'newest_as_of', (select cast(max(as_of) as varchar) from run), '最近的运行日', 'the newest night'
union all
select 'nights_run_again', (select cast(count(*) as varchar) from replaced.run),
    '重跑过的夜数；当时的说法在 first_said', 'nights run again; what they said first is in first_said'
