"""What theory says and the model must show rather than assume, on pairs of runs; and what it does not show."""

import pytest

from claims import CLAIMS, PAIRS, find

SMALL = 0.02  # beyond which what is said not to show would show


@pytest.mark.slow
@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_claim(claim):
    found = find(claim, PAIRS)
    if claim.shows:
        assert found.shows(claim.sign), found
    else:
        assert -SMALL < found.low <= found.high < SMALL, found
