"""What was agreed with the departments and what the project promises, read from `schemas/`.

A contract is declared once and used many times: the reader's casts and quarantine reasons, the Arrow schema of the landing
files, the gate, the generated dictionary.
"""

from monitor.contracts.answers import Answers, answers
from monitor.contracts.english import English, english
from monitor.contracts.extracts import Column, Extract, codes, empty_cells, extract, extracts
from monitor.contracts.facts import Fact, facts
from monitor.contracts.outputs import OutputColumn, OutputTable, outputs
from monitor.contracts.versions import schema_versions

__all__ = [
    "Answers",
    "Column",
    "English",
    "Extract",
    "Fact",
    "OutputColumn",
    "OutputTable",
    "answers",
    "codes",
    "empty_cells",
    "english",
    "extract",
    "extracts",
    "facts",
    "outputs",
    "schema_versions",
]
