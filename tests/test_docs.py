"""docs/model.md says what the code is: its tables are made from it, and the names that it gives exist."""

import importlib.util
import pkgutil
import re
from pathlib import Path

import pytest

from sim.codes import TERMS
from sim.world import RULES

DOCS = Path(__file__).resolve().parents[1] / "docs"
MODEL = (DOCS / "model.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tables():
    spec = importlib.util.spec_from_file_location("tables", DOCS / "tables.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_tables_of_parameters_are_what_the_script_makes(tables):
    assert tables.filled(MODEL) == MODEL, "python docs/tables.py"


def test_every_parameter_stands_in_exactly_one_table(tables):
    found = tables.counted(MODEL)
    assert {name: found[name] for name in RULES} == dict.fromkeys(RULES, 1)


def test_a_pattern_that_names_no_parameter_is_refused(tables):
    with pytest.raises(ValueError, match="omgea"):
        tables.filled("<!-- parameters: omgea -->\n<!-- /parameters -->")


def test_a_section_of_parameters_belongs_to_one_submodel():
    """A heading of section 4 has a table, or says that it has none."""
    _, submodels = MODEL.split("## 4 Submodels")
    submodels, _ = submodels.split("## 5 Sanity")
    bare = [part.splitlines()[0] for part in submodels.split("\n### ")[1:] if "<!-- parameters:" not in part]
    assert bare == ["4.6 Belief", "4.11 Flows"]


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(sim(?:\.\w+)+)`", MODEL))))
def test_names_of_the_code_exist(name):
    assert pkgutil.resolve_name(name) is not None


@pytest.mark.parametrize("term", TERMS[1:])
def test_every_cost_has_its_equation(term):
    assert re.search(rf"^{term} +=", MODEL, re.MULTILINE)


def test_sanity_has_its_place():
    assert MODEL.count("<!-- sanity: written by benchmarks/sanity.py -->") == MODEL.count("<!-- /sanity -->") == 1
