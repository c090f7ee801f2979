"""The units of a formula's lines for one school: counted, blended, shared, or as given."""

from collections import Counter
from datetime import date
from fractions import Fraction

from tests.reference.numbers import given, millionths

STAGES = {"primary": range(7), "ks3": range(7, 10), "ks4": range(10, 12)}
OF_PHASE = {
    "primary": ("primary",),
    "ks3": ("ks3",),
    "ks4": ("ks4",),
    "secondary": ("ks3", "ks4"),
    "all": ("primary", "ks3", "ks4"),
    "all_through": ("primary", "ks3", "ks4"),
    "middle": ("primary", "ks3", "ks4"),
}
USUAL_YEARS = {"primary": (7, 0, 0), "secondary": (0, 3, 2), "all_through": (7, 3, 2)}
MAINSTREAM = ("primary", "secondary", "all_through", "middle")
APPLIES = {
    "primary": ("primary", "all_through", "middle"),
    "ks3": ("secondary", "all_through", "middle"),
    "ks4": ("secondary", "all_through"),
    "secondary": ("secondary", "all_through", "middle"),
    "middle": ("middle",),
    "all_through": ("all_through",),
    "all": MAINSTREAM,
}


def years_of(school: dict) -> tuple[int, int, int]:
    """Return a school's year groups of primary, key stage 3 and key stage 4; none where not known."""
    usual = USUAL_YEARS.get(school["phase"], (0, 0, 0))
    stated = (school.get("primary_years"), school.get("ks3_years"), school.get("ks4_years"))
    if school["phase"] == "middle" and None in stated[:2]:
        return (0, 0, 0)
    return tuple(
        own if own is not None else other for own, other in zip(stated, usual, strict=True)
    )


Conditions = tuple[tuple[str, object], ...]
"""What a pupil must hold to count, by column."""


class Roll:
    """A school's pupils, told apart by whichever columns a line reads."""

    def __init__(self, pupils: list[dict]) -> None:
        self.pupils = pupils
        self.told_apart: dict[tuple[str, ...], list[tuple[dict, int]]] = {}
        self.found: dict[tuple[str, Conditions], tuple[Counter[int], int]] = {}

    def alike(self, names: tuple[str, ...]) -> list[tuple[dict, int]]:
        """Return each combination of some columns' values with the number of pupils who have it."""
        if names not in self.told_apart:
            seen = Counter(tuple(pupil.get(name) for name in names) for pupil in self.pupils)
            self.told_apart[names] = [
                (dict(zip(names, values, strict=True)), number) for values, number in seen.items()
            ]
        return self.told_apart[names]

    def counting(self, phase: str, conditions: Conditions) -> tuple[Counter[int], int]:
        """Return how many pupils count by year group, and of how many it is not known whether they do.

        Many rule sets count the same pupils, so that a roll keeps what it has found.
        """
        if (phase, conditions) not in self.found:
            years, unknown = Counter[int](), 0
            for pupil, number in self.alike(("year_group", *(name for name, _ in conditions))):
                counts = counts_in(phase, conditions, pupil)
                if counts is None:
                    unknown += number
                elif counts:
                    years[pupil["year_group"]] += number
            self.found[phase, conditions] = years, unknown
        return self.found[phase, conditions]


def counts_in(phase: str, conditions: Conditions, pupil: dict) -> bool | None:
    """Return whether a pupil counts in a line, or None where it is not known."""
    year = pupil.get("year_group")
    answers = [None if year is None else any(year in STAGES[stage] for stage in OF_PHASE[phase])]
    for name, wanted in conditions:
        held = pupil.get(name)
        answers.append(None if held is None else held == wanted)
    if False in answers:
        return False
    return None if None in answers else True


def weight_of(line, year: int, day: date) -> Fraction:
    """Return the weight of a year group in a line."""
    weight = given(line.year_weights.get("year_reception" if year == 0 else f"year_{year}"), day)
    return Fraction(1) if weight is None else millionths(weight)


def counted(factor, phase: str, line, roll: Roll, day: date) -> tuple[Fraction, int]:
    """Return the units counted from pupils, and of how many it is not known whether they count."""
    conditions = tuple((name, one) for name, one in factor.where or () if one is not None)
    years, unknown = roll.counting(phase, conditions)
    units = sum((weight_of(line, year, day) * years[year] for year in years), Fraction(0))
    return units, unknown


def above_share(
    factor, phase: str, units: Fraction, unknown: int, roll: Roll, day: date
) -> tuple[Fraction, int]:
    """Return the units above the share of the phase's pupils that a factor leaves out.

    The pupils of the phase are those of the records whose year group is in it, each as
    one; where a year group is not known, neither is the share.
    """
    left_out = given(factor.only_above_percent, day)
    if left_out is None:
        return units, unknown
    of_phase = [year for stage in OF_PHASE[phase] for year in STAGES[stage]]
    years = [pupil.get("year_group") for pupil in roll.pupils]
    whole = sum(year in of_phase for year in years)
    above = max(millionths(units - whole * left_out / 100), Fraction(0))
    return above, max(unknown, years.count(None))


def is_shared(factor, phase: str, school: dict) -> bool:
    """Return whether a school shares a line that counts the school itself by its year groups."""
    kind, own = school["phase"], ("all", "all_through", "middle")
    return phase not in own and kind in own and getattr(factor, kind) is None


def school_share(factor, phase: str, school: dict) -> tuple[bool, Fraction | None]:
    """Return whether a line that counts the school itself applies, and the share of it that counts."""
    kind = school["phase"]
    if phase in ("all", "all_through", "middle"):
        return kind in APPLIES[phase], Fraction(1)
    shared = kind in ("middle", "all_through") and getattr(factor, kind) is None
    if not shared:
        return kind == ("primary" if phase == "primary" else "secondary"), Fraction(1)
    years = years_of(school)
    if not sum(years):
        return True, None
    primary = Fraction(years[0], sum(years))
    return True, primary if phase == "primary" else 1 - primary


def blended(formula, line, phase: str, school: dict, day: date) -> Fraction | None:
    """Return units from the counts of two profiles, or None where one of them is not known."""
    blend = line.blend
    pupils = [
        f"units_{key.name}"
        for key, factor, _ in formula.lines()
        if factor.counts == "pupils" and factor.where is None and key.phase == phase
    ]
    values = {name: school.get(name) for name in (blend.new, blend.old, *blend.assessed, *pupils)}
    if any(not isinstance(value, int | Fraction) for value in values.values()):
        return None
    assessed = sum(values[name] for name in blend.assessed)
    if not assessed:
        return None
    weight = given(blend.weight, day)
    profiles = (1 if weight is None else weight) * values[blend.new] + values[blend.old]
    return millionths(Fraction(profiles) / assessed * sum(values[name] for name in pupils))
