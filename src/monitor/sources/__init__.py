"""From the inbox to typed rows in force: find deliveries, land each once, judge them. Knows no indicator.

arrivals       the inbox -> deliveries of the night
unpacking, text_files, plain_rows, sheet_scan, shared_texts, workbooks, broken_lines, opening    any delivered file -> raw cells
plain_cells, cells, rows    raw cells -> typed rows, reasons, blanked cells (SQL)
landing        each file once -> landing/*.parquet and its quarantine
verdicts       counts -> in force, replaced, refused
doubled        which keys may stand there twice
side_by_side   several files at once, each by one thread
judging        -> deliveries.*, landing.<extract>
"""

from monitor.sources.arrivals import ARRIVALS, Arrivals, Delivery, Ignored, arrive, deliveries_in, read_arrivals
from monitor.sources.judging import Judgement, Line, judge
from monitor.sources.landing import Landed, land, landed_before, quarantine_file, rows_file
from monitor.sources.side_by_side import side_by_side

__all__ = [
    "ARRIVALS",
    "Arrivals",
    "Delivery",
    "Ignored",
    "Judgement",
    "Landed",
    "Line",
    "arrive",
    "deliveries_in",
    "judge",
    "land",
    "landed_before",
    "quarantine_file",
    "read_arrivals",
    "rows_file",
    "side_by_side",
]
