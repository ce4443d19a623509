-- 问: 最近一晚各部门交来了什么，多少行用不了
-- Q: What did departments deliver, and how many rows cannot be used?
-- 答: 一行一份有效或被退的数据；quarantined_percent 高的请看隔离原因
-- A: One row a delivery in force or refused; a high share of quarantined rows calls for a look
select
    known.department_zh, known.title_zh, told.delivery, told.state, told.rows_read, told.loaded, told.quarantined,
    round(100.0 * told.quarantined / nullif(told.rows_read, 0), 2) as quarantined_percent, told.blanked, told.reason
from latest_ledger as told
left join extract as known on known.extract = told.extract
where told.state <> 'replaced'
order by quarantined_percent desc nulls last, told.delivery;
