"""Lists on paper: workbooks to fill in, visit sheets to carry along, and a form for the telephone."""

from monitor.workbooks.write import PaperSummary, write_paper

__all__ = ["PaperSummary", "write_paper"]
