"""Names of the shipped scenarios: those of today, and crises of the past.

The latter put the same engine to smaller worlds. Their golden traces, bounds and loading are tested as those of all; what
is a property of the engine alone is tested on the former.
"""

import sim
from sim.config import available

PAST = [name for name in available() if name.startswith("history/")]
TODAY = [name for name in available() if name not in PAST]
VARIANTS_TODAY = [(name, variant) for name in sorted(TODAY) for variant in (None, *sim.load(name).variants)]
VARIANTS_PAST = [(name, variant) for name in sorted(PAST) for variant in (None, *sim.load(name).variants)]
