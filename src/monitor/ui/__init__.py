"""A local page to look around: cases, lists, rules and deliveries of one home, read-only, on this machine only."""

from monitor.ui.app import create_app
from monitor.ui.guard import RevealKey, session_token
from monitor.ui.serve import serve

__all__ = ["RevealKey", "create_app", "serve", "session_token"]
