"""``python -m sim``."""

import sys

try:
    from sim.cli import main

    sys.exit(main())
except KeyboardInterrupt:  # while the libraries are imported
    sys.exit("\nsim: stopped; nothing of this run was written")
