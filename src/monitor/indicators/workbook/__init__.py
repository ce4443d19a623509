"""The catalogue as a workbook, for officers who do not program: export it, fill in new indicators, import them."""

from monitor.indicators.workbook.importing import Imported, import_workbook
from monitor.indicators.workbook.sheets import write_workbook

__all__ = ["Imported", "import_workbook", "write_workbook"]
