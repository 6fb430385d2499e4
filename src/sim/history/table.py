"""The table of crises: one row a crisis, read and checked; what may be known at the trigger is declared here.

A column belongs to one of three classes. Those of `KNOWN_AT_TRIGGER` may be used to predict. `OUTCOMES` are
what is to be predicted, or came with it. `SEEN_LATER` rest on the list of a crisis's actors, which contains
states that joined after the trigger: a prediction that used them would use part of the outcome.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.history.codes import ICB_STATES, VIOLENT_TRIGGERS
from sim.scenario.errors import InputError, unknown, wrong

KNOWN_AT_TRIGGER: Final = (
    "crisno",
    "crisname",
    "year",
    "trigger_date",
    "trig_month",
    "trig_day",
    "initiator_cow",
    "target_cow",
    "trigger_type",
    "trigger_label",
    "gravity",  # as perceived by the state that saw most at stake
    "gravity_label",
    "protracted",
    "pc_id",
    "pc_name",
    "intrawar",
    "period",
    "geog",
    "nuc_initiator",
    "nuc_target",
    "cinc_initiator",
    "cinc_target",
    "strong_share_principals",
    "alliance_year_used",
    "joint_dem_polity",
    "joint_dem_vdem",
    "contig_principals",
    "rivals_principals",
)
SEEN_LATER: Final = (
    "n_crisis_actors",
    "actors_cow",
    "actor_names",
    "adversary_edges",
    "side1_cow",
    "side2_cow",
    "unassigned_actors_cow",
    "edge_conflicts",
    "system_level",
    "powdissy",
    "us_is_actor",
    "su_is_actor",
    "nuclear_actors",
    "any_nuclear_actor",
    "nuc_side1",
    "nuc_side2",
    "nuc_both_sides",
    "cinc_side1",
    "cinc_side2",
    "n_missing_cinc",
    "defence_pacts_among",
    "defence_pacts_across_sides",  # what concerns the two principals alone is known
    "ext_pact_major_side1",
    "ext_pact_major_side2",
    "n_ext_pact_side1",
    "n_ext_pact_side2",
)
OUTCOMES: Final = (
    "violence_1to4",
    "severity_used_1to4",
    "termination_date",
    "duration_days",
    "crisis_mgmt",
    "centrality_violence",
    "timing_violence",
    "outcome_form",
    "escalation_reduction",
    "us_involvement",
    "su_involvement",
    "mediation",
)

# Without these nothing can be scored; all others are read where they stand.
REQUIRED: Final = (
    "crisno",
    "crisname",
    "year",
    "initiator_cow",
    "target_cow",
    "violence_1to4",
    "severity_used_1to4",
    "trigger_type",
    "gravity",
    "pc_id",
    "intrawar",
    "nuc_initiator",
    "nuc_target",
    "cinc_initiator",
    "cinc_target",
    "strong_share_principals",
    "defence_pacts_across_sides",
    "joint_dem_polity",
    "joint_dem_vdem",
    "contig_principals",
    "rivals_principals",
    "usable_dyad_notintrawar",
)

# Columns of codes, with the codes there are. A blank is allowed: what is not known is not usable.
CODES: Final = {
    "violence_1to4": range(1, 5),
    "severity_used_1to4": range(1, 5),
    "trigger_type": range(1, 10),
    "gravity": range(0, 8),
    "usable_dyad_notintrawar": range(0, 2),
    "nuc_initiator": range(0, 2),
    "nuc_target": range(0, 2),
    "joint_dem_polity": range(0, 2),
    "joint_dem_vdem": range(0, 2),
    "contig_principals": range(0, 6),
    "rivals_principals": range(0, 2),
}
_NUMBERS = ("year", "pc_id", "intrawar", "cinc_initiator", "cinc_target", "strong_share_principals")
_STATES = (
    "actors_cow",
    "adversary_edges",
    "initiator_cow",
    "target_cow",
    "side1_cow",
    "side2_cow",
    "unassigned_actors_cow",
    "nuclear_actors",
    "defence_pacts_among",
    "defence_pacts_across_sides",
    "ext_pact_major_side1",
    "ext_pact_major_side2",
)
_LISTS = tuple(name for name in _STATES if name not in ("initiator_cow", "target_cow"))

Outcome = Literal["violence", "severity"]
_OUTCOME_COLUMNS: Final = {"violence": "violence_1to4", "severity": "severity_used_1to4"}


def read_crises(path: Path | str) -> pd.DataFrame:
    """Return the table of crises that a CSV file holds, checked.

    Numbers of states are whole numbers with blanks for none (`Int64`), lists of states stay text
    (``"2 365"``, ``"2>365 365>2"``, ``"2-200"``) and blank ones are empty; rows keep the file's order.

    Raises
    ------
    InputError
        If the file cannot be read, a column is missing, a code does not exist, or a crisis is given twice.
    """
    where = str(path)
    try:
        table = pd.read_csv(path, dtype=dict.fromkeys(_LISTS, str), encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(f"cannot be read as a comma-separated table: {error}", where=where) from None
    require_columns(table, REQUIRED, where)
    for name in ("crisno", "initiator_cow", "target_cow", *CODES, *_NUMBERS):
        table[name] = numbers(table, name, where)
    for name, codes in CODES.items():
        require_codes(table, name, codes, where)
    lists = [name for name in _LISTS if name in table]
    table[lists] = table[lists].fillna("")
    _require_states(table, where)
    _require_distinct(table, where)
    for name in ("initiator_cow", "target_cow"):
        table[name] = table[name].astype("Int64")
    return table.astype({"crisno": "int64"})


def usable(table: pd.DataFrame) -> pd.DataFrame:
    """Rows fit for the back-test: two principals, coded violence, and no crisis within a war."""
    return table[table["usable_dyad_notintrawar"] == 1]


def after_1945(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of crises triggered after the end of 1945."""
    return table[table["year"] > 1945]


def since(table: pd.DataFrame, year: int) -> pd.DataFrame:
    """Rows of crises triggered in a year or later, numbered anew.

    Raises
    ------
    InputError
        If there are none.
    """
    rows = table[table["year"] >= year].reset_index(drop=True)
    if rows.empty:
        raise wrong("since", year, f"a year up to {table['year'].max():.0f}, that of the last crisis")
    return rows


def violent_trigger(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether a crisis was triggered by violence (trigger types 8 and 9), shape (n,)."""
    return table["trigger_type"].isin(VIOLENT_TRIGGERS).to_numpy(dtype=bool)


def observed(table: pd.DataFrame, outcome: Outcome = "violence") -> NDArray[np.int64]:
    """What happened: 0 none, 1 minor, 2 serious, 3 war; shape (n,).

    ``"violence"`` is the headline outcome; ``"severity"`` counts only violence used as a means of managing
    the crisis.

    Raises
    ------
    InputError
        If a row has no outcome; keep those that are `usable`.
    """
    if outcome not in _OUTCOME_COLUMNS:
        raise unknown("outcome", outcome, _OUTCOME_COLUMNS)
    column = _OUTCOME_COLUMNS[outcome]
    blank = table[table[column].isna()]
    if len(blank):
        raise InputError(f"crisis {blank['crisno'].iloc[0]} has no outcome; keep usable(table)", key=column)
    return table[column].to_numpy(dtype=np.int64) - 1


def groups(table: pd.DataFrame) -> NDArray[np.int64]:
    """Return a number for each crisis, the same for those of one protracted conflict; shape (n,).

    Crises of no protracted conflict (`pc_id` blank or 0) stand each for itself, with a negative number.
    """
    conflict = table["pc_id"].fillna(0).to_numpy(dtype=np.int64)
    return np.where(conflict > 0, conflict, -table["crisno"].to_numpy(dtype=np.int64))


def require_columns(table: pd.DataFrame, names: tuple[str, ...], where: str) -> None:
    """Refuse a table that lacks one of the columns named, with the nearest of those it has.

    Raises
    ------
    InputError
    """
    for name in names:
        if name not in table.columns:
            nearest = unknown("", name, map(str, table.columns)).nearest
            problem = f"column {name!r} is missing"
            raise InputError(problem, key=name, value=name, allowed=(), nearest=nearest, where=where)


def numbers(table: pd.DataFrame, name: str, where: str) -> pd.Series[float]:
    """Return a column as numbers, NaN where blank.

    Raises
    ------
    InputError
        Naming the first cell that is no number.
    """
    values = pd.to_numeric(table[name], errors="coerce").astype(float)
    wrong_cells = (values.isna() & table[name].notna()) | np.isinf(values)
    if wrong_cells.any():
        _refuse_cell(table, name, wrong_cells, "a number, or blank", where)
    return values


def require_codes(table: pd.DataFrame, name: str, codes: range | frozenset[int], where: str) -> None:
    """Refuse a column with a code that does not exist; blanks are allowed.

    Raises
    ------
    InputError
        Naming the first such cell and its line.
    """
    wrong_cells = table[name].notna() & ~table[name].isin(codes)
    if wrong_cells.any():
        span = f"a code of {codes[0]} to {codes[-1]}" if isinstance(codes, range) else "a COW state number"
        _refuse_cell(table, name, wrong_cells, f"{span}, or blank", where)


def _require_states(table: pd.DataFrame, where: str) -> None:
    for name in _STATES:
        if name not in table:
            continue
        texts = table[name].map(lambda cell: "" if pd.isna(cell) else str(cell).removesuffix(".0"))
        wrong_cells = ~texts.map(_all_states)
        if wrong_cells.any():
            _refuse_cell(table, name, wrong_cells, "COW state numbers, such as 2 or 365", where)


def _all_states(text: str) -> bool:
    parts = re.split(r"[ >-]+", text)
    return not text or all(part.isdecimal() and int(part) in ICB_STATES for part in parts)


def _require_distinct(table: pd.DataFrame, where: str) -> None:
    if table["crisno"].isna().any():
        _refuse_cell(table, "crisno", table["crisno"].isna(), "the number of a crisis", where)
    twice = table["crisno"].duplicated()
    if twice.any():
        raise InputError(f"crisis {table['crisno'][twice].iloc[0]:.0f} is given twice", key="crisno", where=where)


def _refuse_cell(table: pd.DataFrame, name: str, wrong_cells: pd.Series[bool], expected: str, where: str) -> None:
    row = int(np.flatnonzero(wrong_cells)[0])
    value = table[name].iloc[row]
    raise wrong(name, value.item() if hasattr(value, "item") else value, expected, f"{where}:{row + 2}")
