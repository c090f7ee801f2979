"""What changed between two versions or years of rules: in words, and for a school's figures in pounds."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from app.pages.answers import Answers, Mistake, read_school
from app.pages.clauses import SECTIONS
from app.pages.fields import Field
from app.pages.forms import Form, budget_form
from app.pages.percentages import percentages_of
from app.pages.rule_lists import Choice
from app.pages.trials import choice_of
from app.pages.words import day_words, sentence, value_words, whose_and_year
from engine.attribution import ClauseChange, ClauseEffects, clause_effects, school_amounts
from engine.days import day_of
from engine.explain import words_of
from engine.export import difference_rows, numbers_of
from engine.modules import AbsentLines
from engine.money import is_digits, is_number
from engine.rules import CompiledRules, RuleSet

BEFORE, AFTER, RESULT = "before", "after", "result"
NAMES = {BEFORE: "The rules before", AFTER: "The rules after"}
AT = "@"
"""Between an identifier and its version."""

NONE = "none"
YES_OR_NO = {"True": "yes", "False": "no"}
OF_THE_YEAR = ("funding_year", "effective.")
"""What differs between any two years, and is said in the heading."""

_FROM = re.compile(r"(?P<value>.+) from (?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})")


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A place in which rules differ, in words: its part, its name there, and what each side has."""

    part: str
    clause: str
    before: str
    after: str

    @property
    def name(self) -> str:
        """Return its name with its part."""
        return f"{self.part}: {self.clause}" if self.part else self.clause


@dataclass(frozen=True, slots=True)
class BroughtChange:
    """Places that change together, and what they bring a school by themselves, pence."""

    changes: tuple[RuleChange, ...]
    alone: int


@dataclass(frozen=True, slots=True)
class RuleChanges:
    """Two rule sets with all that differs, by part; ``effects`` has it in pounds where a school's figures are there."""

    before: RuleSet
    after: RuleSet
    changes: tuple[RuleChange, ...]
    brought: tuple[BroughtChange, ...] = ()
    effects: ClauseEffects | None = None

    @property
    def labels(self) -> tuple[str, str]:
        """Return what the two rule sets are called."""
        sides = (self.before, self.after)
        names = [whose_and_year(one) for one in sides]
        if names[0] == names[1]:
            names = [
                f"{name}, version {one.version}" for name, one in zip(names, sides, strict=True)
            ]
        return names[0], names[1]

    @property
    def parts(self) -> Iterator[tuple[str, list[RuleChange]]]:
        """Yield what differs by part, in the order of the rules."""
        parts = dict.fromkeys(one.part for one in self.changes)
        for part in parts:
            yield part, [one for one in self.changes if one.part == part]

    @property
    def idle(self) -> int:
        """Return how many changes bring the school nothing by themselves."""
        return sum(not one.alone for one in self.brought)


@dataclass(frozen=True, slots=True)
class RuleChangesPage:
    """The page: what can be chosen, what was chosen, what is wrong, and the differences where nothing is."""

    choices: tuple[Choice, ...]
    chosen: Mapping[str, str]
    result: str = ""
    form: Form | None = None
    mistakes: tuple[Mistake, ...] = ()
    found: RuleChanges | None = None

    def wrong(self, name: str) -> str | None:
        """Return what is wrong with a choice."""
        return next((one.sentence for one in self.mistakes if one.field == name), None)


def stem(document: RuleSet) -> str:
    """Return what rules of several years have in common in their identifiers."""
    return document.identifier.replace(document.funding_year, "")


def year_before(document: RuleSet, every: Sequence[RuleSet]) -> RuleSet | None:
    """Return the latest rules of an earlier year that are otherwise the same, None where there are none."""
    earlier = [
        one
        for one in every
        if stem(one) == stem(document) and one.funding_year < document.funding_year
    ]
    return max(earlier, key=lambda one: one.funding_year, default=None)


def earlier_rules(
    document: RuleSet, versions: Sequence[int], every: Sequence[RuleSet]
) -> Iterator[tuple[str, str]]:
    """Yield the version and the year before some rules in words, each with the query that shows what changed since."""
    here = f"{document.identifier}{AT}{document.version}"
    last = max((one for one in versions if one < document.version), default=None)
    if last is not None:
        there = f"{document.identifier}{AT}{last}"
        yield f"version {last}", urlencode({BEFORE: there, AFTER: here})
    earlier = year_before(document, every)
    if earlier is not None:
        yield earlier.funding_year, urlencode({BEFORE: earlier.identifier, AFTER: here})


def rule_changes(before: RuleSet, after: RuleSet) -> RuleChanges:
    """Return what differs between two rule sets, in words."""
    names = _names(before, after)
    rows = difference_rows(before, after).frame.to_dicts()
    changes = tuple(
        _change(names, one["place"], one["before"], one["after"])
        for one in rows
        if not one["place"].startswith(OF_THE_YEAR)
    )
    return RuleChanges(before, after, changes)


def for_figures(
    before: CompiledRules, after: CompiledRules, form: Form, mistakes: list[Mistake]
) -> RuleChanges:
    """Return what differs, and what each difference brings the school of a form; what cannot be read is a mistake.

    Raises ``PairRefused`` where the two differ in too many places, or do not take the figures.
    """
    changes = rule_changes(before.document, after.document)
    fields = _fields((before, after), form.answers)
    names = {one.name for one in fields}
    entries = {name: text for name, text in form.answers.entries.items() if name in names}
    answers = replace(form.answers, entries=entries, overrides=())
    school = read_school(answers, fields, before.wanted | after.wanted, mistakes, form.la)
    if school is None or mistakes:
        return changes
    meaning = AbsentLines.zero if answers.blanks_are_none else AbsentLines.not_supplied
    effects = clause_effects(before, after, school_amounts(school.table, None, meaning))
    places = _names(before.document, after.document)
    brought = tuple(_brought(places, one) for one in effects.clauses)
    return replace(changes, effects=effects, brought=brought)


def _fields(sides: Sequence[CompiledRules], answers: Answers) -> tuple[Field, ...]:
    """Return the questions of either rule set for a school, each once."""
    asked: dict[str, Field] = {}
    for rules in sides:
        if rules.formula is None or answers.phase is None:
            continue
        bare = Answers({}, answers.phase, authority=answers.authority)
        percentages = percentages_of(rules.formula, bare, answers.phase)
        form = budget_form(rules, rules.formula, bare, percentages, sent=False)
        asked = {one.name: one for one in form.fields} | asked
    return tuple(asked.values())


def _brought(names: Mapping[str, tuple[str, str]], one: ClauseChange) -> BroughtChange:
    rows = zip(one.places, one.before, one.after, strict=True)
    return BroughtChange(tuple(_change(names, *row) for row in rows), one.alone)


def _names(before: RuleSet, after: RuleSet) -> dict[str, tuple[str, str]]:
    """Return the part and the name there of each number of either rule set, by its path."""
    found: dict[str, tuple[str, str]] = {}
    for document in (before, after):
        for number in numbers_of(document):
            choice = choice_of(document, number)
            found[number.path] = (choice.part, choice.clause.partition(", from ")[0])
    return found


def _change(
    names: Mapping[str, tuple[str, str]], place: str, before: str | None, after: str | None
) -> RuleChange:
    part, clause = names.get(place) or _plain(place)
    return RuleChange(part, clause, _value(place, before), _value(place, after))


def _plain(place: str) -> tuple[str, str]:
    """Return a place that is no number in words: its first name, and the others."""
    section, *below = [one for one in place.split(".") if not is_digits(one)]
    part = SECTIONS.get(section) or sentence(words_of(section))
    return part, ", ".join(sentence(words_of(one)) for one in below) or part


def _value(place: str, text: str | None) -> str:
    """Return what a place has in words; each value of one that changes within the year with its day."""
    if text is None:
        return NONE
    return ", then ".join(_one_value(place, one) for one in text.split("; "))


def _one_value(place: str, text: str) -> str:
    match = _FROM.fullmatch(text)
    if match is not None:
        value = _one_value(place, match["value"])
        return f"{value} from {day_words(day_of(match['day']))}"
    if is_number(text):
        return value_words(place, text)
    with suppress(ValueError):
        return day_words(day_of(text))
    return YES_OR_NO.get(text) or text.replace("_", " ")
