"""The bulletin: one self-contained page for province, prefecture and county each, of a night or a month, without identity."""

from monitor.bulletin.edition import Edition, month_edition, night_edition
from monitor.bulletin.figures import Book, read_book
from monitor.bulletin.write import bring_up, is_current, write_edition, write_pages, write_public

__all__ = [
    "Book",
    "Edition",
    "bring_up",
    "is_current",
    "month_edition",
    "night_edition",
    "read_book",
    "write_edition",
    "write_pages",
    "write_public",
]
