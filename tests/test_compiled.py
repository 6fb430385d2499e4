"""What compiled code must not do: freeze constants of other modules, reorder sums, serve old rules."""

import ast
import enum
import importlib
import shutil
import types
from pathlib import Path

import pytest

import sim
from child import python
from sim.compiled import ENGINE

PACKAGE = Path(sim.__file__).parent
RULES = sorted((PACKAGE / "rules").glob("*.py"))
COMPILED = [*RULES, *sorted((PACKAGE / "phases").glob("*.py")), *(PACKAGE / f"{m}.py" for m in ("mathematics", "turn"))]
TINY = "from sim.rules.power import front_need; print(front_need(4, 8))"


def by_name(path):
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", RULES, ids=by_name)
def test_rules_hold_and_import_no_constants(path):
    for node in ast.parse(path.read_text()).body:
        allowed = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.Expr
        alias = isinstance(node, ast.Assign) and ast.unparse(node) == "Vector = NDArray[np.float64]"
        assert isinstance(node, allowed) or alias, ast.unparse(node)
        if isinstance(node, ast.ImportFrom):
            assert not any(name.name.isupper() for name in node.names), ast.unparse(node)


@pytest.mark.parametrize("path", [path for path in COMPILED if path.stem != "__init__"], ids=by_name)
def test_what_compiled_functions_read_are_functions_and_code_words(path):
    """A number or an array read from a module would be frozen into the machine code."""
    module = importlib.import_module("sim." + by_name(path).removesuffix(".py").replace("/", "."))
    tree = ast.parse(path.read_text())
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        for node in (node for line in function.body for node in ast.walk(line)):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and hasattr(module, node.id):
                value = getattr(module, node.id)
                kinds = types.ModuleType | enum.EnumMeta | type
                assert isinstance(value, kinds) or callable(value), f"{function.name} reads {node.id}"


@pytest.mark.parametrize(
    "path",
    COMPILED,
    ids=by_name,
)
def test_elementary_functions_are_the_models_own(path):
    """The C library's differ between machines, and from compiled code; the square root is exact everywhere."""
    exact = {"math": {"sqrt", "floor", "ldexp", "frexp"}, "np": {"empty", "zeros", "float64", "bool_"}}
    for node in ast.walk(ast.parse(path.read_text())):
        assert not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow)), ast.unparse(node)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in exact:
            assert node.attr in exact[node.value.id], ast.unparse(node)


def test_no_fast_mathematics():
    assert not any("fastmath=" in path.read_text() for path in PACKAGE.rglob("*.py"))
    for path in COMPILED:
        module = importlib.import_module("sim." + by_name(path).removesuffix(".py").replace("/", "."))
        for thing in vars(module).values():
            assert not getattr(thing, "targetoptions", {}).get("fastmath", False)


def test_the_cache_never_serves_old_rules(tmp_path):
    copy = tmp_path / "src" / "sim"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    # `front_need` is called through another compiled function, in another file, which numba does not watch
    caller = copy / "caller.py"
    caller.write_text(
        "from sim.compiled import compiled\nfrom sim.rules.power import front_need\n\n\n"
        "@compiled\ndef call(rung, top):\n    return front_need(rung, top)\n"
    )
    source = (
        "from sim.compiled import is_cached; from sim.caller import call; kept = is_cached(call);"
        "print(call(4, 8), kept, is_cached(call))"
    )
    env = {"PYTHONPATH": str(copy.parent), "SIM_CACHE_DIR": str(tmp_path / "cache")}
    assert python(source, **env) == "0.25 False True"
    assert python(source, **env) == "0.25 True True"
    power = copy / "rules" / "power.py"
    edited = power.read_text().replace("return height * height\n", "return height\n")
    assert edited != power.read_text()
    power.write_text(edited)
    assert python(source, **env) == "0.5 False True"


def test_compiled_functions_call_none_outside_the_hash_they_are_kept_under():
    for path in COMPILED:
        for node in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)):
            if node.module and node.module.startswith("sim."):
                assert {f"{node.module.split('.')[1]}.py", node.module.split(".")[1]} & set(ENGINE), (path, node.module)


def test_what_a_run_allocates_it_frees():
    """Functions that count no references (`inner`) would leak an array that they are given by another."""
    source = (
        "import sim; from numba.core.runtime import rtsys; from sim.scenario.build import build;"
        "from sim.ensemble import run_ends; model = build(sim.load('korea_strike'));"
        "run_ends(model.params, model.blank, 1, 0, 20); stats = rtsys.get_allocation_stats();"
        "print(stats.alloc > 1000, stats.alloc - stats.free)"
    )
    assert python(source, NUMBA_NRT_STATS="1") == "True 0"


def test_an_unusable_cache_folder_is_passed_over(tmp_path):
    file, home = tmp_path / "file", tmp_path / "home"
    file.write_text("")
    where = TINY + "; import sim.compiled; print(sim.compiled.CACHE_FOLDER)"
    result, folder = python(where, SIM_CACHE_DIR=str(file), XDG_CACHE_HOME=str(home)).split()
    assert result == "0.25"
    assert Path(folder).is_relative_to(home)
    blocked = {"SIM_CACHE_DIR": str(file), "XDG_CACHE_HOME": str(file), "TMPDIR": str(tmp_path)}
    result, folder = python(where, **blocked).split()
    assert result == "0.25"
    assert Path(folder).is_relative_to(tmp_path)
