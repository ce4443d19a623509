"""Low-income population dynamic monitoring: finding people in hardship before they ask."""

__version__ = "0.1.0"
