"""What compiled rules read of a table: each column once for each meaning that its blank has."""

from collections.abc import Iterable, Sequence

from engine.calendars import Calendar
from engine.columns import (
    AMOUNT_PREFIX,
    PRIOR_AMOUNT_PREFIX,
    PROPORTION_PREFIX,
    SCHOOL_COLUMNS,
    UNITS_PREFIX,
    line_column,
)
from engine.columns.schools import AUTHORITY
from engine.rules.compiled import CompiledLine
from engine.rules.formula import Counts, LinePhase, SchoolsFormula
from engine.rules.grid import Grid
from engine.rules.inputs import Input
from engine.rules.reads import Blank, Part, Read, Reads
from engine.rules.segments import CompiledPrice
from engine.steps import GROUP
from engine.tables.schools import STAGE_COLUMNS

YEAR_GROUP = "year_group"
PUPILS: Reads = (
    Read("pupil_key", Part.pupils, Blank.never),
    Read("la", Part.pupils, Blank.never),
)
"""What every table of pupils has."""

WHOLE = frozenset({LinePhase.all, LinePhase.all_through, LinePhase.middle})
"""Phases whose line pays a school whole; the others may share one between them."""

SHARED = (LinePhase.middle, LinePhase.all_through)
"""Kinds of school that are paid whole by a line of their own, or shared where there is none."""

GROUPS: Reads = tuple(
    Read(name, Part.groups, Blank.grouped, needed=False)
    for name in ("urn", "primary_need", "setting")
)
"""What totals of pupils are grouped by, where a table has it."""


def inputs_of(
    assignment: Grid,
    funded: Grid,
    priced: Iterable[Grid],
    dimensions: Sequence[tuple[str, int, int]],
    *,
    by_setting: bool,
) -> tuple[str, ...]:
    """Return the inputs whose combinations decide band, price and threshold.

    A band that a price or a condition of payment names is the one assigned: no column is read for it.
    """
    others = (name for grid in (funded, *priced) for name in grid.inputs if name != Input.band)
    names = {*assignment.inputs, *others}
    if by_setting:
        names.add(Input.setting.value)
    return tuple(sorted(_columns_of(names, dimensions)))


def _columns_of(names: Iterable[str], dimensions: Sequence[tuple[str, int, int]]) -> set[str]:
    """Return inputs with the levels that points are made of in the place of points."""
    found = {str(name) for name in names}
    if dimensions:
        found = (found - {Input.points.value}) | {name for name, _, _ in dimensions}
    return found


def top_up_reads(
    inputs: Iterable[str],
    prices: Sequence[CompiledPrice],
    dimensions: Sequence[tuple[str, int, int]],
    *,
    by_hours: bool,
    protects_pupils: bool,
    protects_schools: bool,
) -> Reads:
    """Return what a band profile and its top-up rule read beside the part of the year."""
    found = list(dict.fromkeys(_decides(name) for name in inputs))
    multiplied = (one for price in prices for one in price_reads(price, dimensions))
    found += sorted(set(multiplied))
    if by_hours:
        found.append(Read("hours", Part.top_ups, Blank.hours))
    if protects_pupils:
        found.append(Read("top_up", Part.top_ups, Blank.protects))
    if protects_schools:
        found.append(Read("top_up", Part.top_ups, Blank.protects_schools))
        found.append(Read("urn", Part.top_ups, Blank.at_any_school, needed=False))
    return tuple(found)


def price_reads(price: CompiledPrice, dimensions: Sequence[tuple[str, int, int]]) -> Reads:
    """Return what a price multiplies by and is shared among: the pupil's own numbers in its steps."""
    names = {name for name in (price.quantity, GROUP if price.shared else None) if name}
    return tuple(
        Read(name, Part.top_ups, Blank.prices) for name in sorted(_columns_of(names, dimensions))
    )


def _decides(name: str) -> Read:
    """Return the column that an input is read from: a phase is worked out from the year group."""
    return Read(YEAR_GROUP if name == Input.phase else name, Part.top_ups, Blank.decides)


def year_reads(calendar: Calendar, *, backdated: bool, continues: bool) -> Reads:
    """Return what says which part of the year a pupil is paid for.

    In a year without dates days tell a pupil's spells apart and put them in order, no more; where rules begin
    within it (``continues``), the first one says who was paid before what is paid once.
    """
    if not calendar.dated:
        days = (Read(name, Part.spells, Blank.one_spell, needed=False) for name in ("start", "end"))
        began = (Read("start", Part.year, Blank.began_before, needed=False),) * continues
        return (Read("parts_on_roll", Part.year, Blank.parts), *began, *days)
    found = [
        Read("start", Part.year, Blank.before, needed=backdated),
        Read("end", Part.year, Blank.no_end, needed=False),
    ]
    if backdated:
        found.append(Read("requested", Part.year, Blank.not_late))
    if calendar.parts:
        found.append(Read("parts_on_roll", Part.year, Blank.by_dates, needed=False))
    return tuple(found)


def counting_reads(columns: Iterable[str]) -> Reads:
    """Return what the lines that count pupils read of them."""
    found = [Read(name, Part.counts, Blank.counts) for name in columns]
    return (*found, Read("urn", Part.counts, Blank.at_no_school))


def school_reads(
    formula: SchoolsFormula,
    lines: Sequence[CompiledLine],
    *,
    compares: bool,
    by_authority: bool = False,
) -> Reads:
    """Return what a schools formula reads of schools; ``compares`` where it has a guarantee or a cap.

    ``by_authority`` where a table of its values asks for the authority.
    """
    # Without a unit value an amount is given, and nothing is worked out.
    priced = [line.line.sparsity for line in lines if line.rate is not None]
    sparse = [rule for rule in priced if rule is not None]
    schools = (line for line in lines if line.counts is Counts.school)
    by_years = bool(sparse) or any(shared_phases(line, lines) for line in schools)
    by_distance = any(rule.miles is not None for rule in sparse)
    columns = [
        (Part.groups, ("la", "school_name"), True),
        (Part.years, STAGE_COLUMNS, by_years or formula.minimum_per_pupil is not None),
        (Part.sparsity, ("sparsity_distance",), by_distance),
        (Part.fringe, ("london_fringe",), formula.fringe),
        (Part.open, ("days_open",), bool(formula.year_days)),
        (Part.reception, ("reception_difference",), formula.reception_uplift),
        (
            Part.protection,
            ("prior_budget", "prior_pupils", *sorted(prior_amounts(lines))),
            compares,
        ),
        (Part.calls, ("sen_support_pupils", "sen_support_figure", "ehc_plans"), True),
        (Part.lines, sorted(_of_lines(formula)), True),
    ]
    found = [_of_school(name, Part.schools, needed=True) for name in ("urn", "phase")]
    if by_authority:
        found.append(Read("la", Part.schools, AUTHORITY))
    for part, names, is_read in columns:
        found += [_of_school(name, part, needed=False) for name in names if is_read]
    return tuple(found)


def prior_amounts(lines: Iterable[CompiledLine]) -> dict[str, tuple[CompiledLine, ...]]:
    """Return the columns that may give last year's amount of what the guarantee leaves out, with their lines.

    A line has one of its own, and the lines of a factor, or of its bands, one for them together.
    """
    found: dict[str, tuple[CompiledLine, ...]] = {}
    for line in lines:
        if line.factor.removed_from_prior or not line.factor.in_guarantee:
            for name in dict.fromkeys((line.name, line.key.factor, family(line.key.factor))):
                column = f"{PRIOR_AMOUNT_PREFIX}{name}"
                found[column] = (*found.get(column, ()), line)
    return found


def shared_phases(line: CompiledLine, lines: Iterable[CompiledLine]) -> list[LinePhase]:
    """Return the kinds of school that share a line that pays for the school, by their year groups."""
    if line.key.phase in WHOLE:
        return []
    own = {other.key.phase for other in lines if other.key.factor == line.key.factor}
    return [phase for phase in SHARED if phase not in own]


def _of_school(name: str, part: Part, *, needed: bool) -> Read:
    column = SCHOOL_COLUMNS.get(name) or line_column(name)
    return Read(name, part, column.absence, needed)


def _of_lines(formula: SchoolsFormula) -> set[str]:
    """Return the columns that may give a line, alone or together with others of its factor."""
    names: set[str] = set()
    for key, factor, line in formula.lines():
        families = {key.name, key.factor, family(key.factor)}
        names |= {f"{AMOUNT_PREFIX}{name}" for name in families}
        if factor.counts is not Counts.amount:
            names |= {f"{UNITS_PREFIX}{key.name}", f"{PROPORTION_PREFIX}{key.name}"}
        if line.blend is not None:
            names |= {line.blend.new, line.blend.old, *line.blend.assessed}
    return names


def family(factor: str) -> str:
    """Return the name that a factor's bands share, for example ``idaci`` for ``idaci_a``."""
    stem, _, last = factor.rpartition("_")
    return stem if stem and len(last) == 1 else factor
