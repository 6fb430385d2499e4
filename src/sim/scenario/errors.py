"""What is said when an input is refused: one error, one paragraph, with the nearest valid name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

# What people write for a state, in capitals and without spaces or dots: names, common short forms, the
# abbreviations of the Correlates of War (UKG) and of the Olympics (GER), two-letter codes.
_NAMES = {
    "KOR": "ROK SOUTHKOREA REPUBLICOFKOREA KOREA SKOREA KR",
    "PRK": "DPRK NORTHKOREA NKOREA KP",
    "RUS": "RUSSIA RUSSIANFEDERATION USSR SOVIETUNION SUN RU RF",
    "USA": "US UNITEDSTATES UNITEDSTATESOFAMERICA AMERICA",
    "GBR": "UK BRITAIN GREATBRITAIN UNITEDKINGDOM ENGLAND UKG GB",
    "CHN": "CHINA PRC CN",
    "TWN": "TAIWAN ROC TAW TPE TW",
    "JPN": "JAPAN JAP JP",
    "UKR": "UKRAINE UA",
    "AUS": "AUSTRALIA AUL AU",
    "IND": "INDIA IN",
    "PAK": "PAKISTAN PK",
    "PHL": "PHILIPPINES PHI PH",
    "FRA": "FRANCE FRN FR",
    "DEU": "GERMANY GER GMY GFR BRD DE",
    "POL": "POLAND PL",
    "IRN": "IRAN IRI IR",
    "VNM": "VIETNAM VIE DRV VN",
}
COMMON_NAMES = {name: code for code, names in _NAMES.items() for name in names.split()}

_SHOWN = 20  # names shown before a list is cut short


class InputError(ValueError):
    """An input that is refused, with all that is needed to mend it.

    Parameters
    ----------
    problem : str
        What is wrong, without key and place: "unknown value 'korea_strik'".
    key : str
        Dotted key of the offending value.
    value : object
        The value itself.
    allowed : iterable of str
        Names that would do; empty where `problem` says what is allowed.
    nearest : str, optional
        The one that was probably meant.
    where : str
        File and line, or file, or empty.
    """

    def __init__(
        self,
        problem: str,
        *,
        key: str = "",
        value: object = None,
        allowed: Iterable[str] = (),
        nearest: str | None = None,
        where: str = "",
    ) -> None:
        super().__init__(problem)
        self.problem = " ".join(problem.split())
        self.key = key
        self.value = value
        self.allowed = tuple(allowed)
        self.nearest = nearest
        self.where = where

    def __str__(self) -> str:
        """One paragraph: where, key, what is wrong, what is allowed, what was probably meant."""
        text = ": ".join(part for part in (self.where, self.key, self.problem) if part)
        if self.allowed:
            text += f"; allowed: {_listed(self.allowed, self.value)}"
        if self.nearest is not None:
            sure = _meant(self.value) == self.nearest
            text += f"; use {self.nearest}" if sure else f"; did you mean {self.nearest!r}?"
        return text

    def within(self, prefix: str, where: str = "") -> InputError:
        """Return the same error seen from further out: the key prefixed, the place filled in."""
        return InputError(
            self.problem,
            key=dotted(prefix, self.key),
            value=self.value,
            allowed=self.allowed,
            nearest=self.nearest,
            where=self.where or where,
        )


class UnfinishedError(Exception):
    """Work that stopped before its end, with what was done kept; the text says how to go on.

    Parameters
    ----------
    text : str
        What is said.
    code : int
        Exit code: 1 where the machine failed, 130 for Ctrl-C.
    """

    def __init__(self, text: str, code: int) -> None:
        super().__init__(text)
        self.code = code


def unknown(key: str, value: object, allowed: Iterable[str], where: str = "", what: str = "value") -> InputError:
    """Return the error for a name that is none of those allowed, with the nearest of them."""
    names = tuple(allowed)
    return InputError(
        f"unknown {what} {_short(value)}",
        key=key,
        value=value,
        allowed=names,
        nearest=_nearest(value, names),
        where=where,
    )


def wrong(key: str, value: object, expected: str, where: str = "") -> InputError:
    """Return the error for a value of the wrong kind or size; `expected` says what would do."""
    problem = f"{_short(value)} is not allowed; allowed: {expected}"
    return InputError(problem, key=key, value=value, where=where)


def require_member(key: str, value: object, allowed: Iterable[str], where: str = "") -> None:
    """Refuse a value that is none of the names allowed."""
    names = tuple(allowed)
    if value not in names:
        raise unknown(key, value, names, where)


def dotted(*parts: object) -> str:
    """Join the parts of a key with dots, leaving out empty ones."""
    return ".".join(str(part) for part in parts if str(part))


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 90 else f"{text[:80]}...{text[-1]}"


def _nearest(value: object, names: tuple[str, ...]) -> str | None:
    code = _meant(value)
    if code in names:
        return code
    text = str(value)
    folded = {name.lower(): name for name in reversed(names)}
    found = difflib.get_close_matches(text.lower(), folded, n=1)
    return folded[found[0]] if found else None


def _meant(value: object) -> str | None:
    """Return the code of a state that goes by a common name."""
    return COMMON_NAMES.get("".join(letter for letter in str(value).upper() if letter.isalpha()))


def _listed(names: tuple[str, ...], value: object) -> str:
    """Names in their order, or the likeliest of a long list."""
    if len(names) <= _SHOWN:
        return ", ".join(names)
    text = str(value).lower()
    likely = sorted(names, key=lambda name: -difflib.SequenceMatcher(None, name.lower(), text).ratio())
    return f"{', '.join(likely[:_SHOWN])}, ... ({len(names)} in all)"
