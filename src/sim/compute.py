"""Where a campaign is computed: on this machine, or on a cluster that Slurm manages."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import Field

from sim.scenario.errors import InputError, require_member, wrong
from sim.scenario.schema import Whole
from sim.scenario.validate import Strict, checked

_TIME = re.compile(r"(\d+-)?\d{1,4}(:\d\d){0,2}")
_MEMORY = re.compile(r"\d+[KMGT]?")
_OURS = ("array", "chdir", "dependency", "export", "job-name", "output", "parsable", "wait", "wrap")
_OWN = {"account": "account", "cpus-per-task": "cpus", "mem": "memory", "partition": "partition", "time": "time"}


class Local(Strict):
    """The machine on which the command is typed."""

    kind: Literal["local"]


class Slurm(Strict):
    """What a task of an array asks of Slurm, and how many parts it makes."""

    kind: Literal["slurm"]
    partition: Annotated[str, Field(min_length=1)] | None
    account: Annotated[str, Field(min_length=1)] | None
    time: Whole | str
    memory: Whole | str
    cpus: Annotated[Whole, Field(ge=1, le=1024)]
    chunks: Annotated[Whole, Field(ge=1, le=100_000)]
    lines: tuple[str, ...]

    @property
    def options(self) -> list[str]:
        """Options of sbatch."""
        named = {
            "partition": self.partition, "account": self.account, "time": self.time, "mem": self.memory,
            "cpus-per-task": self.cpus,
        }  # fmt: skip
        return [*(f"--{name}={value}" for name, value in named.items() if value is not None), *self.lines]


def compute_of(tree: dict[str, Any]) -> Local | Slurm:
    """Validate the choice of a machine.

    Raises
    ------
    InputError
        For the first thing that is wrong.
    """
    require_member("compute.kind", tree.get("kind"), ("local", "slurm"))
    if tree["kind"] == "local":
        for key in (name for name in tree if name in Slurm.model_fields and name != "kind"):
            raise InputError("must be given together with compute=slurm", key=f"compute.{key}", value=tree[key])
        return checked(Local, tree, "compute")
    slurm = checked(Slurm, tree, "compute")
    if not _TIME.fullmatch(str(slurm.time)):
        raise wrong("compute.time", slurm.time, "minutes, or time as Slurm writes it: 04:00:00, 1-12:00:00")
    if not _MEMORY.fullmatch(str(slurm.memory)):
        raise wrong("compute.memory", slurm.memory, "megabytes, or a number with K, M, G or T: 2G")
    for line in slurm.lines:
        _require_free(line)
    return slurm


def _require_free(line: str) -> None:
    """Refuse an option of sbatch that is none, or that would undo ours."""
    name = line.removeprefix("--").partition("=")[0]
    if not line.startswith("--") or not name or "\n" in line:
        raise wrong("compute.lines", line, "options of sbatch as --NAME=VALUE")
    if name in _OURS:
        raise InputError(f"--{name} cannot be given: the campaign sets it", key="compute.lines", value=line)
    if name in _OWN:
        raise InputError(f"--{name} must be given as compute.{_OWN[name]}", key="compute.lines", value=line)
