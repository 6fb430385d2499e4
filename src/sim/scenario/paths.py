"""Paths that a user names: what is there, refused where that cannot be told."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Literal

from sim.scenario.errors import wrong


def path_of(key: str, text: str | Path) -> Path:
    """Return a path with `~` filled in.

    Raises
    ------
    InputError
        If it names the home of somebody who does not exist.
    """
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise wrong(key, str(text), "a path; nobody of that name has a home here") from None


def found(key: str, path: Path) -> Literal["file", "folder"] | None:
    """Return what is at a path; None if nothing is.

    Raises
    ------
    InputError
        If one may not look there, or the name is no possible one.
    """
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise wrong(key, str(path), f"a path that can be reached ({reason})") from None
    return "folder" if stat.S_ISDIR(mode) else "file"
