"""Every command of the quickstart and of the tutorial works as it is printed."""

import re
import shlex
from pathlib import Path

import pytest

from sim.cli import main

pytestmark = pytest.mark.slow

DOCS = Path(__file__).resolve().parents[1] / "docs"
FEW = ["horizon_weeks=4"]
RUNNING = ("run", "compare", "structure", "replay")  # experiments that take a horizon


def commands(page: str) -> list[list[str]]:
    """What follows `python -m sim` on each line that begins so, with few runs."""
    lines = re.findall(r"^python -m sim (.*)$", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE)
    return [[re.sub(r"^runs=\d+$", "runs=20", word) for word in shlex.split(line)] for line in lines]


def obey(words: list[str]) -> None:
    experiment = next((word.partition("=")[2] for word in words if word.startswith("experiment=")), "run")
    assert main([*words, *(FEW if experiment in RUNNING else [])]) == 0, words


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SIM_SCENARIO_PATH", raising=False)
    return tmp_path


def test_quickstart(here: Path) -> None:
    every = commands("quickstart.md")
    assert len(every) == 6
    for words in every:
        obey(words)
    assert len(list(here.glob("outputs/*/report.html"))) == 4


def test_tutorial(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, *rest = commands("tutorial.md")
    assert len(rest) == 5
    obey(first)
    (snippet,) = re.findall(r"```yaml\n(.*?)```", (DOCS / "tutorial.md").read_text(encoding="utf-8"), re.DOTALL)
    file = here / "scenarios_own" / "my_strike.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count("\nvariants:\n") == 1
    file.write_text(text.replace("\nvariants:\n", f"\nvariants:\n{snippet}"), encoding="utf-8")
    for words in rest:
        obey(words)
    printed = capsys.readouterr().out
    assert "my_strike" in printed and "explained neither" not in printed
    (page, _) = here.glob("outputs/compare-my_strike-*/report.html")
    assert "RUS Russia committed" in page.read_text(encoding="utf-8")
