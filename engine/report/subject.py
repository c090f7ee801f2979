"""Whom a report is about: pupils and their top-ups, or schools and what the formula brings them."""

from typing import NamedTuple

from engine.candidates import BlockRun


class Subject(NamedTuple):
    """The words for those who are counted.

    one, several  a single one, and several; ``who`` is the word after them
    pays          what rules do for them
    of_area       whose an area's are
    amount        what each of them has
    kinds         the groups, beside areas, by which winners and losers are shown, with their words
    """

    one: str
    several: str
    who: str
    pays: str
    of_area: str
    amount: str
    kinds: tuple[tuple[str, str], ...]


PUPILS = Subject(
    "pupil", "pupils", "who", "pays", "An area's pupils are those whom its authorities commission.", "amount",
    (("need", "Type of need"), ("setting", "Setting")),
)  # fmt: skip
_OF_AREA = "An area's schools are those that its authorities fund."
_KINDS = (("school_phase", "Phase"),)
BUDGETS = Subject("school", "schools", "that", "brings", _OF_AREA, "notional SEN budget", _KINDS)
FUNDING = Subject("school", "schools", "that", "brings", _OF_AREA, "formula funding", _KINDS)


def subject_of(run: BlockRun) -> Subject:
    """Return whom a run of candidates is about."""
    if not run.of_schools:
        return PUPILS
    return FUNDING if run.measure_name == "formula" else BUDGETS
