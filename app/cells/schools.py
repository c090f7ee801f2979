"""Numbers of a schools formula for one cell."""

from collections.abc import Iterator, Mapping

from app.cells.refusals import (
    GIVE_IT,
    naming_parameters,
    refuse_other_authority,
    refuse_symbols,
)
from app.cells.schemas import FactorQuery, NotionalSenQuery, PartOfLine
from app.cells.service import Figure
from app.what_ifs.rules import formula_of, refuse_without_percentages
from app.what_ifs.valuation import value_schools
from engine.columns import AMOUNT_PREFIX, PROPORTION_PREFIX, SCHOOL_COLUMNS, UNITS_PREFIX
from engine.errors import PairRefused, Problem
from engine.expected_calls import Pence
from engine.modules import (
    AbsentLines,
    NotionalOutcome,
    line_changes,
    phase_paid,
    prior_lines,
    rules_of_school,
)
from engine.money import PERCENT_TO_MILLIONTHS, is_digits, number, pounds
from engine.reading import older_of_line
from engine.rules import CompiledFormula, CompiledLine, CompiledRules, PriorAmount
from engine.statement import LineStatement, SchoolStatement, Statements
from engine.vocabulary import NOT_PRINTED, Missing, SchoolPhase, local_authorities

URN, LA, PHASE = "1", "la", "phase"
GIVE_LA = (
    "is missing; give the authority of the school, as values of these rules differ by authority"
)
PREFIXES = (UNITS_PREFIX, PROPORTION_PREFIX, AMOUNT_PREFIX)
UNPRINTED = (Missing.not_printed, Missing.no_value)
OF_RULES = {PartOfLine.unit_value, PartOfLine.percent}
"""Parts of a line that are the rules' own, whatever a school has."""

YEARS = ("primary_years", "ks3_years", "ks4_years")
READ: dict[Missing | None, tuple[str, ...]] = {
    Missing.fringe: ("london_fringe",),
    Missing.last_year: ("prior_budget", "prior_pupils"),
}
"""What an adjustment reads of a school, by what is missing where it is not known."""

FORMULA = "schools_formula"
WRONG: dict[Missing | None, str] = {
    Missing.prior_budget: "prior_budget",
    Missing.prior_pupils: "prior_pupils",
    Missing.level: f"{FORMULA}.minimum_per_pupil",
}
"""Where what an adjustment reads is there and cannot be used, by why it is not known."""
GIVE_YEARS = (
    f"is missing; give {YEARS[0]}, {YEARS[1]} and {YEARS[2]}, the year groups of each age at the "
    "school (0 if there are none)"
)
NOT_COMPLETE = "a figure is missing on which the minimum per-pupil level or the protection depends"
CHANGES = "changes within the year; give on=YYYY-MM-DD for the value of one day"
ONLY = 0
"""The row of the one school that a cell asks about."""


def notional_sen(rules: CompiledRules, query: NotionalSenQuery) -> Figure:
    """Return a school's notional SEN budget, pounds."""
    formula = refuse_without_percentages(rules)
    names = {_column(rules, name): name for name in query.lines}
    if len(names) < len(query.lines):
        again = sorted(set(query.lines) - set(names.values()))
        raise PairRefused(
            [
                Problem("duplicate: give each line under one name", "duplicate", place=one)
                for one in again
            ]
        )
    refuse_symbols(query.lines)
    record = {column: query.lines[name] for column, name in names.items()}
    refuse_other_authority(rules, record.get(LA))
    meaning = AbsentLines.refused if query.others is None else AbsentLines.zero
    older = any(column != name for column, name in names.items())
    columns = [f"{UNITS_PREFIX}{line.name}" for line in formula.lines]
    parameters = {column: older_of_line(column) if older else column for column in columns} | names
    try:
        with naming_parameters(parameters):
            outcome = value_schools(rules, [{"urn": URN, **record, "phase": query.phase}], meaning)
    except PairRefused as refusal:
        raise _with_hint(refusal) from None
    statements = Statements(outcome)
    school = statements.whole(ONLY)
    if school.budget is None:
        if Missing.not_funded in school.calls.expected.missing:
            raise _refused("phase", "not-complete", str(Missing.not_funded))
        problems = list(dict.fromkeys(_what_is_missing(formula, school, parameters)))
        raise PairRefused(problems or [Problem(NOT_COMPLETE, "not-complete", place=FORMULA)])
    return Figure(pounds(school.budget), _sentences(statements))


def _sentences(statements: Statements) -> tuple[str, ...]:
    """Return what may be wrong with the figures of the one school."""
    return tuple(one.sentence for one in statements.warnings)


def _column(rules: CompiledRules, name: str) -> str:
    """Return the column that a name in an address means: a line's own name is the older one of its units."""
    if name.startswith(PREFIXES) or name in SCHOOL_COLUMNS or name in rules.wanted.known:
        return name
    return f"{UNITS_PREFIX}{name}"


def _with_hint(refusal: PairRefused) -> PairRefused:
    if not any(one.rule == "missing-column" for one in refusal.problems):
        return refusal
    sentence = "give others=0 if the other lines are 0"
    return PairRefused(
        [*refusal.problems, Problem(sentence, "others", place="others")], refusal.total + 1
    )


def _what_is_missing(
    formula: CompiledFormula, school: SchoolStatement, parameters: Mapping[str, str]
) -> Iterator[Problem]:
    """Yield what would make each part of a school known, by the names of the address."""
    if any(one.missing is Missing.year_groups for one in school.parts):
        yield Problem(GIVE_YEARS, "not-complete", place=YEARS[0])
    for line in school.lines:
        if line.missing is Missing.figure:
            yield Problem(GIVE_IT, "not-complete", place=_parameter(line.name, parameters))
    for one in school.adjustments:
        if one.missing in WRONG:
            yield Problem(str(one.missing), "not-complete", place=WRONG[one.missing])
    columns = [name for one in school.adjustments for name in READ.get(one.missing, ())]
    if any(one.missing is Missing.prior_amounts for one in school.adjustments):
        columns += [
            column
            for column, line in prior_lines(formula, school.phase).items()
            if line.factor.prior_amount is PriorAmount.last_year
        ]
    for name in columns:
        if name not in parameters.values():
            yield Problem("is missing; give it", "not-complete", place=name)


def _parameter(line: str, parameters: Mapping[str, str]) -> str:
    """Return the name under which a line was asked, in whichever of its forms; or that of its units."""
    forms = [f"{prefix}{line}" for prefix in PREFIXES]
    named = [parameters[form] for form in forms if form in parameters]
    return named[-1]


def factor(rules: CompiledRules, query: FactorQuery) -> Figure:
    """Return one number of one line of the formula."""
    refuse_symbols({"units": query.units, "amount": query.amount})
    line = _line(formula_of(rules), query.line)
    own = _rules_of(rules, line, query)
    formula = formula_of(own)
    line = _line(formula, query.line)
    if query.units is not None and query.amount is not None:
        raise _refused("units", "units-or-amount", "give either units or amount")
    if query.part in OF_RULES and (query.units, query.amount) != (None, None):
        # What does not change the answer is checked all the same.
        _one_line(rules, line, query)
    if query.part in OF_RULES and line.changes:
        raise _refused("part", "changes", f"{CHANGES}: {line_changes(line, formula.months)}")
    if query.part is PartOfLine.unit_value:
        return _unit_value(line)
    if query.part is PartOfLine.percent:
        return _percent(line)
    if query.part is PartOfLine.notional:
        refuse_without_percentages(rules)
    valued, sentences = _valued(rules, line, query)
    wanted = _pence(line, valued, query)
    if wanted is None:
        raise _refused("line", "not-printed", f"is not known: {valued.missing or Missing.parts}")
    return Figure(pounds(wanted), sentences)


def _rules_of(rules: CompiledRules, line: CompiledLine, query: FactorQuery) -> CompiledRules:
    """Return the rules by the values of the school's authority and phase, where they differ by these; or refuse what is no such."""
    tables = formula_of(rules).tables
    phase = _phase(line, query)
    if query.la is None and any(one.by_authority for one in tables):
        raise _refused("la", "not-complete", GIVE_LA)
    la = query.la or "0"
    if query.la is not None and (not is_digits(la) or int(la) not in local_authorities()):
        sentence = f"{query.la!r} is not the three-digit code of a local authority in England"
        raise _refused("la", "choice", sentence)
    refuse_other_authority(rules, query.la)
    return rules_of_school(rules, int(la), phase)


def _phase(line: CompiledLine, query: FactorQuery) -> SchoolPhase:
    """Return the phase of the school, by default one that has the line."""
    if query.phase is None:
        return phase_paid(line)
    if query.phase not in SchoolPhase.__members__:
        known = ", ".join(SchoolPhase.__members__)
        raise _refused(
            PHASE, "choice", f"{query.phase!r} is not a phase of schools; the phases are {known}"
        )
    return SchoolPhase[query.phase]


def _pence(line: CompiledLine, valued: LineStatement, query: FactorQuery) -> Pence:
    """Return the amount of a line or its notional part, as a cell wants it; None where it is not known.

    Nothing of a line that has no percentage is notional SEN.
    """
    if query.part is PartOfLine.amount:
        return valued.amount
    return 0 if line.percent is None else valued.notional


def _unit_value(line: CompiledLine) -> Figure:
    if line.rate is None:
        raise _refused("line", "no-unit-value", "has no unit value: give its amount in pounds")
    if not line.year_is_printed:
        raise _refused(
            "line", "not-printed", _unprinted("a unit value", lacks_row=line.lacks_value)
        )
    return Figure(pounds(line.rate))


def _percent(line: CompiledLine) -> Figure:
    if line.percent is None:
        raise _refused("line", "no-percentage", "has no notional percentage in this rule set")
    if not line.percent_is_printed:
        raise _refused(
            "line", "not-printed", _unprinted("a notional percentage", lacks_row=line.lacks_share)
        )
    return Figure(number(line.percent, PERCENT_TO_MILLIONTHS))


def _unprinted(what: str, *, lacks_row: bool) -> str:
    """Return why no figure is given for a value of a line."""
    if lacks_row:
        return f"has {what} for some schools alone: {Missing.no_value}"
    return f"has {what} that is {NOT_PRINTED}"


def _line(formula: CompiledFormula, name: str) -> CompiledLine:
    found = next((line for line in formula.lines if line.name == name), None)
    if found is None:
        names = ", ".join(line.name for line in formula.lines)
        raise _refused(
            "line", "unknown-line", f"unknown line; the lines of this rule set are {names}"
        )
    return found


def _valued(
    rules: CompiledRules, line: CompiledLine, query: FactorQuery
) -> tuple[LineStatement, tuple[str, ...]]:
    """Return a line's statement at a school with this line alone, and what may be wrong with its figure."""
    if query.units is None and query.amount is None:
        raise _refused("units", "units-or-amount", "give either units or amount")
    statements = Statements(_one_line(rules, line, query))
    school = statements.whole(ONLY)
    valued = next((one for one in school.lines if one.name == line.name), None)
    missing = Missing.figure if valued is None else valued.missing
    if valued is None or (missing is not None and missing not in UNPRINTED):
        name = "units" if query.amount is None else "amount"
        raise _refused(name, "not-complete", "is not known")
    return valued, _sentences(statements)


def _one_line(rules: CompiledRules, line: CompiledLine, query: FactorQuery) -> NotionalOutcome:
    """Return a school valued of which one line is known: by its units, or by its amount."""
    column = f"{UNITS_PREFIX if query.amount is None else AMOUNT_PREFIX}{line.name}"
    name = "units" if query.amount is None else "amount"
    phase = _phase(line, query).name
    record = {"urn": URN, PHASE: phase, column: query.units or query.amount or ""}
    record |= {LA: query.la} if query.la and formula_of(rules).tables else {}
    with naming_parameters({column: name}):
        return value_schools(rules, [record], AbsentLines.not_supplied)


def _refused(place: str, rule: str, sentence: str) -> PairRefused:
    return PairRefused([Problem(sentence, rule, place=place)])
