"""One set of rules, two drivers: the Mesa model and the compiled batch agree bit for bit."""

import mesa
import numpy as np
import pytest

import sim
from child import python
from named import SHORTER, VARIANTS_ENGINE
from sim.batch import simulate
from sim.crisis import Crisis, State
from sim.ensemble import chunks, compiled_runner
from sim.scenario.build import build
from sim.turn import close_round, open_round
from sim.world import over_runs


def finished(model, seed, run, kind=Crisis):
    crisis = kind(model, seed, run)
    while crisis.running:
        crisis.step()
    return crisis


def assert_same_world(crisis, batch, row):
    for name, mine, theirs in zip(batch._fields, crisis.world, batch, strict=True):
        np.testing.assert_array_equal(mine, theirs[row], err_msg=name)


ONE_FILE = ("history/kursk_2024", None)  # a world of one file, whose treaty comes into force on the way


@pytest.mark.parametrize(("name", "variant"), [*VARIANTS_ENGINE, ONE_FILE], ids=str)
def test_mesa_and_batch_agree_in_every_array_of_every_variant(name, variant):
    model = build(sim.load(name, [*SHORTER.get(name, ()), *([f"variant={variant}"] if variant else [])]))
    for seed, first in ((5, 0), (2**63 - 1, 40)):
        chunk = compiled_runner()(model, seed, first, 3)
        batch = over_runs(model.blank, chunk.words)
        for row in range(3):
            crisis = finished(model, seed, first + row)
            assert_same_world(crisis, batch, row)
            entries, turns = int(crisis.world.clock[0].entries), int(crisis.world.clock[0].turn) + 1
            np.testing.assert_array_equal(crisis.trace.entry[:entries], chunk.entry[row][:entries])
            np.testing.assert_array_equal(crisis.trace.rung[:turns], chunk.rung[row][:turns])


def test_threads_chunks_and_number_of_runs_change_nothing(model):
    def words(runs, threads, size):
        return np.concatenate([c.words for c in chunks(model, runs, 3, threads, compiled_runner(), size)])

    reference = words(105, 1, 105)
    for threads, size in ((1, 100), (2, 1), (2, 7)):
        np.testing.assert_array_equal(words(105, threads, size), reference)
    np.testing.assert_array_equal(words(11, 2, 4), reference[:11])


class Shuffled(Crisis):
    """Activates its states in Mesa's random order, another one each round."""

    def play_round(self):
        if not self.running:
            return
        open_round(self.params, self.world, self.trace)
        self.agents.shuffle_do("decide")
        close_round(self.params, self.world, self.trace)
        self.running = bool(self.world.clock[0].running)


def test_the_order_of_activation_changes_nothing(model):
    for run in range(3):
        plain, backwards = finished(model, 8, run), Crisis(model, 8, run)
        np.testing.assert_array_equal(plain.world.words, finished(model, 8, run, Shuffled).world.words)
        order = list(backwards.agents)[::-1]
        while backwards.running:
            open_round(backwards.params, backwards.world, backwards.trace)
            for state in order:
                state.decide()
            close_round(backwards.params, backwards.world, backwards.trace)
            backwards.running = bool(backwards.world.clock[0].running)
        np.testing.assert_array_equal(plain.world.words, backwards.world.words)


PLAIN = """
import hashlib, sys, sim
name, variant = sys.argv[1].split()
scenario = sim.load(name, ["horizon_weeks=8", f"variant={variant}"])
crisis = sim.Crisis(scenario, seed=2, run=1)
while crisis.running:
    crisis.step()
for array in (crisis.world.words, crisis.trace.entry, crisis.trace.rung, crisis.params.figures):
    print(hashlib.sha256(array.tobytes()).hexdigest())
"""


@pytest.mark.parametrize(
    "choice",
    [
        "korea_strike null",
        *(
            pytest.param(choice, marks=pytest.mark.slow)
            for choice in ("korea_strike regime_targets", "yeonpyeong_shelling new_leader")
        ),
    ],
)
def test_compiled_rules_and_plain_python_agree_bit_for_bit(choice):
    hashes = {python(PLAIN, choice, NUMBA_DISABLE_JIT=off) for off in ("0", "1")}
    assert len(hashes) == 1


class Dove(State):
    """Steps down one rung against everyone, whatever they do."""

    def decide(self):
        for rival in self.rivals:
            now = self.model.world.dyad[self.index, self.model.codes.index(rival)].rung
            self.order(rival, max(int(now) - 1, 0))


class Same(State):
    def decide(self):
        super().decide()


def test_the_batch_runs_on_a_decide_written_in_python(scenario, some_runs):
    doves = simulate(scenario, runs=20, seed=1, state_class=Dove)
    assert doves.table["war"].mean() < some_runs.table["war"].mean()
    same = simulate(scenario, runs=10, seed=1, state_class=Same)
    assert same.table.equals(some_runs.table.head(10))
    assert same.events.astype(str).equals(some_runs.events.query("run < 10").astype(str))
    np.testing.assert_array_equal(same.rungs, some_runs.rungs[:10])


def test_row_of_the_table_is_the_run_of_the_crisis(model, some_runs):
    for run in (0, 17):
        row = some_runs.table.iloc[run]
        assert row["run"] == run
        assert row["highest_rung"] == finished(model, 1, run).highest_rung


def test_mesas_data_collector_works(model):
    crisis = Crisis(model, 1, 0)
    collector = mesa.DataCollector(
        model_reporters={"highest": "highest_rung"}, agent_reporters={"code": "code", "rung": "rung"}
    )
    for _ in range(3):
        crisis.step()
        collector.collect(crisis)
    assert list(collector.get_model_vars_dataframe()["highest"]) == sorted(
        collector.get_model_vars_dataframe()["highest"]
    )
    assert set(collector.get_agent_vars_dataframe()["code"]) == set(crisis.codes)


def test_states_hold_commitments_and_capabilities(model):
    states = {state.code: state for state in Crisis(model, 1, 0).agents}
    assert {"treaty": "RUS-PRK-2024", "clause": "art4", "protected": "PRK", "stage": "dormant", "level": "nothing"} in (
        states["RUS"].commitments
    )
    assert states["USA"].capabilities["sea"] > states["PRK"].capabilities["sea"] > 0


def test_orders_that_make_no_sense_are_refused(model):
    usa = next(state for state in Crisis(model, 1, 0).agents if state.code == "USA")
    with pytest.raises(ValueError, match="VNM"):
        usa.order("VNM", 3)
    with pytest.raises(ValueError, match="12"):
        usa.order("PRK", 12)
