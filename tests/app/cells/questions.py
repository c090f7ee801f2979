"""What a spreadsheet may ask of a rule set's cells, drawn so that the rules have an answer."""

from datetime import timedelta

from hypothesis import strategies as st

from app.cells.bands import ASKABLE, banded
from engine.columns import UNITS_PREFIX, pupil_column
from engine.days import numbered_day
from engine.rules.compiled import CompiledRules
from engine.rules.phases_paid import APPLIES
from engine.vocabulary import SchoolPhase
from tests.record_strategies import cell_of, forms, grid_row, numbers
from tests.rule_library import compiled, with_part

Question = dict[str, str]
ASKED = ASKABLE - {"hours"}
OF_A_SCHOOL = {"amount", "notional"}
"""Parts of a line that a school's units or pounds decide; the others are the rules' own."""


def askable(cell: str) -> list[str]:
    """Return the names of the rule sets that can answer a cell."""
    if cell in {"tariff", "band-pays"}:
        return [name for name in with_part("band_profile") if set(_read(compiled(name))) <= ASKED]
    formulas = ((name, compiled(name).formula) for name in with_part("schools_formula"))
    return [
        name
        for name, formula in formulas
        if formula.is_notional and all(line.percent_is_printed for line in formula.lines)
    ]


def _read(rules: CompiledRules, *, whole_year: bool = True) -> list[str]:
    """Return what a price, or what is paid for a part of the year, depends on."""
    top_ups = banded(rules, whole_year=whole_year).top_ups
    quantities = {price.quantity for price in top_ups.prices if price.quantity}
    shared = {"group_size"} if any(price.shared for price in top_ups.prices) else set()
    return sorted({*top_ups.columns, *quantities, *shared})


@st.composite
def tariff_questions(draw, rules: CompiledRules, *, whole_year: bool = True) -> Question:
    """Draw a band and the other columns that its price depends on."""
    top_ups = banded(rules, whole_year=whole_year).top_ups
    names = [name for name in _read(rules, whole_year=whole_year) if name in ASKED]
    held = draw(grid_row(top_ups.tariff, top_ups))
    held.setdefault("band", draw(st.integers(0, len(top_ups.labels) - 1)))
    step = max(price.step for price in top_ups.prices)
    question = {}
    for name in (*names, "year_group", "band"):
        if name in question or name == "phase" or (name == "year_group" and "phase" not in names):
            continue
        number = held.get(name)
        number = draw(numbers(pupil_column(name))) if number is None else number
        number -= number % step if step and name == "level" else 0
        question[name] = str(cell_of(pupil_column(name), number, top_ups.labels))
    return question


@st.composite
def band_pays_questions(draw, rules: CompiledRules) -> Question:
    """Draw the same, and the part of the year that is paid."""
    question = draw(tariff_questions(rules, whole_year=False))
    calendar = rules.top_ups.calendar
    if rules.top_ups.full_time:
        question["hours"] = draw(st.sampled_from(["5", "12.5", "25"]))
    if not calendar.dated:
        return {**question, "parts_on_roll": str(draw(st.integers(0, calendar.parts)))}
    opens = numbered_day(calendar.first)
    days = st.integers(0, len(calendar.cumulative) - 2)
    first, last = (opens + timedelta(days=day) for day in sorted((draw(days), draw(days))))
    return {**question, "start": str(first), "end": str(last)}


@st.composite
def notional_questions(draw, rules: CompiledRules) -> Question:
    """Draw a phase, its pupils, and some lines of the formula; the others are declared nothing."""
    formula = rules.formula
    names = [line.name for line in formula.lines if f"{UNITS_PREFIX}{line.name}" in forms(line)]
    phase = draw(st.sampled_from([SchoolPhase.primary, SchoolPhase.secondary]))
    pupils = [
        line.name
        for line in formula.lines
        if line.name in formula.pupil_lines and phase in APPLIES[line.key.phase]
    ]
    counts = dict.fromkeys(pupils, "210") | draw(
        st.dictionaries(st.sampled_from(names), st.integers(1, 900).map(str), max_size=5)
    )
    before = {"prior_budget": "900000.00", "prior_pupils": "400"}
    protected = formula.guarantee is not None or formula.cap is not None
    return {"phase": phase.name, "others": "0", **counts, **(before if protected else {})}


@st.composite
def factor_questions(draw, rules: CompiledRules) -> Question:
    """Draw a line of the formula and which number of it is wanted."""
    line = draw(st.sampled_from(rules.formula.lines))
    parts = ["amount", "notional"]
    parts += ["unit-value"] if line.rate is not None else []
    parts += ["percent"] if line.percent is not None else []
    units = f"{UNITS_PREFIX}{line.name}" in forms(line)
    number = str(draw(st.integers(0, 900)))
    given = {"units": number} if units and draw(st.booleans()) else {"amount": number}
    part = draw(st.sampled_from(parts))
    return {"line": line.name, "part": part, **(given if part in OF_A_SCHOOL else {})}


QUESTIONS = {
    "tariff": tariff_questions,
    "band-pays": band_pays_questions,
    "notional-sen": notional_questions,
    "factor": factor_questions,
}
