"""Which keys matter, and where: known functions, with and without the luck of runs, by the same code as campaigns."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest
from SALib.analyze import sobol as salib
from SALib.sample import latin, morris, sobol
from SALib.test_functions import Ishigami, Sobol_G

from campaigns import campaign, make_all
from pages import Page
from sim.campaign import work
from sim.campaign.discovery import discover, discovery
from sim.campaign.gather import gathered
from sim.campaign.points import Shares, targets, worded
from sim.campaign.sensitivity import FEW, LUCKY, analyse, sensitivity
from sim.cli import main
from sim.report.sensitivity import left_out, stands_out
from sim.scenario.errors import InputError

FUNCTIONS = {
    "ishigami": (Ishigami.evaluate, [[-np.pi, np.pi]] * 3, [0.3139, 0.4424, 0], [0.5576, 0.4424, 0.2437]),
    "sobol_g": (
        Sobol_G.evaluate, [[0, 1]] * 8, [0.7165, 0.1791, 0.0237, 0.0072, 0.0001, 0.0001, 0.0001, 0.0001],
        [0.7871, 0.2422, 0.0343, 0.0105, 0.0001, 0.0001, 0.0001, 0.0001],
    ),
}  # fmt: skip


def problem_of(bounds):
    return {"num_vars": len(bounds), "names": [f"x{at}" for at in range(len(bounds))], "bounds": bounds}


def chances(y):
    """A function's values as probabilities."""
    return 0.1 + 0.8 * (y - y.min()) / (y.max() - y.min())


def simulated(p, rng, common):
    """Shares of runs that come to pass with these probabilities; with common luck run 17 is as lucky at all points."""
    luck = rng.random((1, 400) if common else (len(p), 40))
    happened = (luck < p[:, None]).reshape(len(p), -1, 10)
    return Shares(happened.mean(axis=1).T, np.full(10, 0.1))


def known(y):
    """Values without luck."""
    return Shares(np.array([y] * 10), np.full(10, 0.1))


def indices(result, name):
    return np.array([result["keys"][key][name]["value"] for key in sorted(result["keys"])])


@pytest.mark.parametrize("name", FUNCTIONS)
def test_without_luck_sobol_indices_are_those_of_salib_and_near_the_truth(name):
    function, bounds, first, total = FUNCTIONS[name]
    problem = problem_of(bounds)
    X = sobol.sample(problem, 1024, calc_second_order=False, seed=1)
    y = function(X)
    found = analyse("sobol", problem["names"], X, known(y), 1)
    theirs = salib.analyze(problem, y, calc_second_order=False, seed=1)
    np.testing.assert_allclose(indices(found, "first"), theirs["S1"], atol=1e-12)
    np.testing.assert_allclose(indices(found, "total"), theirs["ST"], atol=1e-12)
    np.testing.assert_allclose(indices(found, "first"), first, atol=0.03)
    np.testing.assert_allclose(indices(found, "total"), total, atol=0.03)


@pytest.mark.parametrize("common", [False, True], ids=["own luck", "common luck"])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_with_luck_sobol_indices_are_those_without_it(name, common):
    function, bounds, _, total = FUNCTIONS[name]
    problem, rng = problem_of(bounds), np.random.default_rng(7)
    X = sobol.sample(problem, 256, calc_second_order=False, seed=1)
    p = chances(function(X))
    repeated = []
    for repeat in range(20):
        noisy = simulated(p, rng, common)
        found = analyse("sobol", problem["names"], X, noisy, repeat)
        repeated.append([found["variance"]["value"], *indices(found, "first"), *indices(found, "total")])
    clean = analyse("sobol", problem["names"], X, known(p), 1)
    truth = np.array([clean["variance"]["value"], *indices(clean, "first"), *indices(clean, "total")])
    mean, error = np.mean(repeated, axis=0), np.std(repeated, axis=0) / np.sqrt(len(repeated))
    assert (np.abs(mean - truth) <= 4 * error + 0.01 * np.abs(truth) + 1e-12).all()
    if not common:  # what is seen without the correction
        theirs = salib.analyze(problem, noisy.share, calc_second_order=False, seed=1)
        assert theirs["ST"][-1] > total[-1] + 0.1


@pytest.mark.parametrize("common", [False, True], ids=["own luck", "common luck"])
def test_intervals_of_sobol_indices_hold_the_truth_about_as_often_as_they_say(common):
    function, bounds, first, total = FUNCTIONS["ishigami"]
    problem, rng, held = problem_of(bounds), np.random.default_rng(5), []
    for repeat in range(40):
        X = sobol.sample(problem, 256, calc_second_order=False, seed=repeat)
        found = analyse("sobol", problem["names"], X, simulated(chances(function(X)), rng, common), repeat)
        for name, truth in (("first", first), ("total", total)):
            held += [found["keys"][f"x{at}"][name]["low"] <= truth[at] <= found["keys"][f"x{at}"][name]["high"]
                     for at in range(3)]  # fmt: skip
    assert np.mean(held) > 0.93


def test_where_there_is_nothing_but_luck_there_is_no_index():
    problem, rng = problem_of([[0, 1]] * 3), np.random.default_rng(3)
    X = sobol.sample(problem, 256, calc_second_order=False, seed=1)
    refused = [
        analyse("sobol", problem["names"], X, simulated(np.full(len(X), 0.3), rng, False), 1)["problem"] == LUCKY
        for _ in range(20)
    ]
    assert np.mean(refused) > 0.9
    alone = np.where(np.arange(40) < 1, 0.9, 0.1)  # a point that a third of the resamples do not hold
    assert analyse("sobol", problem["names"], X[:40], simulated(alone, rng, False), 1)["problem"] == FEW
    same = known(np.full(len(X), 0.25))
    assert analyse("sobol", problem["names"], X, same, 1)["problem"] == "the same at all points"


def test_morris_ranks_keys_and_frees_their_spread_of_luck():
    problem, rng = problem_of([[0, 1]] * 8), np.random.default_rng(2)
    X = morris.sample(problem, 100, num_levels=4, seed=1)
    linear = 0.2 + X @ np.array([0.4, 0.1, 0, 0, 0, 0, 0, 0])
    clean = analyse("morris", problem["names"], X, known(linear), 1)["keys"]
    assert clean["x0"]["mu_star"]["value"] == pytest.approx(0.4) and clean["x0"]["sigma"] == pytest.approx(0, abs=1e-7)
    noisy = analyse("morris", problem["names"], X, simulated(linear, rng, False), 1)["keys"]
    assert next(iter(noisy)) == "x0"
    assert noisy["x0"]["mu"] == pytest.approx(0.4, abs=0.05)
    for key in ("x4", "x5", "x6", "x7"):  # without effect: what is seen is what luck gives
        assert noisy[key]["mu_star"]["value"] == pytest.approx(noisy[key]["mu_star_of_luck"], rel=0.4)


def test_pawn_tells_keys_from_a_dummy_and_swings_have_their_sign():
    problem, rng = problem_of([[0, 1]] * 6), np.random.default_rng(4)
    X = latin.sample(problem, 600, seed=1)
    p = 0.2 + 0.5 * X[:, 0] - 0.15 * X[:, 1]
    found = analyse("pawn", problem["names"], X, simulated(p, rng, True), 1)["keys"]
    assert list(found)[:2] == ["x0", "x1"]
    assert found["x1"]["pawn"]["low"] > found["x1"]["pawn_of_a_dummy"]
    assert max(found[f"x{at}"]["pawn"]["value"] for at in range(2, 6)) < found["x1"]["pawn"]["value"]
    assert found["x0"]["at_high"]["low"] > found["x0"]["at_low"]["high"]
    assert found["x1"]["at_high"]["value"] < found["x1"]["at_low"]["value"]


# --- where -----------------------------------------------------------------------------------------


def test_a_known_box_is_found_with_what_it_holds():
    rng = np.random.default_rng(0)
    X, keys = rng.random((600, 5)), [f"x{at}" for at in range(5)]
    p = np.where((X[:, 0] > 0.6) & (X[:, 1] < 0.5), 0.7, 0.1)
    share = rng.binomial(100, p) / 100
    found = discover(keys, X, share, np.full(600, 100.0), 0.4, 1)
    (box,) = found["boxes"]
    assert set(box["limits"]) == {"x0", "x1"}
    assert box["limits"]["x0"]["low"] == pytest.approx(0.6, abs=0.05) and box["limits"]["x0"]["high"] is None
    assert box["limits"]["x1"]["high"] == pytest.approx(0.5, abs=0.05) and box["limits"]["x1"]["low"] is None
    assert box["limits"]["x0"]["qp_low"] < 0.001 and box["limits"]["x0"]["found_again"] == 1
    assert box["density"] > 0.9 and box["coverage"] > 0.9
    root = found["tree"]["root"]
    assert {root["key"], root["above"].get("key"), root["below"].get("key")} >= {"x0", "x1"}
    assert found["tree"]["explained_of_unseen"] > 0.9


def test_where_shares_hang_on_nothing_the_tree_explains_nothing():
    rng = np.random.default_rng(1)
    X = rng.random((300, 3))
    share = rng.binomial(50, 0.3, 300) / 50
    found = discover(["a", "b", "c"], X, share, np.full(300, 50.0), float(np.quantile(share, 0.75)), 1)
    assert found["tree"]["explained_of_unseen"] < 0.1
    assert all(min(limit["found_again"] for limit in box["limits"].values()) < 0.9 for box in found["boxes"])


# --- campaigns -------------------------------------------------------------------------------------

OVER = "over={rules.chi_war:[0,2],rules.kappa:[0,0.15],variant:[null,quiet]}"


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """A small campaign of each kind, made when it is first asked for."""

    class Places(dict):
        def __missing__(self, design):
            points = {"saltelli": 16, "morris": 10, "lhs": 110}[design]
            folder = tmp_path_factory.mktemp(design)
            made = campaign(folder, f"design={design}", f"points={points}", "runs=20", "horizon_weeks=12", OVER)
            make_all(made)
            gathered(made)
            self[design] = made
            return made

    return Places()


@pytest.mark.parametrize("design", ["saltelli", "morris", "lhs"])
def test_a_campaign_is_analysed_for_each_variant_and_written_whole(design, places, tmp_path, capsys):
    folder = places[design].folder.parents[1]
    assert main(["experiment=sensitivity", "name=first", f"output={folder}"]) == 0
    assert "luck of the runs" in capsys.readouterr().out
    (written,) = folder.glob("sensitivity-first-*")
    result = json.loads((written / "sensitivity.json").read_text(encoding="utf-8"))
    assert [group["given"] for group in result["groups"]] == [{"variant": None}, {"variant": "quiet"}]
    assert set(result["groups"][0]["targets"]) >= {"war", "nuclear_use", "force_KOR"}
    shown = [target for target, found in result["groups"][0]["targets"].items() if found["keys"]]
    assert (shown or design != "lhs") and all((written / f"tornado-{target}-0.png").exists() for target in shown)
    assert (written / "heatmap-0.svg").exists() == bool(shown)
    page = Page((written / "report.html").read_text(encoding="utf-8"))
    answers = " ".join(element.text for element in page.all("p"))
    assert all(f"{worded(target)[1:]} (variant=null) hangs most on" in answers for target in shown)
    assert len(page.all("img")) >= len(shown) and all(image.attributes["alt"] for image in page.all("img"))
    assert len(set(page.ids())) == len(page.ids())


def test_discovery_writes_boxes_and_a_tree(places, capsys):
    folder = places["lhs"].folder.parents[1]
    assert main(["experiment=discovery", "name=first", f"output={folder}", "target=war"]) == 0
    assert "coverage" in capsys.readouterr().out
    (written,) = folder.glob("discovery-first-*")
    result = json.loads((written / "discovery.json").read_text(encoding="utf-8"))
    assert result["threshold_is"] == "the upper quartile of the points"
    assert (written / "tree-0.txt").read_text(encoding="utf-8")
    page = Page((written / "report.html").read_text(encoding="utf-8"))
    boxes = sum(len(group.get("boxes", ())) for group in result["groups"])
    captions = [element.text for element in page.all("caption")]
    assert sum(caption.startswith("Box") for caption in captions) == boxes
    told = [group for group in result["groups"] if group["problem"] is None]
    assert sum(caption.startswith("Tree") for caption in captions) == len(told) > 0


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["experiment=sensitivity", "target=wra"], "did you mean 'war'?"),
        (["experiment=discovery", "target=[war,settled]"], "one outcome"),
        (["experiment=discovery", "threshold=0.999"], "is reached by"),
    ],
)
def test_what_cannot_be_analysed_is_refused(asked, said, places, capsys):
    folder = places["lhs"].folder.parents[1]
    assert main([*asked, "name=first", f"output={folder}"]) == 2
    assert said in capsys.readouterr().err


def test_a_campaign_that_is_not_gathered_or_too_small_is_refused(tmp_path):
    made = campaign(tmp_path)
    with pytest.raises(InputError, match="must be gathered first"):
        sensitivity(made, None)
    make_all(made)
    gathered(made)
    with pytest.raises(InputError, match="100 points or more"):
        sensitivity(made, None)
    with pytest.raises(InputError, match="50 points or more"):
        discovery(made, "use_of_force", 0.5)


def test_a_block_with_a_point_that_failed_is_left_out(places):
    made = places["saltelli"]
    file = made.folder / "points.parquet"
    before = file.read_bytes()
    table = pa.parquet.read_table(file)
    columns = {name: table.column(name).to_pylist() for name in table.column_names}
    for name in columns:
        if name.endswith("_count") or name == "war":
            columns[name][5] = None
    columns["failed"][5], columns["runs"][5] = "lost", 0
    try:
        pa.parquet.write_table(pa.table(columns, schema=table.schema), file)
        first, second = sensitivity(made, ("use_of_force",))["groups"]
        assert (first["points"], first["points_left_out"]) == (60, 4) and second["points_left_out"] == 0
        assert list(left_out(first)) == ["4 points are left out: they failed, or one of their block did"]
        file.write_bytes(file.read_bytes()[:-9])
        with pytest.raises(InputError, match="is damaged"):
            sensitivity(made, None)
    finally:
        file.write_bytes(before)


@pytest.mark.parametrize(("design", "said"), [("morris", "4 trajectories"), ("saltelli", "4 base points")])
def test_too_few_blocks_are_refused(design, said, tmp_path, monkeypatch):
    made = campaign(tmp_path, f"design={design}", "points=4", "runs=10", OVER)
    right = work.run_point
    monkeypatch.setattr(
        work,
        "run_point",
        lambda campaign, chunk, point, *rest: 1 / 0 if point == 5 else right(campaign, chunk, point, *rest),
    )
    make_all(made)
    gathered(made)
    with pytest.raises(InputError, match=rf"must have {said} or more .*\(it has 3\)"):
        sensitivity(made, None)


def index(value, low, high, **more):
    return {"value": value, "low": low, "high": high, **more}


@pytest.mark.parametrize(
    ("method", "row", "clear"),
    [
        ("sobol", {"total": index(0.5, 0.3, 0.7)}, True),
        ("sobol", {"total": index(0.1, -0.1, 0.3)}, False),
        ("morris", {"mu_star": index(0.2, 0.1, 0.3), "mu_star_of_luck": 0.05}, True),
        ("morris", {"mu_star": index(0.2, 0.1, 0.3), "mu_star_of_luck": 0.15}, False),
        ("pawn", {"pawn": index(0.5, 0.3, 0.7), "pawn_of_a_dummy": 0.2}, True),
        ("pawn", {"pawn": index(0.5, None, None), "pawn_of_a_dummy": 0.2}, False),
    ],
)
def test_a_key_stands_out_if_its_interval_lies_above_chance(method, row, clear):
    assert stands_out(method, row) is clear


def test_targets_are_named_in_words(places):
    table = pa.parquet.read_table(places["lhs"].folder / "points.parquet")
    assert targets(table, None)[:2] == ["war", "nuclear_use"]
    assert worded("force_KOR") == "KOR uses force" and worded("nuclear_use") == "nuclear use"
    assert worded("war") == "war"
