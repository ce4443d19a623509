"""What every table, column, unit and code means, in Chinese and English, and which column comes from which."""

from monitor.dictionary.code_lists import code_lists
from monitor.dictionary.empty_cells import blank_of_column, blank_of_fact
from monitor.dictionary.lineage import UNITS
from monitor.dictionary.promised import dated_facts, promised_columns, public_shape
from monitor.dictionary.rows import REFERENCE, Row

__all__ = [
    "REFERENCE",
    "UNITS",
    "Row",
    "blank_of_column",
    "blank_of_fact",
    "code_lists",
    "dated_facts",
    "promised_columns",
    "public_shape",
]
