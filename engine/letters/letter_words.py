"""What a letter check says in words: what may stand behind a difference, and a paragraph to send to the authority."""

from collections.abc import Iterator

from engine.explain import grouped
from engine.letters.causes import CauseKind, Change
from engine.letters.own_sums import OwnSum
from engine.letters.printed_figures import Difference, LetterComparison
from engine.letters.search import LetterCheck
from engine.money import PERCENT_TO_MILLIONTHS, number, pounds
from engine.rules.document import RuleSet

MOST_IN_A_PARAGRAPH = 3
"""Causes and lines that a paragraph names; the others are counted."""


def sterling(pence: int) -> str:
    """Return pence as pounds in a sentence.

    >>> sterling(-123456)
    '-£1,234.56'
    """
    return f"{'-' if pence < 0 else ''}£{grouped(pounds(abs(pence)))}"


def value_text(change: Change, value: int) -> str:
    """Return a value of a change as text: percent of a percentage, a number of units, pounds of the others.

    >>> value_text(Change(CauseKind.units, ("fsm_primary",), ("FSM",), 30_000_000, 28_500_000), 28_500_000)
    '28.5'
    """
    match change.kind:
        case CauseKind.percentage:
            return number(value, PERCENT_TO_MILLIONTHS)
        case CauseKind.units | CauseKind.swap:
            return number(value)
        case _:
            return pounds(value)


def change_words(change: Change, what: str = "letter") -> str:
    """Return what is another input in the letter, as a sentence without its end; ``what`` names the letter.

    >>> change_words(Change(CauseKind.units, ("fsm_primary",), ("Free school meals (primary)",), 30_000_000, 28_000_000))
    'Free school meals (primary): the letter may count 28, not 30'
    """
    names = " and ".join(change.labels) if len(change.labels) == _TWO else "; ".join(change.labels)
    match change.kind:
        case CauseKind.units:
            return f"{names}: the {what} may count {grouped(number(change.after))}, not {grouped(number(change.before))}"
        case CauseKind.unit_value:
            return f"{names}: the {what} may pay {sterling(change.after)} for each, not {sterling(change.before)}"
        case CauseKind.percentage:
            after, before = (value_text(change, one) for one in (change.after, change.before))
            return f"{names}: {after}% may be notional SEN in the {what}, not {before}%"
        case CauseKind.swap:
            return f"{names}: the {what} may have the two numbers the wrong way round"
        case CauseKind.left_out:
            return f"{names}: the {what} may leave it out"
        case CauseKind.protection:
            return f"{names}: the {what} may leave this adjustment out"


_TWO = 2


def headline(comparison: LetterComparison) -> str:
    """Return how the letter differs, as one sentence without its end."""
    gap, of = comparison.gap, "notional SEN"
    if gap is None:
        gap, of = comparison.formula.pence, "formula funding"
    if gap is None:
        amounts = [one.amount.pence for one in comparison.lines if one.amount.pence is not None]
        gap = sum(amounts) if amounts else None
    if gap is None:
        return "The letter and the formula cannot be compared, as no figure is in both"
    if comparison.is_same:
        return "The letter has the same figures"
    if not gap:
        return f"The letter has the same {of} in all, and other figures line by line"
    return f"The letter has {sterling(abs(gap))} {'more' if gap > 0 else 'less'} {of}"


def paragraph(check: LetterCheck, document: RuleSet, school: str = "") -> str:
    """Return a paragraph that a school can send to its authority; empty where nothing differs."""
    if check.comparison.is_same:
        return ""
    return " ".join(_sentences(check, document, school))


def _sentences(check: LetterCheck, document: RuleSet, school: str) -> Iterator[str]:
    of_school = f" for {school}" if school else ""
    year = "" if document.funding_year in document.title else f", {document.funding_year}"
    yield f"We have compared the budget statement{of_school} with the published formula ({document.title}{year})."
    comparison = check.comparison
    for one in (comparison.notional, comparison.formula):
        if one.pence:
            yield f"{_figures(one)}, a difference of {sterling(abs(one.pence))}."
    differing = [
        f"{one.label} ({of}), {sterling(one.theirs or 0)} and not {sterling(one.ours or 0)}"
        for line in comparison.lines
        for of, one in (("notional SEN", line.notional), ("in all", line.amount))
        if one.pence
    ]
    if differing:
        first = "; ".join(differing[:MOST_IN_A_PARAGRAPH])
        more = len(differing) - MOST_IN_A_PARAGRAPH
        yield f"These figures differ: {first}{f'; and {more} more' if more > 0 else ''}."
    own = check.own_sum
    if own is not None:
        yield f"The lines of the statement come to {sterling(own.lines)} of notional SEN, and its total is {sterling(own.total)}{as_much_words(own)}."
    if check.causes:
        simplest = "; or ".join(
            change_words(one.change, "statement") for one in check.causes[:MOST_IN_A_PARAGRAPH]
        )
        one_of = "This" if len(check.causes) == 1 else "Any one of these"
        which = f"{one_of} would explain all of it" if check.is_whole else "This may be why"
        yield f"{which}: {simplest}."
    yield "Could you tell us which numbers of pupils, unit values and percentages you used, and correct the statement if one of them is wrong?"


def as_much_words(own: OwnSum) -> str:
    """Return what the difference of a letter's total from its lines is as much as, as the end of a sentence; or nothing."""
    if not own.as_much_as:
        return ""
    return f"; {sterling(abs(own.pence))} is as much as {' or '.join(own.as_much_as)}"


def _figures(one: Difference) -> str:
    ours, theirs = (sterling(pence or 0) for pence in (one.ours, one.theirs))
    return f"{one.label}: {theirs} in the statement, {ours} by the formula and our figures"
