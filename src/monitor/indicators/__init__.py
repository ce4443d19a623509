"""The catalogue of indicators and how it is asked: one TOML per indicator, four outcomes, evidence for every hit."""

from monitor.indicators.evaluate import evaluate, judge, write_hits
from monitor.indicators.examples import check_file, run_examples
from monitor.indicators.indicator import Indicator
from monitor.indicators.last_good import (
    catalogue_notices,
    catalogue_of,
    load_catalogue_for_night,
    own_indicators,
    store_catalogue,
    stored_indicator,
)
from monitor.indicators.load import CATALOGUE, Catalogue, load_catalogue

__all__ = [
    "CATALOGUE",
    "Catalogue",
    "Indicator",
    "catalogue_notices",
    "catalogue_of",
    "check_file",
    "evaluate",
    "judge",
    "load_catalogue",
    "load_catalogue_for_night",
    "own_indicators",
    "run_examples",
    "store_catalogue",
    "stored_indicator",
    "write_hits",
]
