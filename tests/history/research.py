"""Where the research data lie, which are no part of the project: tests that need them are skipped without."""

import os
from pathlib import Path

import pytest

_BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data"
FOLDER = Path(os.environ.get("SIM_RESEARCH_DATA", _BESIDE))

needs_data = pytest.mark.skipif(not (FOLDER / "crises_train.csv").exists(), reason="the research data are not here")
