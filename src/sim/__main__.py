"""``python -m sim``."""

import os
import signal
import sys
from types import FrameType


def _stop(number: int, frame: FrameType | None) -> None:
    os.write(sys.stderr.fileno(), b"\nsim: stopped; nothing of this run was written\n")
    os._exit(130)


interruptible = signal.getsignal(signal.SIGINT) is signal.default_int_handler
if interruptible:  # while libraries are imported an exception would surface from wherever it happens to strike
    signal.signal(signal.SIGINT, _stop)

from sim.cli import main  # noqa: E402

if interruptible:
    signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(main())
