"""Single numbers of a published rule set replaced for a what-if; the rule set itself never changes.

A value is replaced at its own first day, so that all else goes on as published: later values,
uprating, area adjustment, rounding. The published number tried gives the published answer.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from pydantic import ValidationError

from engine.errors import OverrideRefused, Problem, RuleRefused
from engine.money import is_digits
from engine.rules.changed_part import with_values
from engine.rules.cross_checks import still_fits
from engine.rules.cut_trials import CutTrials, gaps
from engine.rules.document import RuleSet
from engine.rules.load import plain, rule_set_from
from engine.rules.number_kinds import Kind, default_of, may_be_whole
from engine.rules.override_problems import blamed
from engine.rules.paths import Found, Paths, part_of
from engine.rules.trial_days import EVERY, days_replaced, path_and_date, year_notes
from engine.rules.trials import STANDING, Replaced, Trial
from engine.rules.unknown_path import unknown_path
from engine.rules.values import Series, dated_values
from engine.rules.yaml_source import MOST_PROBLEMS, Path
from engine.rules.yaml_source import place as dotted
from engine.vocabulary import NOT_PRINTED

SOURCE = "what_if"
UPRATING = "uprating_percent"
TITLE = "Value tried in a what-if"
FIRST_KNOWN = (
    "was not printed: amounts that depend on it are known with the value that is tried alone, so a comparison"
    " counts them as not known and shows no change of them"
)
"""The note on a figure that is tried where the document has none."""

MOST_CANDIDATES = 10
"""Numbers of one name that are listed; the others are counted."""

MOST_NEAREST = 5
"""Unknown paths of which the nearest one is looked for; a hundred wrong ones have one cause."""


class WhatIf(NamedTuple):
    """A document with values tried in it, what each of them replaces, and what was typed for each path."""

    document: RuleSet
    trials: tuple[Trial, ...]
    places: Mapping[str, str]


class Numbers:
    """The numbers of a published document by their paths, looked up once for all that is tried in it."""

    def __init__(self, document: RuleSet) -> None:
        """Keep the document's dated values and its plain form, which nothing may change."""
        self.document, self.paths = document, Paths(document)
        self.series: dict[Path, Series] = {}
        for path, value in dated_values(document):
            self.series[path[:-1]] = (*self.series.get(path[:-1], ()), value)


def override(
    document: RuleSet, overrides: Sequence[tuple[str, str]], on: date | None = None
) -> RuleSet:
    """Return the document of a what-if; see ``what_if``."""
    return what_if(document, overrides, on).document


def what_if(
    document: RuleSet,
    overrides: Sequence[tuple[str, str]],
    on: date | None = None,
    numbers: Numbers | None = None,
) -> WhatIf:
    """Return a document with numbers replaced, each marked proposed, and what each replaces.

    Each override is a path with the number to try. Of dated values the one in force ``on`` a day,
    by default the first of the rule set, is replaced at its own first day; ``PATH@DATE`` replaces
    the one that begins on a day, ``PATH@*`` every one, and ``PATH@from:DATE`` adds one. Rows are
    named by number or as ``engine.rules.row_names`` says. A cut-off moves on both its sides.
    ``numbers`` are those of the document, where more than one what-if is made of it.

    Raises ``OverrideRefused`` with every path that leads to no number or to several, every number
    that does not fit its place, and a cut-off that leaves pupils without a band.
    """
    if not overrides:
        return WhatIf(document, (), {})
    draft = _Draft(numbers or Numbers(document), on)
    sentence = "duplicate; give each place one value"
    problems = [
        Problem(sentence, "repeated", place=place)
        for place, count in Counter(place for place, _ in overrides).items()
        if count > 1
    ]
    for place, value in overrides:
        try:
            problem = draft.put(place, value)
        except ValueError as error:
            problem = Problem(str(error), "place", place=place)
        problems += [] if problem is None else [problem]
    more = 0
    try:
        tried = draft.document()
    except OverrideRefused as refusal:
        problems += refusal.problems
        more = refusal.total - len(refusal.problems)
    if problems:
        raise OverrideRefused(problems[:MOST_PROBLEMS], len(problems) + more)
    return WhatIf(tried, tuple(draft.trials), draft.places)


def numbers_at(
    document: RuleSet, overrides: Sequence[tuple[str, str]], on: date | None = None
) -> dict[str, Found]:
    """Return which number each place of some overrides leads to, whose values are not looked at further.

    Raises ``OverrideRefused`` with every place that leads to no number, to several, or where another leads.
    """
    draft, found, problems = _Draft(Numbers(document), on), dict[str, Found](), []
    for place, value in overrides:
        number = draft.number(path_and_date(place)[0], place)
        if isinstance(number, Problem):
            problems.append(number)
            continue
        found[place] = number
        try:
            problem = draft.put(place, value)
        except ValueError as error:
            # A cut-off that cannot be is the fault of one value; a wrong day is of the path.
            problem = (
                None if number.kind is Kind.cut_off else Problem(str(error), "place", place=place)
            )
        problems += [] if problem is None else [problem]
    if problems:
        raise OverrideRefused(problems[:MOST_PROBLEMS], len(problems))
    return found


def pair_of(text: str) -> tuple[str, str]:
    """Return the path and the value of an override as one text; ``ValueError`` says how it is spelled.

    >>> pair_of("top_up_rule.cap=90000")
    ('top_up_rule.cap', '90000')
    """
    place, equals, value = text.rpartition("=")
    place, value = place.strip(), value.strip()
    if not equals or not place or not value:
        message = "must be PATH=VALUE, such as schools_formula.area_cost_adjustment=1.02"
        raise ValueError(message)
    return place, value


class _Draft:
    """What a what-if changes of a document: plain values by their paths."""

    def __init__(self, numbers: Numbers, on: date | None) -> None:
        self.published, self.now = numbers.document, numbers.document.in_force(on)
        self.series, self.paths = numbers.series, numbers.paths
        profile = self.published.band_profile
        self.cuts = CutTrials(self.paths, () if profile is None else profile.bands)
        self.changes: dict[Path, Any] = {}
        self.trials: list[Trial] = []
        self.places: dict[str, str] = {}
        self._unknown = 0

    def put(self, place: str, value: str) -> Problem | None:
        """Put a value in its place, or return why it cannot be; ``ValueError`` has a sentence for it."""
        text, which = path_and_date(place)
        found = self.number(text, place)
        if isinstance(found, Problem):
            return found
        path, kind = found.path, found.kind
        notes: list[str] = []
        if kind is Kind.dated:
            replaced = self._put_dated(path, value, which, notes)
        elif which not in {None, EVERY}:
            return Problem("has no dates; leave out the @ and what follows", "place", place=place)
        elif kind is Kind.cut_off:
            replaced = dict(self.cuts.add(path, value))
        else:
            replaced = {path: self._put_number(path, value)}
            notes += [FIRST_KNOWN] if replaced[path].published == NOT_PRINTED else []
        note = "; ".join(notes) or None
        self.trials.append(Trial(place, value, tuple(replaced.values()), note))
        return self._duplicate(place, replaced)

    def document(self) -> RuleSet:
        """Return the document with all values in it, or refuse by the places that were typed."""
        self.changes[("sources", SOURCE)] = {"title": TITLE}
        empty = self.cuts.put(self.changes)
        if empty:
            problems = {
                Problem(sentence, "place", place=self.places[dotted(path)])
                for path, sentence in empty.items()
            }
            raise OverrideRefused(sorted(problems, key=str))
        with suppress(ValidationError):
            document: RuleSet = with_values(self.published, self.changes)
            if still_fits(document, self.changes):
                return self._without_gaps(document)
        return self._checked_whole()

    def _checked_whole(self) -> RuleSet:
        """Return the document checked as when it is read, which finds and words every problem."""
        values = plain(self.published)
        for path, value in self.changes.items():
            here: Any = values
            for part in path[:-1]:
                here = here.setdefault(part, {}) if isinstance(here, dict) else here[part]
            here[path[-1]] = value
        try:
            document = rule_set_from(values)
        except RuleRefused as refusal:
            wrong = [blamed(_by_day(one, values), self.places) for one in refusal.problems]
            raise OverrideRefused(wrong, refusal.total) from None
        return self._without_gaps(document)

    def _without_gaps(self, document: RuleSet) -> RuleSet:
        """Return a document whose bands leave nothing open that they cover as published, or refuse it."""
        if open_ := gaps(self.published, document) if self.cuts else []:
            raise OverrideRefused([blamed(one, self.places) for one in open_])
        return document

    def number(self, text: str, place: str) -> Found | Problem:
        """Return the number that a text names, or why it names none or several.

        A name that fits several rows is of the one that it says whole, each field with its key.
        """
        found = self.paths.find(text)
        if not found:
            self._unknown += 1
            is_near = self._unknown <= MOST_NEAREST
            return unknown_path(self.paths, text, place, is_near=is_near)
        by_path = {one.path: one for one in found}
        exact = [one for one in by_path.values() if one.exact]
        chosen, *rest = exact if len(exact) == 1 else list(by_path.values())
        if not rest:
            return chosen
        numbered = next((one for one in found if one.by_number), None)
        sentence = (
            self._several(list(by_path)) if numbered is None else self._two(numbered, by_path)
        )
        return Problem(sentence, "ambiguous", place=place)

    def _several(self, paths: Sequence[Path]) -> str:
        """Return that a name is that of several numbers, and what names each."""
        candidates = [
            f"{self.paths.name(one)} ({self.paths.text(one)})" for one in paths[:MOST_CANDIDATES]
        ]
        more = [f"and {len(paths) - MOST_CANDIDATES} more"] if len(paths) > MOST_CANDIDATES else []
        return f"is the name of {len(paths)} numbers; give one of {'; '.join([*candidates, *more])}"

    def _two(self, numbered: Found, named: Iterable[Path]) -> str:
        """Return that a number may be that of a row or the name of another, and both ways out."""
        others = " or ".join(self.paths.name(one) for one in named if one != numbered.path)
        row, same = self.paths.numbered(numbered.path), self.paths.name(numbered.path)
        by_row = row if same == row else f"{row}, which is {same}"
        return f"has two readings: give {others} by its name, or by the number of the row, from 0, {by_row}"

    def _put_dated(
        self, path: Path, value: str, which: str | None, notes: list[str]
    ) -> dict[Path, Replaced]:
        """Put dated values in their place, and return what each replaces, by its path and first day."""
        name = str(path[-1])
        series = self.series.get(path, ())
        published = {one.from_: one.value for one in series}
        effective, replaced = self.published.effective, {}
        for day in days_replaced(series, which, self.now, effective):
            first = day.isoformat()
            others = [one for one in self._value_at(path) or () if one["from"] != first]
            here = {"from": first, "value": value, "source": SOURCE, "standing": STANDING.value}
            self.changes[path] = sorted([*others, here], key=lambda one: str(one["from"]))
            was = Replaced(self.paths.name(path), published.get(day), day, value)
            replaced[(*path, first)] = was
            if published.get(day) == NOT_PRINTED:
                notes.append(FIRST_KNOWN)
            # Every uprating counts, and every value is replaced by '*'.
            is_alone = which != EVERY and name != UPRATING
            notes += year_notes(list(published), day, self.now) if is_alone else []
        return replaced

    def _put_number(self, path: Path, value: str) -> Replaced:
        """Put a number without dates in its place, and return what it replaces."""
        held = self._value_at(path)
        published = default_of(path) if held is None else held
        whole = is_digits(value) and may_be_whole(path)
        self.changes[path] = int(value) if whole else value
        was = None if published is None else str(published)
        return Replaced(self.paths.name(path), was, None, value)

    def _duplicate(self, place: str, replaced: Iterable[Path]) -> Problem | None:
        """Keep where a place leads, or return that another one leads there in another spelling."""
        for path in replaced:
            other = self.places.setdefault(dotted(path), place)
            if other != place:
                sentence = f"duplicate of {other}; give each number once"
                return Problem(sentence, "repeated", place=place)
        return None

    def _value_at(self, path: Path) -> Any:
        """Return what the document has at a path, with what is tried so far; None where it has nothing."""
        if path in self.changes:
            return self.changes[path]
        above = self.paths.at(path[:-1])
        return above.get(path[-1]) if isinstance(above, Mapping) else None


def _by_day(problem: Problem, values: object) -> Problem:
    """Return a problem with the first day of a dated value in its place, where its number was."""
    here: Any = values
    parts: list[str] = []
    for part in (problem.place or "").split("."):
        above, here = here, part_of(here, int(part) if is_digits(part) else part)
        is_dated = isinstance(above, list) and isinstance(here, dict) and "from" in here
        parts.append(str(here["from"]) if is_dated else part)
    return replace(problem, place=".".join(parts))
