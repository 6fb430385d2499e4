"""What compiled code must not do: freeze constants of other modules, reorder sums, serve old rules."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import sim

PACKAGE = Path(sim.__file__).parent
TINY = "from sim.rules.power import lent, front_need; print(front_need(4, 8))"


def run(source, **env):
    return subprocess.run(
        [sys.executable, "-c", source], env={**os.environ, **env}, capture_output=True, text=True, check=True
    ).stdout.strip()


def test_rules_hold_and_import_no_constants():
    for path in (PACKAGE / "rules").glob("*.py"):
        for node in ast.parse(path.read_text()).body:
            allowed = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.Expr
            alias = isinstance(node, ast.Assign) and ast.unparse(node) == "Vector = NDArray[np.float64]"
            assert isinstance(node, allowed) or alias, f"{path.name}: {ast.unparse(node)}"
            if isinstance(node, ast.ImportFrom):
                assert not any(name.name.isupper() for name in node.names), f"{path.name}: {ast.unparse(node)}"


def test_no_fast_mathematics():
    assert not any("fastmath=" in path.read_text() for path in PACKAGE.rglob("*.py"))


def test_the_cache_never_serves_old_rules(tmp_path):
    copy = tmp_path / "src" / "sim"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    # `need` of a front is called through another compiled function, in another file, which numba does not watch
    caller = copy / "caller.py"
    caller.write_text(
        "from sim.compiled import compiled\nfrom sim.rules.power import front_need\n\n\n"
        "@compiled\ndef call(rung, top):\n    return front_need(rung, top)\n"
    )
    source = "from sim.caller import call; print(call(4, 8))"
    env = {"PYTHONPATH": str(copy.parent), "SIM_CACHE_DIR": str(tmp_path / "cache")}
    assert run(source, **env) == "0.25"
    power = copy / "rules" / "power.py"
    power.write_text(power.read_text().replace("return height * height\n", "return height\n"))
    assert run(source, **env) == "0.5"


def test_an_unusable_cache_folder_is_passed_over(tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    assert run(TINY, SIM_CACHE_DIR=str(file), XDG_CACHE_HOME=str(tmp_path / "home")) == "0.25"
