"""Steps as the rows that people read: operator, label, value, unit, source and standing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import assert_never

from engine.authority_codes import authority_codes
from engine.money import MILLION, PENCE, half_away, number, pounds
from engine.steps.step import DocumentValue, Earlier, Of, Op, Own, Plain, Step, Unit, Value
from engine.steps.work import PartlyKnown, StepResult, run
from engine.vocabulary import NOT_PRINTED, Missing

NOT_KNOWN, NOT_APPLICABLE = "not known", "not applicable"
DECIMALS = 10**10
"""Parts of one to which a number without an end is printed."""


class Operator(StrEnum):
    """How a row is joined to those above it."""

    start = "start"
    plus = "plus"
    minus = "minus"
    times = "times"
    divided_by = "divided by"
    equals = "equals"
    decides = "decides"

    @property
    def sign(self) -> str:
        """Return the sign that people write, none where a row begins or decides."""
        match self:
            case Operator.start | Operator.decides:
                return ""
            case Operator.plus:
                return "+"
            case Operator.minus:
                return "−"
            case Operator.times:
                return "×"
            case Operator.divided_by:
                return "÷"
            case Operator.equals:
                return "="
            case _:
                assert_never(self)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a working.

    ``value`` is text as people write it (pounds with two decimals, no sign for £);
    None where it is not known. ``place`` names the value in the rule document.
    """

    operator: Operator
    label: str
    value: str | None
    unit: Unit
    place: str | None = None
    source: str | None = None
    standing: str | None = None
    note: str | None = None

    @property
    def text(self) -> str:
        """Return the value for people: pounds with their thousands apart, ``not known`` where it is not."""
        if self.value is None:
            return NOT_APPLICABLE if self.note == Missing.not_funded else NOT_KNOWN
        if self.value == NOT_PRINTED:
            return NOT_PRINTED
        return grouped(self.value) if self.unit.is_money else self.value

    @property
    def provenance(self) -> str:
        """Return for people where a value comes from: its source, its standing unless verified, and why there is none."""
        standing = "" if self.standing in {None, "verified"} else f"[{self.standing}]"
        why = self.note if self.value is None else ""
        return " ".join(part for part in (self.source, standing, why) if part)


def operator_of(op: Op) -> Operator:
    """Return the sign of a step; what bounds or switches decides."""
    match op:
        case Op.start:
            return Operator.start
        case Op.plus | Op.add_percent:
            return Operator.plus
        case Op.minus:
            return Operator.minus
        case Op.times | Op.percent_of:
            return Operator.times
        case Op.per:
            return Operator.divided_by
        case Op.at_least | Op.at_most | Op.one_from | Op.one_to | Op.note:
            return Operator.decides
        case Op.result | Op.whole_part:
            return Operator.equals
        case _:
            assert_never(op)


def exact_text(exact: Fraction) -> str:
    """Return a number with every decimal; one without an end to ten.

    >>> exact_text(Fraction(1, 8)), exact_text(Fraction(1, 3)), exact_text(Fraction(7))
    ('0.125', '0.3333333333', '7')
    """
    rest = exact.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return number(half_away(exact.numerator * DECIMALS, exact.denominator), DECIMALS)
    return f"{Decimal(exact.numerator) / Decimal(exact.denominator):f}"


def exact_pounds(pence: Fraction) -> str:
    """Return pounds with two decimals, or with every decimal of an amount that is not whole pence.

    >>> exact_pounds(Fraction(1050)), exact_pounds(Fraction(2101, 2))
    ('10.50', '10.505')
    """
    if pence.denominator == 1:
        return pounds(pence.numerator)
    whole, _, part = exact_text(pence / PENCE).partition(".")
    return f"{whole}.{part:0<2}"


def grouped(text: str) -> str:
    """Return a number with its thousands apart, every decimal kept.

    >>> grouped("1152138.52"), grouped("-650"), grouped("-0.125")
    ('1,152,138.52', '-650', '-0.125')
    """
    sign = "-" if text.startswith("-") else ""
    whole, point, part = text.removeprefix("-").partition(".")
    return f"{sign}{int(whole):,}{point}{part}"


def padded(pounds_text: str) -> str:
    """Return pounds as text, with at least two decimals."""
    whole, _, part = pounds_text.partition(".")
    return f"{whole}.{part:0<2}"


def _text(step: Step, value: Value, exact: Fraction | None, own: PartlyKnown) -> str | None:
    """Return a step's value as people write it, None where it is not known; ``exact`` is what it counted for."""
    if isinstance(value, DocumentValue):
        if _is_nobodys(value):
            return None
        text = value.dated.value
        return padded(text) if value.unit is Unit.pounds and text != NOT_PRINTED else text
    if isinstance(value, Plain) and value.text == NOT_PRINTED:
        return value.text
    if exact is None:
        return None
    money = exact * PENCE if step.op is Op.times else exact
    match value:
        case Plain(text, unit, _):
            return padded(text) if unit is Unit.pounds else text
        case Own(name, _, unit, _):
            held = own[name]
            if held is None or isinstance(held, Of):
                return None if held is None else str(held)
            return exact_pounds(money) if unit is Unit.pounds else number(int(held * MILLION))
        case Earlier(_, unit):
            return exact_pounds(money) if unit.is_money else exact_text(exact)
        case _:
            assert_never(value)


def rows(steps: Iterable[Step], own: PartlyKnown, titles: Mapping[str, str]) -> Iterator[Row]:
    """Yield the row of each step that says something."""
    yield from rows_of_results([*run(steps, own)], own, titles)


def rows_of_results(
    worked: Sequence[StepResult], own: PartlyKnown, titles: Mapping[str, str]
) -> Iterator[Row]:
    """Yield the row of each step that says something, of steps that were worked with a row's ``own`` numbers.

    A bound is left out where it decides nothing, and a result where another follows at once,
    unless a later step takes it.
    """
    before: Fraction | None = Fraction(0)
    following = [*(step for step, _, _ in worked[1:]), None]
    for (step, exact, held), follower in zip(worked, following, strict=True):
        same, before = held == before, held
        if step.op in (Op.at_least, Op.at_most) and same and exact is not None:
            continue
        operator, value = operator_of(step.op), step.value
        if value is not None:
            source = source_of(value, titles)
            yield Row(
                operator,
                f"{step.label}{of_row(value)}",
                _text(step, value, exact, own),
                value.unit,
                value.path,
                *source,
            )
        elif step.name or follower is None or follower.op is not Op.result:
            yield Row(operator, step.label, _result_text(step, held), step.unit)


def _result_text(step: Step, held: Fraction | None) -> str | None:
    """Return what a result comes to as people write it, None where it is not known."""
    if held is None:
        return None
    return exact_pounds(held) if step.unit.is_money else exact_text(held)


def _is_nobodys(value: DocumentValue) -> bool:
    """Return whether a value is in the place of one that a table of values does not have: no source gives it."""
    return value.dated.value == NOT_PRINTED and not value.dated.source


def source_of(value: Value, titles: Mapping[str, str]) -> tuple[str | None, str | None, str | None]:
    """Return a value's source, standing and note; nothing for what the document does not source."""
    if not isinstance(value, DocumentValue):
        return None, None, None
    given = value.dated
    if _is_nobodys(value):
        return None, None, given.note
    return titles.get(given.source), given.standing.value, given.note


def of_row(value: Value) -> str:
    """Return of whom a value is, after its label: the authority's name, or the conditions of its row."""
    conditions = value.of if isinstance(value, DocumentValue) else ()
    match conditions:
        case ():
            return ""
        case (("la", (code,)),):
            return f" of {choice_words('la', code)}"
    return f", {conditions_words(conditions)}"


def conditions_words(conditions: Iterable[tuple[str, Sequence[str]]]) -> str:
    """Return conditions as one phrase, authorities by their names.

    >>> conditions_words([("la", ["886"]), ("setting", ["sen_unit", "special"])])
    'Kent, setting SEN unit or special'
    """
    parts = []
    for name, choices in conditions:
        said = " or ".join(choice_words(name, one) for one in choices)
        parts.append(said if name == "la" else f"{words_of(name)} {said}")
    return ", ".join(parts)


def choice_words(name: str, choice: str) -> str:
    """Return a choice of a condition in words: an authority by its name."""
    if name != "la":
        return words_of(choice) if name != "band" else choice
    known = authority_codes().get(int(choice))
    return choice if known is None else known.name


ABBREVIATIONS = frozenset({"sen", "ehc", "fsm", "fsm6", "eal", "eal3", "idaci", "pfi", "urn"})
"""Parts of names that the field writes in capitals."""


def words_of(name: str) -> str:
    """Return the words of a name of ours, as they are within a sentence.

    >>> words_of("sen_provision"), words_of("support_hours")
    ('SEN provision', 'support hours')
    """
    parts = name.split("_")
    return " ".join(part.upper() if part in ABBREVIATIONS else part for part in parts)


def label_of(name: str) -> str:
    """Return the words of a name of ours as a label.

    >>> label_of("sen_provision"), label_of("support_hours")
    ('SEN provision', 'Support hours')
    """
    words = words_of(name)
    return words[:1].upper() + words[1:]
