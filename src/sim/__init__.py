"""sim: an agent-based strategic simulation of how crises between states escalate."""

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.batch import Runs, simulate
    from sim.config import load, load_variants
    from sim.crisis import Crisis, State
    from sim.stored import StoredRuns, open
    from sim.study.attribute import attribute
    from sim.study.compare import compare
    from sim.study.structure import structure
    from sim.study.uncertainty import uncertainty

__all__ = [
    "Crisis",
    "Runs",
    "State",
    "StoredRuns",
    "attribute",
    "compare",
    "load",
    "load_variants",
    "open",
    "simulate",
    "structure",
    "uncertainty",
]

try:
    __version__ = version("sim-escalation")
except PackageNotFoundError:  # a source folder on the path, never installed
    __version__ = "0+unknown"

_HOMES = {
    "Crisis": "crisis",
    "Runs": "batch",
    "State": "crisis",
    "StoredRuns": "stored",
    "attribute": "study.attribute",
    "compare": "study.compare",
    "load": "config",
    "load_variants": "config",
    "open": "stored",
    "simulate": "batch",
    "structure": "study.structure",
    "uncertainty": "study.uncertainty",
}


def __dir__() -> list[str]:
    """Return the public names, imported or not."""
    return [*__all__, "__version__"]


def __getattr__(name: str) -> Any:
    """Import the public names when they are first asked for: `--help` need not wait for Mesa and pandas."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}; it has {', '.join(__all__)}")
    from importlib import import_module

    return getattr(import_module(f"sim.{_HOMES[name]}"), name)
