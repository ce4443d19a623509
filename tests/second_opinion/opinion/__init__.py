"""A second opinion on the facts: plain Python over lists of records, written from the definitions alone, one topic a module.

Slow and simple on purpose. What it says of a few hundred households must be what the SQL says.
"""

from opinion.facts import all_facts
from opinion.world import World

__all__ = ["World", "all_facts"]
