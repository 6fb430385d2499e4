"""From the highest rung of a run to what coders make of it: P(violence coded | peak rung)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.history.codes import VIOLENCE
from sim.history.parameters import Observation
from sim.ladder import Ladder


def observation_matrix(observation: Observation, ladder: Ladder) -> NDArray[np.float64]:
    """P(violence coded | peak rung), shape (rungs, 4), at the centre of its ranges.

    Below force nothing is coded, from there to the lethal rung no violence or minor clashes, then minor or
    serious clashes, then serious clashes or war, above the first rung of war only war. Rows rise: a higher
    rung is never coded as less violent in distribution (crosswalk of the ladder's file: 5 -> 1-2, 6 -> 2-3,
    7 -> 3-4). A share is coded by something else than the highest rung: by any class alike.
    """
    minor, serious, war = (
        getattr(observation, name).centre for name in ("minor_at_force", "serious_at_lethal", "war_at_war")
    )
    rungs = np.arange(ladder.use + 1)
    matrix = np.zeros((rungs.size, len(VIOLENCE)))
    matrix[rungs < ladder.force] = (1, 0, 0, 0)
    matrix[(rungs >= ladder.force) & (rungs < ladder.lethal)] = (1 - minor, minor, 0, 0)
    matrix[(rungs >= ladder.lethal) & (rungs < ladder.war)] = (0, 1 - serious, serious, 0)
    matrix[rungs == ladder.war] = (0, 0, 1 - war, war)
    matrix[rungs > ladder.war] = (0, 0, 0, 1)
    slips = observation.miscoded.centre
    return (1.0 - slips) * matrix + slips / len(VIOLENCE)


def outcome_counts(rungs: NDArray[np.int64], matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Expected number of runs coded none, minor, serious, war: counts by rung (n, rungs) -> (n, 4)."""
    counts: NDArray[np.float64] = (rungs[:, :, None] * matrix).sum(axis=1)  # a product by BLAS rounds by its shape
    return counts
