"""The answers that a statement gives to the questions about a school, and the pounds that it prints beside them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from engine.columns import AMOUNT_PREFIX, UNITS_PREFIX
from engine.letters.figure_meanings import Meaning
from engine.letters.printed_figures import PrintedFigures, PrintedLine
from engine.letters.statement_lines import LineName
from engine.letters.statement_rows import Statement, StatementRow
from engine.money import MILLION, PENCE, PERCENT_TO_MILLIONTHS, number, scaled
from engine.rules.compiled import CompiledFormula
from engine.rules.formula import Counts, LinePhase


@dataclass(frozen=True, slots=True)
class Conversion:
    """A count that is worked out from what is printed, with the sentence that says how."""

    column: str
    value: str
    sentence: str


@dataclass(frozen=True, slots=True)
class StatementAnswers:
    """What a statement answers of a school.

    answers      columns of a table of schools, such as ``units_fsm_primary``, with their texts
    percentages  percent of lines that are notional SEN, by the names of the lines
    printed      the pounds that it prints: the letter that a result is compared with
    conversions  the answers that are no figures of the statement, each with how it follows from them
    in_pounds    labels of lines that are usually counted, of which the statement's pounds are the answer
    unanswered   labels of lines of which a figure is printed and no answer follows, each with the reason
    """

    answers: Mapping[str, str]
    percentages: Mapping[str, Decimal]
    printed: PrintedFigures
    conversions: tuple[Conversion, ...]
    in_pounds: tuple[str, ...]
    unanswered: tuple[str, ...]


def statement_answers(statement: Statement, formula: CompiledFormula) -> StatementAnswers:
    """Return the answers that the lines of a statement give, with all that is worked out or left open."""
    figures = list(_figures(statement))
    pupils = _pupils_by_line(figures)
    answers: dict[str, str] = {}
    percentages: dict[str, Decimal] = {}
    conversions: list[Conversion] = []
    in_pounds: list[str] = []
    unanswered: list[str] = []
    for one in figures:
        percent = one.values.get(Meaning.percent)
        if percent is not None:
            percentages |= dict.fromkeys((line.name for line in one.name.members), percent)
        match _answer(one, _pupils_of(one, pupils, formula)):
            case Conversion() as found:
                answers[found.column] = found.value
                conversions += [found] if found.sentence else []
                in_pounds += [one.name.label] if _is_in_place_of_a_count(one, found) else []
            case str() as why:
                unanswered.append(f"{one.name.label}: {why}")
            case None:
                pass
    return StatementAnswers(
        answers, percentages, _printed(statement, figures), tuple(conversions), tuple(in_pounds),
        tuple(unanswered),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _LineFigures:
    """All that a statement prints of a line, whichever rows it is in."""

    name: LineName
    values: Mapping[Meaning, Decimal]


def _figures(statement: Statement) -> Iterator[_LineFigures]:
    rows: dict[str, list[StatementRow]] = {}
    for row in statement.lines:
        if row.line is not None:
            rows.setdefault(row.line.name, []).append(row)
    for those in rows.values():
        names = [row.line for row in those if row.line is not None]
        # A row of pupils on roll says less of its line than the row of the line itself.
        best = next((one for one in names if one.facts.rate or one.facts.is_amount), names[0])
        values = {
            meaning: value
            for meaning in Meaning
            for row in those
            if (value := row.value(meaning)) is not None
        }
        yield _LineFigures(best, values)


def _pupils_by_line(figures: Iterable[_LineFigures]) -> dict[str, Decimal]:
    """Return the pupils of each line that counts all of a phase, where they are printed or follow exactly."""
    found = {}
    for one in figures:
        if one.name.facts.counts_all and (units := _exact_units(one)) is not None:
            found[one.name.name] = units
    return found


def _exact_units(one: _LineFigures) -> Decimal | None:
    """Return the units of a line: as printed, or its pounds by its unit value where they come to a whole number."""
    units, pounds = one.values.get(Meaning.units), one.values.get(Meaning.pounds)
    if units is not None or pounds is None:
        return units
    value = one.values.get(Meaning.unit_value)
    pence = one.name.facts.rate if value is None else scaled(value, PENCE)
    whole, left = divmod(scaled(pounds, PENCE), pence or 1)
    return Decimal(whole) if pence and left == 0 else None


def _pupils_of(
    one: _LineFigures, pupils: Mapping[str, Decimal], formula: CompiledFormula
) -> Decimal | None:
    """Return the pupils of whom a line counts a share: printed beside it, or those of its phase; None where not known."""
    if Meaning.of_phase in one.values:
        return one.values[Meaning.of_phase]
    line = one.name.line
    if line is None:
        return None
    of_phase = [
        each.name
        for each in formula.lines
        if each.name in formula.pupil_lines and _shares_phase(each.key.phase, line.key.phase)
    ]
    known = [pupils[name] for name in of_phase if name in pupils]
    return sum(known, Decimal()) if known else None


def _shares_phase(pupils: LinePhase, line: LinePhase) -> bool:
    secondary = {LinePhase.ks3, LinePhase.ks4, LinePhase.secondary}
    return (
        line is LinePhase.all
        or pupils is line
        or (line is LinePhase.secondary and pupils in secondary)
    )


def _answer(one: _LineFigures, pupils: Decimal | None) -> Conversion | str | None:
    """Return the answer of a line, why there is none, or None where the line is asked nothing."""
    line, pounds = one.name.line, one.values.get(Meaning.pounds)
    if not one.name.members:
        return None
    if line is not None and not one.name.facts.is_amount:
        counted = _count(one, pupils)
        if counted is not None:
            return counted
    if any(each.counts is Counts.school for each in one.name.members) and not _is_other_value(one):
        return None
    if pounds is None:
        return "no figure of this row is a count, a share with the pupils it is of, or pounds."
    return Conversion(f"{AMOUNT_PREFIX}{one.name.name}", number(scaled(pounds, PENCE), PENCE), "")


def _is_in_place_of_a_count(one: _LineFigures, answer: Conversion) -> bool:
    """Return whether pounds are the answer of a line that is usually counted."""
    is_amount = one.name.line is not None and one.name.line.counts is Counts.amount
    return answer.column.startswith(AMOUNT_PREFIX) and not is_amount


def _is_other_value(one: _LineFigures) -> bool:
    """Return whether the pounds of what a whole school is paid are not those of the rules."""
    line, pounds = one.name.line, one.values.get(Meaning.pounds)
    if line is None or line.year_rate is None or pounds is None:
        return False
    return scaled(pounds, PENCE) != line.year_rate


def _count(one: _LineFigures, pupils: Decimal | None) -> Conversion | None:
    """Return the units of a line: printed, a share of its pupils, or its pounds by its unit value."""
    column, label = f"{UNITS_PREFIX}{one.name.name}", one.name.label
    units, share = one.values.get(Meaning.units), one.values.get(Meaning.share)
    if units is not None:
        return Conversion(column, _text(units), "")
    if share is not None and pupils is not None:
        found, percent = _text(share * pupils), _text(share * 100)
        return Conversion(
            column, found, f"{label}: {percent}% of {_text(pupils)} pupils is {found}."
        )
    exact = _exact_units(one)
    if exact is None:
        return None
    return Conversion(
        column, _text(exact), f"{label}: the pounds are {_text(exact)} times the unit value."
    )


def _text(value: Decimal) -> str:
    """Return a number as the tables have it: to millionths."""
    return number(scaled(value, MILLION))


def _printed(statement: Statement, figures: Iterable[_LineFigures]) -> PrintedFigures:
    """Return the pounds that a statement prints, in pence."""
    lines = {
        one.name.name: PrintedLine(
            units=_scaled(one.values.get(Meaning.units), MILLION),
            unit_value=_scaled(one.values.get(Meaning.unit_value), PENCE),
            amount=_scaled(one.values.get(Meaning.pounds), PENCE),
            percent=_scaled(one.values.get(Meaning.percent), PERCENT_TO_MILLIONTHS),
            notional=_scaled(one.values.get(Meaning.notional), PENCE),
        )
        for one in figures
    }
    return PrintedFigures(
        lines={name: line for name, line in lines.items() if line != PrintedLine()},
        formula=_scaled(statement.total("formula"), PENCE),
        notional=_scaled(statement.total("notional"), PENCE),
    )


def _scaled(value: Decimal | None, scale: int) -> int | None:
    return None if value is None else scaled(value, scale)
