"""The ladder of escalation: rungs, domains, thresholds and crosswalks to other scales, as data.

A dyad stands on a kinetic rung from 0 to `Ladder.top`; nuclear use is an event, reported as the rung above.
What a rung means is read from `conf/ladder/*.yaml`, so a ladder of another length needs no change of code.

References
----------
Brecher, M., & Wilkenfeld, J. (2000). A Study of Crisis. Ann Arbor: University of Michigan Press.
Goldstein, J. S. (1992). A Conflict-Cooperation Scale for WEIS Events Data. Journal of Conflict Resolution
    36(2), 369-385.
Kahn, H. (1965). On Escalation: Metaphors and Scenarios. New York: Praeger.
Palmer, G., et al. (2022). The MID5 Dataset, 2011-2014: Procedures, coding rules, and description. Conflict
    Management and Peace Science 39(4), 470-482.
Rivera, J.-P., et al. (2024). Escalation Risks from Language Models in Military and Diplomatic
    Decision-Making. FAccT '24, 836-898.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

DOMAINS = ("diplomatic", "economic", "conventional", "cyber", "space", "nuclear")
THRESHOLDS = ("threat", "force", "lethal", "war")

_LADDER_KEYS = ("name", "thresholds", "rungs", "crosswalk")
_RUNG_KEYS = ("rung", "name", "title", "severity", "reversible", *DOMAINS)
_ALSO = "also"  # of a coarse rung: names of the finer rungs that it joins


@dataclass(frozen=True)
class Ladder:
    """A ladder of escalation (after Kahn 1965), its last rung the event of nuclear use.

    Every tuple has one entry per rung, nuclear use included.

    Attributes
    ----------
    name : str
        Name of the ladder.
    names, titles : tuple of str
        Short name (for columns of tables) and title (for people) of each rung.
    severity : tuple of float
        Harm of each rung on a scale of one's own, never falling. A convention without empirical basis.
    reversible : tuple of str
        How hard each rung is to undo, in words.
    acts : tuple of dict
        What each rung looks like in each of the six `DOMAINS`.
    threat, force, lethal, war : int
        Lowest rung at which force is threatened, used, kills, and is war.
    scales : tuple of dict
        Codes of each rung on other scales, by scale; empty where the ladder has no crosswalk.
    words : dict of int
        Rung by each word for one: the four thresholds, the names of rungs, and the names of the finer rungs
        that a coarse one joins. With words a scenario carries over from one ladder to another.
    """

    name: str
    names: tuple[str, ...]
    titles: tuple[str, ...]
    severity: tuple[float, ...]
    reversible: tuple[str, ...]
    acts: tuple[dict[str, str], ...]
    threat: int
    force: int
    lethal: int
    war: int
    scales: tuple[dict[str, Any], ...]
    words: dict[str, int]

    @property
    def use(self) -> int:
        """Rung reported after nuclear use, the last one."""
        return len(self.names) - 1

    @property
    def top(self) -> int:
        """Highest kinetic rung, the last one a dyad can stand on."""
        return self.use - 1

    def crosswalk(self, rung: int, scale: str) -> Any:
        """Codes of a rung on another scale, as the ladder's file gives them.

        Raises
        ------
        ValueError
            If the ladder has no such rung or scale.
        """
        if not 0 <= rung <= self.use:
            raise ValueError(f"ladder {self.name} has rungs 0 to {self.use}, not {rung}")
        if not self.scales:
            raise ValueError(f"ladder {self.name} has no crosswalk")
        codes = self.scales[rung]
        if scale not in codes:
            raise ValueError(f"ladder {self.name}: no scale {scale!r}{_nearest(scale, codes)}")
        return codes[scale]

    def to_mid(self, rung: int) -> tuple[int, ...]:
        """Hostility levels (1 none to 5 war) of Militarized Interstate Disputes, Palmer et al. (2022)."""
        return tuple(self.crosswalk(rung, "mid_hostility"))

    def to_icb(self, rung: int) -> tuple[int, ...]:
        """Violence (1 none to 4 full war) of International Crisis Behavior, Brecher & Wilkenfeld (2000)."""
        return tuple(self.crosswalk(rung, "icb_violence"))

    def to_goldstein(self, rung: int) -> tuple[float, float]:
        """Range of conflict and cooperation from -10 to 10, Goldstein (1992) carried over to CAMEO codes."""
        low, high = self.crosswalk(rung, "goldstein")
        return float(low), float(high)

    def to_kahn(self, rung: int) -> tuple[int, ...]:
        """Rungs of the ladder of 44, Kahn (1965)."""
        return tuple(self.crosswalk(rung, "kahn"))

    def to_rivera(self, rung: int) -> dict[str, float]:
        """Classes of action and their weights, Rivera et al. (2024)."""
        return dict(self.crosswalk(rung, "rivera"))


def from_mapping(mapping: Mapping[str, Any]) -> Ladder:
    """Build a ladder from the content of a file such as `conf/ladder/ten_rungs.yaml`.

    Parameters
    ----------
    mapping : mapping
        `name`, `thresholds`, `rungs` and, if wanted, `crosswalk`.

    Raises
    ------
    ValueError
        If a key is missing or unknown, rungs do not run 0, 1, 2 ... in order, names repeat, severity falls,
        or the thresholds do not rise strictly between rung 1 and the highest kinetic rung.
    """
    _check_keys("ladder", mapping, required=_LADDER_KEYS[:3], allowed=_LADDER_KEYS)
    name = str(mapping["name"])
    rungs: Sequence[Mapping[str, Any]] = mapping["rungs"]
    for entry in rungs:
        _check_keys(f"ladder {name}, rung {entry.get('rung')}", entry, _RUNG_KEYS, (*_RUNG_KEYS, _ALSO))
    _check_numbers(f"ladder {name}, rungs", rungs, range(len(rungs)))

    names = tuple(str(entry["name"]) for entry in rungs)
    if len(set(names)) < len(names):
        raise ValueError(f"ladder {name}: rung names repeat: {', '.join(names)}")
    severity = tuple(float(entry["severity"]) for entry in rungs)
    if not all(low <= high for low, high in pairwise(severity)):
        raise ValueError(f"ladder {name}: severity must never fall from a rung to the next, got {severity}")

    thresholds = _thresholds(name, mapping["thresholds"], top=len(rungs) - 2)
    return Ladder(
        name=name,
        names=names,
        titles=tuple(str(entry["title"]) for entry in rungs),
        severity=severity,
        reversible=tuple(str(entry["reversible"]) for entry in rungs),
        acts=tuple({domain: str(entry[domain]) for domain in DOMAINS} for entry in rungs),
        scales=_scales(name, mapping.get("crosswalk", ()), len(rungs)),
        words=_words(name, names, rungs, thresholds),
        **thresholds,
    )


def _words(
    name: str, names: Sequence[str], rungs: Sequence[Mapping[str, Any]], thresholds: Mapping[str, int]
) -> dict[str, int]:
    """Rung by word; a word means one rung only."""
    words = dict(thresholds)
    for rung, entry in enumerate(rungs):
        for word in (names[rung], *entry.get(_ALSO, ())):
            if words.setdefault(str(word), rung) != rung:
                raise ValueError(f"ladder {name}: {word!r} means both rung {words[word]} and rung {rung}")
    return words


def _thresholds(name: str, given: Mapping[str, Any], top: int) -> dict[str, int]:
    _check_keys(f"ladder {name}, thresholds", given, THRESHOLDS, THRESHOLDS)
    levels = {key: given[key] for key in THRESHOLDS}
    for key, level in levels.items():
        if type(level) is not int or not 1 <= level <= top:
            raise ValueError(f"ladder {name}: threshold {key} must be a kinetic rung from 1 to {top}, got {level!r}")
    if not all(low < high for low, high in pairwise(levels.values())):
        raise ValueError(f"ladder {name}: thresholds must rise, {' < '.join(THRESHOLDS)}, got {levels}")
    return levels


def _scales(name: str, entries: Sequence[Mapping[str, Any]], count: int) -> tuple[dict[str, Any], ...]:
    if not entries:
        return ()
    _check_numbers(f"ladder {name}, crosswalk", entries, range(count))
    for entry in entries:
        _check_keys(f"ladder {name}, crosswalk of rung {entry['rung']}", entry, entries[0], entries[0])
    return tuple({scale: codes for scale, codes in entry.items() if scale != "rung"} for entry in entries)


def _check_numbers(what: str, entries: Sequence[Mapping[str, Any]], wanted: range) -> None:
    numbers = [entry.get("rung") for entry in entries]
    if numbers != list(wanted):
        raise ValueError(f"{what} must be numbered {wanted.start} to {wanted.stop - 1} in order, got {numbers}")


def _check_keys(what: str, given: Mapping[str, Any], required: Iterable[str], allowed: Iterable[str]) -> None:
    missing = [key for key in required if key not in given]
    if missing:
        raise ValueError(f"{what}: missing {', '.join(missing)}")
    allowed = tuple(allowed)
    for key in given:
        if key not in allowed:
            raise ValueError(f"{what}: unknown key {key!r}{_nearest(key, allowed)}")


def _nearest(word: str, valid: Iterable[str]) -> str:
    valid = tuple(valid)
    near = difflib.get_close_matches(word, valid, n=3) or valid
    return f" (nearest: {', '.join(near)})"
