"""How far crises and disputes of the past came: counts, as facts without a file.

They are of all crises and disputes of their time, and no forecast of any one. Own counts from the data as published, in
the classes of their makers. Crises that the back-test holds out are among them; they are counted and not looked at.

References
----------
Brecher, M., & Wilkenfeld, J. (2000). A Study of Crisis. Ann Arbor: University of Michigan Press. (International Crisis
    Behavior, release 13: VIOL, and TRIGGR.)
Palmer, G., McManus, R. W., D'Orazio, V., Kenwick, M. R., Karstens, M., Bloch, C., Dietrich, N., Kahn, K., Ritter, K., &
    Soules, M. J. (2022). The MID5 Dataset, 2011-2014: Procedures, coding rules, and description. Conflict Management
    and Peace Science, 39(4), 470-482. (Militarized Interstate Disputes 5.0: highest level of hostility.)
"""

from typing import Final, NamedTuple


class Violence(NamedTuple):
    """Crises by the violence that ICB codes (`sim.history.codes.VIOLENCE`)."""

    none: int
    minor: int
    serious: int
    war: int


class Hostility(NamedTuple):
    """Disputes by the highest level of hostility that MID codes."""

    threat: int
    display: int
    force: int
    war: int


# ICB crises that began after 1945: all of them; by whether the trigger was violent (`sim.history.codes`), of those of
# which it is coded.
CRISES: Final = Violence(99, 132, 102, 69)
CRISES_BY_TRIGGER: Final = {True: Violence(3, 74, 72, 50), False: Violence(96, 58, 30, 18)}
# MID disputes 1946-2014.
DISPUTES: Final = Hostility(36, 467, 1194, 29)
