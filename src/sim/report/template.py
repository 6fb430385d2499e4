"""A new scenario's file, written whole or not at all, and the commands that use it."""

from __future__ import annotations

import os
import shlex
import tempfile
from collections.abc import Sequence
from pathlib import Path

from sim.scenario.errors import InputError
from sim.scenario.paths import found
from sim.scenario.tables import parse_tree, read_text, read_tree
from sim.scenario.template import template

OWN = Path("scenarios_own")


def own_folder(config_dirs: Sequence[Path]) -> Path:
    """Folder of the user's own scenarios: the first one named, else one in the current folder."""
    folders = [*config_dirs, *_search_path(), OWN]
    return folders[0]


def command(name: str, folder: Path, config_dirs: Sequence[Path], experiment: str = "run") -> str:
    """Return the command that runs a scenario of a folder from here."""
    known = {path.resolve() for path in (*_search_path(), *config_dirs)}
    folders = [*config_dirs, *([] if folder.resolve() in known else [folder])]
    options = [word for path in folders for word in ("--config-dir", str(path))]
    chosen = [f"experiment={experiment}"] if experiment != "run" else []
    return shlex.join(["python", "-m", "sim", *options, *chosen, f"scenario={name}"])


def write(file: Path, source: str, name: str, folder: Path, config_dirs: Sequence[Path] = ()) -> Path:
    """Write the scenario `name` into a folder, begun from the file of the scenario `source`.

    Raises
    ------
    InputError
        If there is such a file already, the folder cannot be written to, or the file to begin from is
        written in a way that cannot be taken over line by line.
    """
    final = folder / f"{name}.yaml"
    if found("into", final) is not None:
        raise InputError(f"exists already and is left as it is: {final}", key="scenario", value=name)
    text = template(read_text(file), source, name, command(name, folder, config_dirs))
    if parse_tree(text, str(file)) != {**read_tree(file), "name": name}:
        problem = f"cannot be taken over line by line: {file}; give each key a line, name first"
        raise InputError(problem, key="from", value=source)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=f".{name}-") as apart:
            partial = Path(apart) / final.name
            partial.write_text(text, encoding="utf-8")
            partial.rename(final)
    except OSError as error:
        raise InputError(f"cannot be written to: {folder}: {error.strerror}", key="into", value=str(folder)) from None
    return final


def _search_path() -> list[Path]:
    return [Path(text) for text in os.environ.get("SIM_SCENARIO_PATH", "").split(os.pathsep) if text]
