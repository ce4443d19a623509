"""Cases become lists: one file per township, safe to open in any spreadsheet program."""

from monitor.lists.files import write_files
from monitor.lists.write import ListSummary, write_lists

__all__ = ["ListSummary", "write_files", "write_lists"]
