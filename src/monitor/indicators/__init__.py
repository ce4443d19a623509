"""The catalogue of indicators and how it is asked: one TOML per indicator, four outcomes, evidence for every hit."""

from monitor.indicators.evaluate import evaluate, judge, write_hits
from monitor.indicators.examples import check_file, run_examples
from monitor.indicators.indicator import Indicator
from monitor.indicators.load import CATALOGUE, Catalogue, load_catalogue

__all__ = [
    "CATALOGUE",
    "Catalogue",
    "Indicator",
    "check_file",
    "evaluate",
    "judge",
    "load_catalogue",
    "run_examples",
    "write_hits",
]
