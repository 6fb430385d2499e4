"""The replay is the batch's own run, told without loss."""

import json

import pytest

from sim.cli import main
from sim.codes import TERMS, Entry
from sim.report.replay import lines
from sim.study.replay import replay

EXTRA = ("record", "round", "date", "probability")  # keys that the batch's log does not have


@pytest.fixture(scope="module")
def replayed(scenario):
    return replay(scenario, seed=1, run=17)


def test_its_log_is_that_of_the_batch(replayed, some_runs):
    told = [
        {k: v for k, v in entry.items() if k not in EXTRA} for played in replayed.rounds for entry in played.entries
    ]
    rows = some_runs.log.to_pylist()
    assert told == [row for row in rows if row["run"] == 17]


def test_every_change_of_a_rung_by_order_is_explained(replayed):
    """What was chosen is among the options, the odds sum to one, and utilities are prize less costs."""
    moves, first = 0, replayed.rounds[0]
    meant = dict(first.standing)  # rung on which each means to stand: a single blow, when over, leaves it there
    for played in replayed.rounds[1:]:
        meant |= {(e["actor"], e["target"]): e["rung"] for e in played.entries[: played.opened] if e["kind"] == "rung"}
        meant |= {(c.actor, c.target): c.order for c in played.choices}
        for entry in played.entries[played.opened :]:
            if entry["kind"] == "rung":
                assert entry["rung"] == meant[entry["actor"], entry["target"]]
                moves += 1
        for choice in played.choices:
            assert choice.option(choice.order).rung == choice.order
            assert sum(option.probability for option in choice.options) == pytest.approx(1)
            for option in choice.options:
                prize, *costs = option.terms
                assert option.utility == pytest.approx(prize - sum(costs))
    assert moves


def test_all_recognitions_have_their_odds(replayed):
    for played in replayed.rounds:
        for entry in played.entries:
            answered = entry["kind"] in ("recognised", "denied")
            assert (entry["probability"] is not None) == answered
            assert not answered or 0 <= entry["probability"] <= 1


@pytest.mark.parametrize("detail", ["turning", "moves", "full"])
def test_the_text_tells_every_move_and_names_every_state_once(replayed, detail):
    text = "\n".join(line.text for line in lines(replayed, detail))
    assert text.count("North Korea,") == 1
    for played in replayed.rounds:
        for choice in played.choices:
            if choice.order != choice.stand:
                assert f"{choice.actor} > {choice.target}  {choice.stand} -> {choice.order}" in text


def test_every_week_is_told(replayed):
    """In a heading of its own or among the quiet ones."""
    told = set()
    for line in lines(replayed, "turning"):
        if line.text.startswith("week"):
            first, _, last = line.text.split(" ")[1].partition("-")
            told |= set(range(int(first), int(last or first) + 1))
    assert told == {int(played.day // 7) + 1 for played in replayed.rounds}


def test_the_command_writes_text_and_json_lines(tmp_path, capsys):
    assert main(["experiment=replay", "run=3", "horizon_weeks=4", f"output={tmp_path}"]) == 0
    printed = capsys.readouterr().out
    assert "Run 3, seed 1" in printed and "week 1 · 10 Oct 2025" in printed
    (folder,) = tmp_path.iterdir()
    assert "week 1" in (folder / "replay.txt").read_text()
    head, *rest = [json.loads(line) for line in (folder / "replay.jsonl").read_text().splitlines()]
    assert head["record"] == "run" and (head["run"], head["seed"]) == (3, 1)
    kinds = {entry.name.lower() for entry in Entry}
    assert {record["record"] for record in rest} == {"entry", "choice"}
    assert all(record["kind"] in kinds for record in rest if record["record"] == "entry")
    chosen = next(record for record in rest if record["record"] == "choice")
    assert tuple(chosen["options"][0]["terms"]) == TERMS
