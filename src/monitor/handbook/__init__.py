"""The documents that are generated from the catalogue, the contracts and the SQL: handbook, dictionaries, lineage."""

from monitor.handbook.write import handbook_pages, outdated_pages, write_handbook

__all__ = ["handbook_pages", "outdated_pages", "write_handbook"]
