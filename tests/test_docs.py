"""The tables of docs/model.md and docs/results.md are what their sources say; every parameter stands in one."""

import importlib.util
import pkgutil
import re
from pathlib import Path

import pytest

from sim.codes import TERMS
from sim.columns import TABLES
from sim.world import RULES

PATH = Path(__file__).resolve().parents[1] / "docs" / "tables.py"


def script(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def tables():
    return script(PATH)


@pytest.fixture(scope="module")
def text(tables) -> str:
    return tables.MODEL.read_text(encoding="utf-8")


def test_tables_are_up_to_date(tables, text):
    assert tables.filled(text) == text, "run python docs/tables.py"


def test_every_parameter_stands_in_exactly_one_table(tables, text):
    assert tables.counted(text) == dict.fromkeys(RULES, 1)


def test_every_table_is_closed(tables, text):
    assert text.count("<!-- parameters:") == text.count("<!-- /parameters -->") == len(tables.BLOCK.findall(text))


def test_columns_of_results_are_up_to_date():
    columns = script(PATH.with_name("columns.py"))
    results = columns.RESULTS.read_text(encoding="utf-8")
    assert columns.filled(results) == results, "run python docs/columns.py"
    assert [found["table"] for found in columns.BLOCK.finditer(results)] == list(TABLES)


def test_sanity_has_its_place(text):
    assert text.count("<!-- sanity: written by benchmarks/sanity.py -->") == text.count("<!-- /sanity -->") == 1


def test_a_pattern_that_names_nothing_is_refused(tables):
    with pytest.raises(ValueError, match="no_such_rule"):
        tables.chosen("omega no_such_rule*")


def test_names_of_the_code_exist(text):
    names = set(re.findall(r"`(sim(?:\.\w+)+)`", text))
    assert "sim.rules.decide.foresee" in names
    assert all(pkgutil.resolve_name(name) for name in names)


@pytest.mark.parametrize("term", TERMS)
def test_every_term_of_utility_has_its_equation(text, term):
    assert re.search(rf"^{term}( term)? =", text, re.MULTILINE)
