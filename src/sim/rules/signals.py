"""Signals: what a state says beyond where it stands, and what that costs.

Cheap talk costs every type the same, so that it moves beliefs only as far as types differ in sending it;
a costly signal ties hands (an audience will punish a retreat) or sinks cost (Fearon 1994, 1997; Spence 1973).
"""

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.world import Records


@compiled
def signal_utility(
    rules: Records,
    resolve: float,
    contested: float,
    retreat: float,
    open_to: int,
    risk: float,
    utility: NDArray[np.float64],
) -> None:
    """Fill the utility of each `Signal` for a type of some resolve, logit units.

    ``U(protest) = talk contested``, ``U(commitment) = gain rho contested - retreat``,
    ``U(mobilisation), U(deployment) = gain rho contested - sunk (1 + risk)``; silence is 0. A commitment costs the type
    that may retreat, what sinks cost costs every type, and all three pay the resolved most.

    Parameters
    ----------
    resolve : float
        rho, logit units.
    contested : float
        Share of what is contested that the state does not have yet, 0..1.
    retreat : float
        Expected audience cost of not living up to the commitment, logit units.
    open_to : int
        Bit mask of the signals that can be sent.
    risk : float
        Risk aversion of the state.
    utility : (5,) array
        Filled.
    """
    gain = rules.signal_gain * resolve * contested
    mobilise, deploy = gain - rules.mobilisation_cost * (1.0 + risk), gain - rules.deployment_cost * (1.0 + risk)
    worth = (0.0, rules.signal_talk * contested, gain - retreat, mobilise, deploy)  # in the order of Signal
    for s in range(utility.shape[0]):
        utility[s] = worth[s] if s == 0 or (open_to >> s) & 1 == 1 else -1e9  # never


@compiled
def reserves(rules: Records, personnel: float, people: float) -> float:
    """Growth of land power by full mobilisation, 0 .. mobilisation_gain.

    `personnel` is the active force and `people` the population, both in thousands: a state that already has
    its men under arms has little left to call up.
    """
    depth = rules.mobilisation_depth * people / max(personnel, 1e-9) - 1.0
    return float(rules.mobilisation_gain * min(max(depth, 0.0), 1.0))
