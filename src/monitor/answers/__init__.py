"""What the field sends back: one more extract, read from workbooks as people return them, each row attached by its code."""

from monitor.answers.collect import CollectedFile, collect, waiting
from monitor.answers.landing import EXTRACT, LandedAnswers, landed_answers
from monitor.answers.load import enter_answers, load_answers

__all__ = [
    "EXTRACT",
    "CollectedFile",
    "LandedAnswers",
    "collect",
    "enter_answers",
    "landed_answers",
    "load_answers",
    "waiting",
]
