"""What anybody may know, once a month: counts, of which nothing small can be worked out (docs/public.md)."""

from monitor.public.release import Released, release_month

__all__ = ["Released", "release_month"]
