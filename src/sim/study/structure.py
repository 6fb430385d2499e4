"""The same scenario under every decision theory, on the same draws: how far results hang on the choice of one."""

from __future__ import annotations

from typing import Any

from sim.batch import Tasks, simulate, untold
from sim.codes import THEORIES
from sim.display import shown
from sim.estimate import Proportion
from sim.scenario.schema import Scenario, titled

OUTCOMES = ("use_of_force", "war", "nuclear_use", "settled")


class Structure(dict[str, Any]):
    """The result as plain values, by name; Jupyter shows the band."""

    def _repr_html_(self) -> str:
        """Show in Jupyter the shares of outcomes under each theory."""
        return shown(
            str(titled(self["scenario"], self["variant"])),
            "under each decision theory.",
            f"{self['runs']:,} runs under each theory, seed {self['seed']}, with the same draws. From the lowest share "
            "to the highest is what the choice of a theory leaves open; 95 % intervals are Monte Carlo only. Not a "
            "forecast.",
            ("outcome", *self["theories"]),
            [
                (name.replace("_", " "), *(str(Proportion(**share)) for share in band["by_theory"].values()))
                for name, band in self["outcomes"].items()
            ],
        )


def structure(
    scenario: Scenario, runs: int = 1000, seed: int = 1, threads: int | None = None, progress: Tasks = untold
) -> Structure:
    """Run a scenario with each theory for all states, whatever theories it names itself.

    Draws are addressed, so that run n has the same parameters, resolve and tastes under every theory.

    Returns
    -------
    Structure
        A dict: `outcomes`, `at_least` (a row a rung) and `participation` (by state: `uses_force`, `at_war`). Each
        outcome has its share with a 95 % interval under each theory (`by_theory`), and the names of the `lowest` and
        `highest`.
    """
    found = {}
    for theory in THEORIES:
        alike = scenario.model_copy(update={"theories": dict.fromkeys(scenario.world.states, theory)})
        found[theory] = simulate(alike, runs, seed, threads, progress=progress(theory, runs)).summary()
    any_one = found["quantal"]

    def band(*path: Any) -> dict[str, Any]:
        return _band({theory: _at(summary, path) for theory, summary in found.items()})

    return Structure(
        {
            "scenario": scenario.name,
            "variant": scenario.variant,
            "title": scenario.title,
            "horizon_weeks": scenario.horizon_weeks,
            "runs": runs,
            "seed": seed,
            "theories": dict(THEORIES),
            "given_rung": any_one["given_rung"],
            "outcomes": {name: band("probabilities", name) for name in OUTCOMES},
            "at_least": [
                {"rung": row["rung"], "name": row["name"], **band("rungs", row["rung"], "at_least")}
                for row in any_one["rungs"]
            ],
            "participation": {
                code: {
                    "name": row["name"],
                    **{part: band("participation", code, part) for part in ("uses_force", "at_war")},
                }
                for code, row in any_one["participation"].items()
            },
        }
    )


def _at(tree: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        tree = tree[key]
    return tree


def _band(shares: dict[str, dict[str, float]]) -> dict[str, Any]:
    def share(theory: str) -> float:
        return shares[theory]["share"]

    return {"by_theory": shares, "lowest": min(shares, key=share), "highest": max(shares, key=share)}
