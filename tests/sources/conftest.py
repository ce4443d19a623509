"""The fixtures of the landing tests."""

from landing_inbox import inbox, make_inbox

__all__ = ["inbox", "make_inbox"]
