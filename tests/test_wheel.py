"""The wheel is enough: installed elsewhere, it runs a scenario without the checkout."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT), cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


def run(*command: str, cwd: Path) -> None:
    """Run a command free of this checkout's settings, and show its output if it fails."""
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "SIM_SCENARIO_PATH"}}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"


def test_wheel_holds_every_configuration_and_scenario_file(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        f"sim/{path.relative_to(ROOT).as_posix()}"
        for folder in ("conf", "scenarios")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".yaml", ".csv", ".md"}
    }
    assert "sim/conf/ladder/ten_rungs.yaml" in wanted
    templates = ROOT / "src" / "sim" / "report" / "page" / "templates"
    wanted |= {f"sim/report/page/templates/{path.name}" for path in templates.iterdir()}
    assert wanted <= held
    assert "sim/py.typed" in held


def test_installed_wheel_runs_a_scenario_from_anywhere(wheel: Path, tmp_path: Path) -> None:
    environment, elsewhere, output = tmp_path / "venv", tmp_path / "elsewhere", tmp_path / "out"
    elsewhere.mkdir()
    venv.create(environment, with_pip=True)
    python = str(environment / ("Scripts" if os.name == "nt" else "bin") / "python")
    run(python, "-m", "pip", "install", "-q", str(wheel), cwd=elsewhere)
    choices = ["scenario=korea_strike", "runs=20", "horizon_weeks=4", f"output={output}"]
    run(python, "-m", "sim", *choices, cwd=elsewhere)
    assert list(output.rglob("summary.json")) and list(output.rglob("report.html"))
    assert not list(elsewhere.iterdir()), "a run writes below its output folder only"
