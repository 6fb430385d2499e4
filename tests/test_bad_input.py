"""Whatever is wrong is refused with exit code 2, one message that helps, and nothing written."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bad_inputs import TABLE, Bad, folder_of_ones_own
from sim.cli import main
from sim.config import load
from sim.scenario.errors import InputError
from sim.scenario.load import resolve
from tiny import WORLDS, tree

# besides naming key and value, a message says what would do, or what to do
HELPS = (
    r"; allowed: | is missing|: missing |does not parse|cannot be |must |twice|changes nothing|save |in the form |"
    r"KEY=VALUE|comma-separated|nearest|is a key of "
)
TECHNICAL = r"Traceback|pydantic|[Oo]mega[Cc]onf|DictConfig|full_key|object_type|NoneType|errors?\.|Error"


def test_the_table_is_long_and_names_each_case_once() -> None:
    assert len(TABLE) >= 100
    assert len({str(bad) for bad in TABLE}) == len(TABLE)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of one's own in which nothing is wrong."""
    return folder_of_ones_own(tmp_path_factory.mktemp("sound"))


@pytest.fixture(scope="module")
def same(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("same")


@pytest.fixture
def here(sound: Path, same: Path) -> Iterator[Path]:
    """The same place with a copy of it for each test, files as old as before: what they compose to is kept."""
    shutil.copytree(sound, same / "mine")
    yield same
    shutil.rmtree(same / "mine")


@pytest.mark.parametrize("bad", TABLE, ids=str)
def test_bad_input_is_refused(
    bad: Bad, here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(here)
    arguments = bad.typed.split()
    if bad.spoil:
        bad.spoil(here / "mine")
        arguments = ["--config-dir", "mine", "scenario=tiny_strike", *arguments]
    there = sorted(here.rglob("*"))

    assert main(arguments) == 2

    printed, message = capsys.readouterr()
    assert printed == ""
    assert re.fullmatch(r"sim: .+\n", message), "one line"
    assert not re.search(TECHNICAL, message), message
    assert re.search(HELPS, message), message
    for word in bad.words:
        assert word in message, message
    assert sorted(here.rglob("*")) == there, "nothing is written"


def test_folder_of_scenarios_that_does_not_exist(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SIM_SCENARIO_PATH", "/nowhere")
    assert main(["runs=5"]) == 2
    message = capsys.readouterr().err
    assert "SIM_SCENARIO_PATH" in message and "'/nowhere'" in message and "a folder that exists" in message


def test_from_python_the_same_message_is_an_exception() -> None:
    with pytest.raises(InputError, match=r"'korea-strike'.*did you mean 'korea_strike'\?"):
        load("korea-strike")
    with pytest.raises(InputError, match="'runs'"):
        resolve(tree(runs=5), [WORLDS])
