"""The headings of a table of cases: what it is about, which of them expect a result, and which are wrong."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from engine.cases.subject import PREFIX, Subject
from engine.cases.subjects import SUBJECTS
from engine.errors import PairRefused, Problem, TableRefused
from engine.reading.column_names import plain_spelling
from engine.rules import CompiledRules
from engine.table_checks import heading as shown_heading
from engine.table_checks import plain_name
from engine.wording import nearest

NOT_VALUED = "not-valued"
"""The rule of headings that expect what the rules value, if at all, of something else than the table's rows."""

_FORMS = (
    "no column says what is expected; head one paid, budget, notional_sen, extra, deduction or block, "
    "or expected_ and the name of a result, such as expected_band"
)
_SHORT = frozenset(heading for one in SUBJECTS for heading in one.short)


@dataclass(frozen=True, slots=True)
class Headings:
    """What a table is about, and its headings by what they are for.

    ``results`` are the headings that expect a result, with its name. ``wrong`` are those that expect none of the
    subject's, or whose spelling is another; ``problems`` say so of all of them.
    """

    subject: Subject
    results: Mapping[str, str]
    wrong: frozenset[str]
    problems: tuple[Problem, ...]


def is_expectation(heading: str) -> bool:
    """Return whether a heading is one of those that say what is expected, whatever the rules value."""
    return heading.startswith(PREFIX) or heading in _SHORT


def headings_of(rules: CompiledRules, headings: Sequence[str]) -> Headings:
    """Return what the headings of a table say under rules, wrong ones among them.

    Raises ``TableRefused``, or ``PairRefused`` where the rules do not value what is expected, with all that is
    wrong with the headings, where these leave open what the table is about.
    """
    valued = [one for one in SUBJECTS if one.is_of(rules)]
    meant = _misspelt(headings, _names(rules, valued) | _SHORT)
    read = [meant.get(one, one) for one in headings]
    subject = _fitting(rules, valued, read)
    foreign: list[Problem] = []
    if subject is None:
        subject = _nearest(rules, valued, read)
        foreign = _foreign(rules, valued, read, subject)
    if subject is None:
        problems = [*_spelling(meant), *foreign]
        raise (PairRefused if is_pair(problems) else TableRefused)(problems)
    shapes = subject.shapes(rules)
    found = {one: subject.result(rules, one) for one in headings}
    results = {one: name for one, name in found.items() if name is not None and name in shapes}
    others = {one for one in headings if is_expectation(one)} - subject.inputs(rules)
    meant = _misspelt(headings, _names(rules, [subject]))
    wrong = frozenset({*meant, *(others - results.keys())})
    return Headings(subject, results, wrong, (*_spelling(meant), *foreign))


def is_pair(problems: Collection[Problem]) -> bool:
    """Return whether problems are all of rules and a table that do not fit each other."""
    return {one.rule for one in problems} == {NOT_VALUED}


def _fitting(
    rules: CompiledRules, valued: Sequence[Subject], headings: Sequence[str]
) -> Subject | None:
    """Return the subject that has all results which are expected: of several, the one that most of the columns belong to."""
    fitting: list[Subject] = []
    for subject in valued:
        names = {name for one in headings if (name := subject.result(rules, one)) is not None}
        left = (_SHORT - {*subject.short}) & {*headings}
        if names and not left - subject.inputs(rules) and names <= subject.shapes(rules).keys():
            fitting.append(subject)
    return max(fitting, key=lambda one: len({*headings} & one.inputs(rules)), default=None)


def _nearest(
    rules: CompiledRules, valued: Sequence[Subject], headings: Sequence[str]
) -> Subject | None:
    """Return the subject that more columns and results belong to than to any other.

    None where two are as near, and where the table expects what the rules value of nothing and most of its columns
    are no columns of the subject: then they are right in a table of something else.
    """
    plain = {plain_spelling(one) for one in headings if not is_expectation(one)}
    near: dict[tuple[int, int], list[Subject]] = {}
    for subject in valued:
        columns = len(plain & set(map(plain_spelling, subject.columns(rules))))
        results = len(_names(rules, [subject]) & {*headings})
        near.setdefault((columns, results), []).append(subject)
    most = max(near, default=(0, 0))
    nearest_ones = near.get(most, [])
    is_foreign = not _SHORT.isdisjoint({*headings} - _names(rules, valued))
    if len(nearest_ones) != 1 or (is_foreign and 2 * most[0] <= len(plain)):
        return None
    return nearest_ones[0]


def _foreign(
    rules: CompiledRules,
    valued: Sequence[Subject],
    headings: Sequence[str],
    subject: Subject | None,
) -> list[Problem]:
    """Return what is wrong with headings that expect no result of the rules, or those of several tables."""
    known = _names(rules, valued)
    inputs = frozenset[str]() if subject is None else subject.inputs(rules)
    named = [one for one in headings if is_expectation(one) and one not in inputs]
    if not named:
        return [Problem(_FORMS, "nothing-expected")]
    unknown = [one for one in named if one.startswith(PREFIX) and one not in known]
    problems = [
        Problem(
            "is no result of these rules" + _hint(one, known),
            "unknown-result",
            column=plain_name(one),
        )
        for one in unknown
    ]
    kinds = " and ".join(one.many for one in valued) or "nothing"
    foreign = [one for one in named if one not in known and one not in unknown]
    if foreign:
        sentence = f"these rules value {kinds}, and no table of them expects {', '.join(foreign)}"
        problems.append(Problem(sentence, "not-valued"))
    there = [one for one in named if one in known]
    if not any({*there} <= _names(rules, [one]) for one in valued):
        sentence = f"no one table expects {', '.join(there)}: give {kinds} a table each"
        problems.append(Problem(sentence, "not-valued"))
    return problems


def _misspelt(headings: Sequence[str], known: Collection[str]) -> dict[str, str]:
    """Return the headings that differ from an expectation in capitals, blanks and hyphens alone, with what they mean."""
    plain = {one: "_".join(re.findall(r"[^\W_]+", one.casefold())) for one in headings}
    return {one: name for one, name in plain.items() if name in known and one != name}


def _spelling(meant: Mapping[str, str]) -> list[Problem]:
    return [
        Problem(
            f"unknown column; did you mean {name}?", "column-spelling", column=shown_heading(one)
        )
        for one, name in meant.items()
    ]


def _names(rules: CompiledRules, subjects: Sequence[Subject]) -> set[str]:
    """Return the headings of all results that a table about any of the subjects may expect."""
    short = {heading for one in subjects for heading in one.short}
    return short | {f"{PREFIX}{name}" for one in subjects for name in one.shapes(rules)}


def _hint(heading: str, known: set[str]) -> str:
    near = nearest(heading, sorted(known))
    return f"; did you mean {near}?" if near else ""
