"""A school's formula and notional SEN budget, one line after the other."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tests.reference.minimum import lacks, minimum_level, pupils_of
from tests.reference.numbers import (
    NOT_PRINTED,
    Known,
    given,
    is_known,
    nearest,
    pence,
    product,
    to_the,
)
from tests.reference.protection import protection
from tests.reference.sparsity import OWN_PHASE as SPARSITY_PHASE
from tests.reference.sparsity import place_sparsity
from tests.reference.units import (
    APPLIES,
    MAINSTREAM,
    Roll,
    above_share,
    blended,
    counted,
    is_shared,
    millionths,
    school_share,
)

NOT_APPLICABLE = "not applicable"


@dataclass
class LineValue:
    """A line of a school: units or an amount given, and what follows, pence and exact pence."""

    name: str
    factor: object
    units: Fraction | None = None
    amount: int = 0
    exact: Fraction = Fraction(0)
    notional: int = 0
    absent: int = 0
    known: bool = False
    for_a_year: bool = False
    share: Fraction | None = None
    unpriced: bool = False

    def leave_unpriced(self) -> None:
        """Make what it comes to not known, as its unit value is not printed."""
        self.amount, self.notional, self.exact = 0, 0, Fraction(0)
        self.known, self.absent, self.unpriced = False, 1, True


@dataclass
class SchoolValue:
    """What a school's formula comes to, pence."""

    lines: dict[str, LineValue] = field(default_factory=dict)
    pupils: Fraction = Fraction(0)
    fringe: int = 0
    fringe_notional: int = 0
    fringe_unknown: bool = False
    exact_fringe: Fraction = Fraction(0)
    minimum_base: Fraction = Fraction(0)
    uplift: int = 0
    exact_uplift: Fraction = Fraction(0)
    adjustment: int = 0
    uplift_notional: int = 0
    adjustment_notional: int = 0
    absent: int = 0

    @property
    def formula_total(self) -> int:
        lines = sum(line.amount for line in self.lines.values())
        return lines + self.fringe + self.uplift + self.adjustment

    @property
    def notional_total(self) -> int:
        lines = sum(line.notional for line in self.lines.values())
        parts = self.fringe_notional + self.uplift_notional + self.adjustment_notional
        return lines + parts


def unit_value(formula, factor, line, day: date) -> Known:
    """Return a line's unit value, pence, area adjusted to the penny."""
    value = given(line.unit_value, day)
    area = given(formula.area_cost_adjustment, day) if factor.area_adjusted else None
    return None if value is None else to_the(1, product(100, value, 1 if area is None else area))


def share(series, day: date) -> Fraction:
    """Return a notional percentage as a share; nothing where the rules name none, or it is not printed."""
    found = given(series, day) or Fraction(0)
    return found / 100 if is_known(found) else Fraction(0)


def line_value(formula, key, factor, line, school: dict, roll, day: date) -> LineValue:
    """Return what is given for a line of a school, before it is priced.

    The school's columns are those of its whole table: a column with None is one that this
    school left empty, and a line without any column is counted from the pupils.
    """
    value = LineValue(key.name, factor)
    applies = school["phase"] in APPLIES[key.phase]
    held = [name for name in (f"units_{key.name}", f"amount_{key.name}") if name in school]
    if factor.counts == "school":
        applies, part = school_share(factor, key.phase, school)
        if applies and not held and part is not None:
            value.units = millionths(part) if key.phase == "primary" else 1 - millionths(1 - part)
            value.share = None if part == 1 and not is_shared(factor, key.phase, school) else part
    if factor.counts == "sparsity":
        applies = school["phase"] in SPARSITY_PHASE.get(key.phase, APPLIES[key.phase])
    blend = line.blend
    if blend is not None and not held and {blend.new, blend.old, *blend.assessed} <= set(school):
        value.units = blended(formula, line, key.phase, school, day)
    value.absent = int(applies and value.units is None)
    given_amount = None
    for name in held:
        cell = school[name]
        if cell is None:
            continue
        value.absent = 0
        if cell == NOT_APPLICABLE:
            continue
        value.share = None
        if name.startswith("amount_"):
            given_amount, value.units = cell, None
        else:
            given_amount, value.units = None, Fraction(cell)
    open_line = factor.counts == "pupils" and not held and value.units is None
    own_kind = key.phase not in ("middle", "all_through") or applies
    if roll is not None and open_line and school["phase"] in MAINSTREAM and own_kind:
        units, unknown = counted(factor, key.phase, line, roll, day)
        value.units, value.absent = above_share(factor, key.phase, units, unknown, roll, day)
    value.known = value.units is not None or given_amount is not None
    if given_amount is not None:
        value.exact = Fraction(pence(given_amount))
    return value


def price(value: LineValue, rate: Known, percent: Fraction, part: Fraction) -> None:
    """Price a line's units: the amount for the part of the year open, and what of it is notional."""
    if rate == NOT_PRINTED:
        # None of it is nothing.
        if value.known and (value.units or value.share):
            value.leave_unpriced()
        rate = 0
    value.amount = nearest(value.exact * part if value.for_a_year else value.exact)
    if value.share is not None:
        value.exact = Fraction(nearest(value.share * (rate or 0)))
        value.amount = nearest(value.exact * part)
    elif value.units is not None:
        value.exact = value.units * (rate or 0)
        value.amount = nearest(value.exact * part)
    value.notional = nearest(value.amount * percent)


def add_reception(formula, value: SchoolValue, school: dict) -> None:
    """Add the reception pupils who joined since the count to the pupils of primary age."""
    line = value.lines.get(f"{formula.pupils_counted_by}_primary")
    counts = line is not None and line.units is not None
    if not formula.reception_uplift or "reception_difference" not in school or not counts:
        return
    more = school["reception_difference"]
    line.units += more or 0
    if more is None and school["phase"] in APPLIES["primary"]:
        # How many they are is not known: one is the least that is.
        line.absent = max(line.absent, 1)


def open_part(formula, school: dict) -> Fraction:
    """Return the part of the year that a school is open; the whole where it does not say."""
    days = school.get("days_open")
    if not formula.year_days or days is None:
        return Fraction(1)
    return Fraction(min(days, formula.year_days), formula.year_days)


def add_fringe(formula, school: dict, value: SchoolValue) -> None:
    """Work out what a London fringe multiplier adds to the lines that it raises."""
    if not formula.fringe:
        return
    if school.get("london_fringe") is None:
        value.fringe_unknown = school["phase"] in MAINSTREAM
        value.absent += int(value.fringe_unknown)
        return
    above = school["london_fringe"] - 1
    raised = [line for line in value.lines.values() if line.factor.in_fringe]
    value.fringe = nearest(above * sum(line.amount for line in raised))
    value.fringe_notional = nearest(above * sum(line.notional for line in raised))
    whole = [(nearest(line.exact), line.factor) for line in raised]
    value.exact_fringe = above * sum(amount for amount, _ in whole)
    value.minimum_base = above * sum(amount for amount, factor in whole if factor.in_minimum_base)


def raise_to_minimum(formula, school: dict, value: SchoolValue, day: date, part: Fraction) -> None:
    """Work out a school's uplift on unrounded amounts and round it once, for the part of the year that is paid."""
    pupils, level = pupils_of(formula, value), minimum_level(formula, school, day)
    if pupils == 0:
        return
    if pupils is None or level is None or lacks(value, "in_minimum_base"):
        value.absent += 1
        return
    value.exact_uplift = max(Fraction(0), level * pupils - value.minimum_base)
    value.uplift = nearest(value.exact_uplift * part)
    value.uplift_notional = nearest(
        value.uplift * share(formula.minimum_per_pupil.notional_percent, day)
    )


def leave_out(value: SchoolValue) -> None:
    """Take nothing for a school that the formula does not fund."""
    for name, line in value.lines.items():
        value.lines[name] = LineValue(line.name, line.factor)


def value_lines(document, day: date, school: dict, roll: Roll | None) -> SchoolValue:
    """Return a school's lines: gathered, then with what depends on its pupils, then priced."""
    formula, value = document.schools_formula, SchoolValue()
    for key, factor, line in formula.lines():
        value.lines[key.name] = line_value(formula, key, factor, line, school, roll, day)
    add_reception(formula, value, school)
    if school["phase"] not in MAINSTREAM:
        leave_out(value)
        return value
    pupils = pupils_of(formula, value)
    for key, factor, line in formula.lines():
        one, rate = value.lines[key.name], unit_value(formula, factor, line, day)
        held = {f"units_{key.name}", f"amount_{key.name}"} & set(school)
        if factor.counts == "sparsity" and not held:
            place_sparsity(one, key.phase, line.sparsity, rate, school, pupils)
        price(one, rate, share(line.notional_percent, day), open_part(formula, school))
    value.absent = sum(line.absent for line in value.lines.values())
    add_fringe(formula, school, value)
    based = (line.exact for line in value.lines.values() if line.factor.in_minimum_base)
    value.minimum_base += sum(based, Fraction(0))
    pupils_of(formula, value)
    return value


def value_school(
    document, day: date, school: dict, roll: Roll | None = None, *, by_months: bool = False
) -> SchoolValue:
    """Return what a school's formula and notional SEN come to: of a day's values, or ``by_months``."""
    formula = document.schools_formula
    if by_months:
        value, part = lines_by_months(document, school), Fraction(len(months_of(document)), 12)
    else:
        value, part = value_lines(document, day, school, roll), Fraction(1)
    if school["phase"] not in MAINSTREAM:
        return value
    part *= open_part(formula, school)
    if formula.minimum_per_pupil is not None:
        raise_to_minimum(formula, school, value, day, part)
    rule = formula.protection
    if rule is None or not (rule.guarantee_percent or rule.cap_percent):
        return value
    due = protection(formula, school, value, day)
    value.absent += int(due is None)
    value.adjustment = nearest((due or Fraction(0)) * part)
    value.adjustment_notional = nearest(value.adjustment * share(rule.notional_percent, day))
    return value


def months_of(document) -> list[date]:
    """Return the first day of each month for which a rule set applies."""
    first, last = document.effective.first, document.effective.last
    days = [
        date(first.year + (first.month + at - 1) // 12, (first.month + at - 1) % 12 + 1, 1)
        for at in range(12)
    ]
    return [day for day in days if day <= last]


def lines_by_months(document, school: dict) -> SchoolValue:
    """Return a school's lines, each month at the values in force on its first day.

    Amounts are those paid for the months; exact ones are of a year, as the mean of its months.
    """
    days = months_of(document)
    months = [value_lines(document, day, school, None) for day in days]
    value = months[0]
    for key, _, line in document.schools_formula.lines():
        each = [month.lines[key.name] for month in months]
        percents = [share(line.notional_percent, day) for day in days]
        paid = [Fraction(one.amount, 12) for one in each]
        exact = sum((one.exact for one in each), Fraction(0)) / len(each)
        notional = sum(
            (due * percent for due, percent in zip(paid, percents, strict=True)), Fraction(0)
        )
        held = value.lines[key.name]
        held.amount, held.notional, held.exact = nearest(sum(paid)), nearest(notional), exact
        if any(one.unpriced for one in each):
            value.absent += 1 - held.absent
            held.leave_unpriced()
    for name in ("exact_fringe", "minimum_base"):
        mean = sum((getattr(one, name) for one in months), Fraction(0)) / len(months)
        setattr(value, name, mean)
    if document.schools_formula.fringe and school.get("london_fringe") is not None:
        above = school["london_fringe"] - 1
        raised = [line for line in value.lines.values() if line.factor.in_fringe]
        value.fringe = nearest(above * sum(line.amount for line in raised))
        value.fringe_notional = nearest(above * sum(line.notional for line in raised))
    return value
