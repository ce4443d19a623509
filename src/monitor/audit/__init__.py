"""Who did what with people's data: an append-only, hash-chained trail in `<home>/audit/`, told in docs/audit.md.

`record(home, Action.REVEALED, cases=[...])` is all that others need. It belongs before anything is shown or handed out, so that
nothing is seen that is not on disk; what a program only took in is recorded afterwards, with its counts.
"""

from monitor.audit.actions import Action
from monitor.audit.anchor import Head, anchor_for_manifest
from monitor.audit.entry import Entry
from monitor.audit.trail import read_trail, record, record_failed
from monitor.audit.verify import Finding, Verdict, verify

__all__ = [
    "Action",
    "Entry",
    "Finding",
    "Head",
    "Verdict",
    "anchor_for_manifest",
    "read_trail",
    "record",
    "record_failed",
    "verify",
]
