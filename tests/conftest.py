"""Makes `given` importable from every test folder; generated examples are the same in every run unless asked to differ.

A build must not fail by chance on somebody else's change. `HYPOTHESIS_PROFILE=random make test` looks for new examples.
"""

import os

from hypothesis import settings

settings.register_profile("same", derandomize=True, database=None)
settings.register_profile("random", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
