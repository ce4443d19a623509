"""Names of the administrative divisions that codes stand for."""

from monitor.regions.load import REGIONS, load_regions, region_names

__all__ = ["REGIONS", "load_regions", "region_names"]
