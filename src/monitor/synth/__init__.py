"""Made-up people and the deliveries of their departments: any size, seeded, believable, as dirty as wanted.

    plan, rates.toml        what to make; how often things are so
    villages, households, people, ids, names, life      who there is and how they live
    story, tale, stories*   planted cases, at least a few for every indicator
    police ... countryside  one module per group of departments: people -> extracts
    timeline, dirt*, deliver, files, workbook           extracts -> files of each night

Nobody is real: 990 is no province, 154 no mobile prefix.
"""

from monitor.synth.dirt_kinds import Dirt, kinds
from monitor.synth.plan import Plan, Summary
from monitor.synth.synthesise import synthesise

__all__ = ["Dirt", "Plan", "Summary", "kinds", "synthesise"]
