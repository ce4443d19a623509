-- 问: 哪两项指标总是一起命中
-- Q: Which two rules hit the same households?
-- 答: share_percent 为两项都命中的户占较少一项的比例；很高的一对可能在问同一件事
-- A: Households hit by both, as a share of the rarer rule; a pair close to 100 may ask the same
set variable least = 8;                      -- 至少几户 / households at least
with seen as (
    select distinct indicator, coalesce(household, subject) as household
    from latest_hit
    where direction in ('risk', 'uncovered')
),

many as (
    select indicator, count(*) as households from seen group by indicator
),

pair as (
    select one.indicator as first, other.indicator as second, count(*) as households
    from seen as one
    join seen as other on other.household = one.household and other.indicator > one.indicator
    group by all
    having count(*) >= cast(getvariable('least') as bigint)
)

select
    pair.first, a.title_zh as first_zh, pair.second, b.title_zh as second_zh, pair.households,
    round(100.0 * pair.households / least(m.households, n.households), 1) as share_percent
from pair
join many as m on m.indicator = pair.first
join many as n on n.indicator = pair.second
left join indicator as a on a.indicator = pair.first
left join indicator as b on b.indicator = pair.second
order by share_percent desc, pair.households desc, pair.first, pair.second
limit 50;
