"""Allies at risk are who they should be, and the rates of joining are those known of the published data."""

import numpy as np
import pytest
from published import write as write_published
from research import needs_data
from small import write

from sim.history.folds import folds
from sim.history.joining import COVARIATES, ally_disputes, out_of_sample, rate
from sim.history.scores import auc, log_score

# dyad-years of defence: who owes it, to whom
PACTS = [(710, 365), (200, 365), (220, 365), (2, 365), (740, 365), (220, 2), (710, 2)]


@pytest.fixture
def rows(tmp_path):
    """USA against Russia, where China (owing both) joins Russia, Britain joins Russia and Japan joins USA."""
    header = "ddyad,stateA,stateB,year,atopally,defense,offense,neutral,nonagg,consul\n"
    pacts = [*((a, b, 1950) for a, b in PACTS), (2, 200, 2018)]
    atop = header + "".join(f"1,{a},{b},{year},1,1,0,0,0,0\n" for a, b, year in pacts)
    midb = (
        "dispnum,ccode,stday,stmon,styear,sidea,revstate,hostlev,orig,version\n"
        "1,2,2,3,1950,1,1,3,1,5\n1,365,2,3,1950,0,0,1,1,5\n"
        "1,710,9,3,1950,0,0,3,0,5\n1,200,9,3,1950,0,0,3,0,5\n1,200,20,3,1950,0,0,4,0,5\n1,740,9,3,1950,1,0,3,0,5\n"
        "2,365,1,5,1950,1,1,4,1,5\n2,200,1,5,1950,0,0,4,1,5\n"
    )
    return ally_disputes(write(tmp_path, atop5_1ddyr=atop, MIDB=midb)).set_index(["dispute", "ally"])


def test_at_risk_is_who_owes_the_target_and_not_the_initiator(rows):
    # Russia is the target of the first dispute; USA is the initiator; France and China owe both
    assert rows.index.tolist() == [(1, 200), (1, 740)]
    assert rows.loc[(1, 200), ["joined", "level", "against"]].tolist() == [1, 4, 0]
    assert rows.loc[(1, 740), ["joined", "level", "against"]].tolist() == [0, 0, 1]


def test_covariates_are_those_of_the_year(rows):
    britain = rows.loc[(1, 200)]
    assert britain["ally_major"] == britain["initiator_major"] == britain["initiator_nuclear"] == 1
    assert britain["ally_capability"] == pytest.approx(np.log(0.05))
    assert britain["advantage"] == pytest.approx(np.log(0.3 / 0.1))
    assert britain["protectors"] == pytest.approx(np.log(2))
    # disputes of the same year are not yet known
    assert britain["ally_fought_initiator"] == britain["ally_fought_beside_target"] == 0


def test_a_rate_has_the_wilson_interval():
    joined = np.repeat([1, 0], [3, 97])
    found = rate(joined, np.arange(100))
    assert (found.count, found.n, found.share) == (3, 100, 0.03)
    assert (found.low, found.high) == pytest.approx((0.01025, 0.08452), abs=1e-4)


def test_rows_of_one_dispute_widen_the_other_interval():
    joined = np.repeat([1, 0], [30, 970])
    alone, together = rate(joined, np.arange(1000)), rate(joined, np.arange(1000) // 30)
    assert together.cluster_high - together.cluster_low > 2 * (alone.cluster_high - alone.cluster_low)


@needs_data
def test_rates_on_the_published_data(tmp_path):
    rows = ally_disputes(write_published(tmp_path))
    early, late = rows[rows["year"] <= 1945], rows[rows["year"] > 1945]
    assert (early["joined"].sum(), len(early)) == (40, 663)
    assert (late["joined"].sum(), len(late), late["dispute"].nunique()) == (36, 11046, 885)
    assert (late["against"].sum(), (late["level"] >= 4).sum()) == (18, 8)
    assert rows[list(COVARIATES)].notna().all(axis=None)

    division = folds(late["dispute"].to_numpy(dtype=int), 10)[0]
    logit, base = out_of_sample(late, division)
    joined = late["joined"].to_numpy(dtype=int)
    assert log_score(logit, joined).mean() == pytest.approx(0.0179, abs=0.0003)
    assert log_score(base, joined).mean() == pytest.approx(0.0220, abs=0.0003)
    assert auc(logit, joined, 1) > 0.85
