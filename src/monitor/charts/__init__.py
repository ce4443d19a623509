"""Pictures for notebooks, each with its table: the only place that knows matplotlib (extra `notebooks`)."""

from monitor.charts.attention import fairness, load, precision, townships
from monitor.charts.blindness import late_extracts, unknown_by_county, unknown_by_rule
from monitor.charts.chart import Chart
from monitor.charts.one_case import distance_to_clear, story
from monitor.charts.rules import hits_by_night, lists_by_county, value_by_value
from monitor.charts.tables import shown
from monitor.charts.unwarned import missed_homes, what_would_catch

__all__ = [
    "Chart",
    "distance_to_clear",
    "fairness",
    "hits_by_night",
    "late_extracts",
    "lists_by_county",
    "load",
    "missed_homes",
    "precision",
    "shown",
    "story",
    "townships",
    "unknown_by_county",
    "unknown_by_rule",
    "value_by_value",
    "what_would_catch",
]
