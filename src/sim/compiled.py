"""How the model's functions are compiled and where the compiled code is kept.

Every compiled function of the package goes through `compiled`, so that options that change results
(``error_model``; never ``fastmath``, which reorders sums) stand in one place.
"""

import os
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import config, njit

_Function = TypeVar("_Function", bound=Callable[..., object])


# What turns arrays into runs: results of before are good, and compiled code is, while these are unchanged.
ENGINE = (
    "codes.py", "compiled.py", "draws.py", "ensemble.py", "mathematics.py", "phases", "rules", "turn.py", "world.py",
)  # fmt: skip


def source_hash() -> str:
    """Hash of the package's source, by which a result says what made it."""
    return _hash(".")[:16]


def engine_hash(*more: str) -> str:
    """Hash of the source that turns arrays into runs, and of further files or folders of the package.

    Compiled code is kept under it. Numba notices a change in a function's own file but not in the files of the
    functions that it calls, and would go on serving old rules after an edit.
    """
    return _hash(*ENGINE, *more)


def _hash(*names: str) -> str:
    package = Path(__file__).parent
    digest = sha256()
    for name in names:
        for path in sorted((package / name).rglob("*.py")) if (package / name).is_dir() else [package / name]:
            digest.update(str(path.relative_to(package)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _cache_folder() -> Path:
    """First writable of: the folder that the environment names, the user's cache folder, a temporary one."""
    named = os.environ.get("SIM_CACHE_DIR") or os.environ.get("NUMBA_CACHE_DIR")
    user = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    # a shared temporary folder needs a name of one's own: compiled code of others is not to be trusted
    temporary = Path(tempfile.gettempdir()) / f"sim-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
    for base in (*([Path(named)] if named else []), Path(user) / "sim", temporary):
        folder = base / engine_hash()[:16]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return folder
        except OSError:
            continue
    return Path(tempfile.mkdtemp(prefix="sim-"))


CACHE_FOLDER = _cache_folder()


def compiled(function: _Function) -> _Function:
    """Compile a function of plain numbers and arrays; the result releases the GIL."""
    return _njit(function)


def inner(function: _Function) -> _Function:
    """Compile a function that only compiled code calls: it has no door to Python, which is slow to build.

    Nor does it count who holds its arrays, which on entry and exit took three quarters of the engine's time; so it
    must neither make an array nor be given one by a function that it calls (a test counts).
    """
    return _njit(function, cache=False, no_cpython_wrapper=True, _nrt=False)


def inner_allocating(function: _Function) -> _Function:
    """Compile the same for a function that makes arrays, or calls one that returns an array."""
    return _njit(function, cache=False, no_cpython_wrapper=True)


def _njit(function: _Function, **options: bool) -> _Function:
    before = getattr(config, "CACHE_DIR")  # noqa: B009  (numba makes its settings at run time)
    setattr(config, "CACHE_DIR", str(CACHE_FOLDER))  # noqa: B010  (read when a function is decorated)
    try:
        together = {"cache": True, "nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True, "_nrt": True}
        return cast(_Function, cast(Any, njit)(**(together | options))(function))
    finally:
        setattr(config, "CACHE_DIR", before)  # noqa: B010


def is_cached(function: Callable[..., object]) -> bool:
    """Whether compiled code of a function lies in its folder of the cache, which is that of this copy of the source."""
    stats = getattr(function, "stats", None)  # none where nothing is compiled at all
    return stats is None or any(Path(stats.cache_path).glob(f"*{function.__name__}-*.nbi"))
