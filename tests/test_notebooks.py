"""Notebooks are stored without outputs, run from top to bottom, and leave nothing behind."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def named(path: Path) -> str:
    return path.stem


def test_there_are_notebooks_and_the_list_names_each():
    listed = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert NOTEBOOKS and all(f"`{path.name}`" in listed for path in NOTEBOOKS)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_it_is_stored_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code and not any(cell.outputs or cell.execution_count for cell in code)


def fewer(found: re.Match[str]) -> str:
    return f"runs={int(found[1]) // 4}"


@pytest.mark.parametrize(
    ("path", "stored"),
    [
        (NOTEBOOKS[0], False),
        *(pytest.param(path, True, marks=pytest.mark.slow) for path in NOTEBOOKS),
    ],
    ids=lambda value: value.stem if isinstance(value, Path) else "as stored" if value else "fewer runs",
)
def test_it_runs_and_writes_nothing(path, stored, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code" and not stored:
            cell.source = re.sub(r"\bruns=(\d+)", fewer, cell.source)
    resources = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=600, kernel_name="python3", resources=resources).execute()
    assert not list(tmp_path.iterdir())
    shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert any("image/png" in output.get("data", {}) for output in shown)
