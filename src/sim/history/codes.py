"""Numbers of states and codes of crises, as the Correlates of War and the ICB project give them."""

from typing import Final

# Correlates of War, State System Membership v2016.
_STATES = """
    2 20 31 40 41 42 51 52 53 54 55 56 57 58 60 70 80 90 91 92 93 94 95 100 101 110 115 130 135 140 145 150 155 160
    165 200 205 210 211 212 220 221 223 225 230 232 235 240 245 255 260 265 267 269 271 273 275 280 290 300 305 310
    315 316 317 325 327 329 331 332 335 337 338 339 341 343 344 345 346 347 349 350 352 355 359 360 365 366 367 368
    369 370 371 372 373 375 380 385 390 395 402 403 404 411 420 432 433 434 435 436 437 438 439 450 451 452 461 471
    475 481 482 483 484 490 500 501 510 511 516 517 520 522 530 531 540 541 551 552 553 560 565 570 571 572 580 581
    590 591 600 615 616 620 625 626 630 640 645 651 652 660 663 666 670 678 679 680 690 692 694 696 698 700 701 702
    703 704 705 710 712 713 730 731 732 740 750 760 770 771 775 780 781 790 800 811 812 816 817 820 830 835 840 850
    860 900 910 920 935 940 946 947 950 955 970 983 986 987 990
"""
STATES: Final = frozenset(map(int, _STATES.split()))

# Actors of ICB crises that were no members of the state system: Vichy France, Hijaz, Najd.
ICB_STATES: Final = STATES | {219, 671, 672}

# ICB names these as triggering entities: internal actors, more than one state, non-state actors.
ICB_NO_STATE: Final = frozenset(range(993, 1000))

VIOLENCE: Final = ("none", "minor", "serious", "war")

# ICB trigger types: 1 verbal, 2 political, 3 economic, 4 external change, 5 other non-violent, 6 internal
# challenge, 7 non-violent military, 8 indirect violent, 9 violent.
VIOLENT_TRIGGERS: Final = (8, 9)

# Major powers: first and last year of each spell (Correlates of War, Major Powers v2016; the last are open).
MAJORS: Final = (
    (2, 1898, 9999),
    (200, 1816, 9999),
    (220, 1816, 1940),
    (220, 1945, 9999),
    (255, 1816, 1918),
    (255, 1925, 1945),
    (255, 1991, 9999),
    (300, 1816, 1918),
    (325, 1860, 1943),
    (365, 1816, 1917),
    (365, 1922, 9999),
    (710, 1950, 9999),
    (740, 1895, 1945),
    (740, 1991, 9999),
)

# First and last year with nuclear weapons, open where still held. Sources differ by a few years on Israel, India
# and Pakistan (Jo & Gartzke 2007; Bleek 2017).
NUCLEAR: Final = {
    2: (1945, 9999),
    365: (1949, 9999),
    200: (1952, 9999),
    220: (1960, 9999),
    710: (1964, 9999),
    666: (1967, 9999),
    560: (1979, 1991),
    750: (1987, 9999),
    770: (1987, 9999),
    731: (2006, 9999),
}


def is_major(state: int, year: int) -> bool:
    """Whether a state was a major power in a year, or in part of it."""
    return any(code == state and first <= year <= last for code, first, last in MAJORS)


def is_nuclear(state: int, year: int) -> bool:
    """Whether a state had nuclear weapons in a year."""
    first, last = NUCLEAR.get(state, (1, 0))
    return first <= year <= last
