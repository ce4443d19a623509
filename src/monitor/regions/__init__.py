"""Names of the administrative divisions that codes stand for."""

from monitor.regions.load import REGIONS, counties_named, load_regions, region_names

__all__ = ["REGIONS", "counties_named", "load_regions", "region_names"]
