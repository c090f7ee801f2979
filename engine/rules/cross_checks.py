"""Checks of a rule document as a whole: sources, standing, years, and bands that cover every pupil."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.errors import Problem, RuleRefused
from engine.rules.assignment import covering_problems
from engine.rules.bands import BandProfile
from engine.rules.choices import ASSIGNMENT, choice_problems
from engine.rules.document import RuleSet
from engine.rules.every_refusal import not_begun
from engine.rules.inputs import Input
from engine.rules.unprinted import must_be_printed
from engine.rules.values import dated_values
from engine.rules.yaml_source import Path, path_of, place
from engine.rules.year_labels import contradictions
from engine.vocabulary import NOT_PRINTED, is_surer, weakest

if TYPE_CHECKING:
    from engine.rules.every_problem import Search

Problems = list[tuple[Path, Problem]]
CONDITIONS = {"when", "pays_when"}
OF_DAYS = {"effective", "funding_year", "year_kind"}
CALENDAR: Path = ("top_up_rule", "calendar")
OF_READING = {"choice", "overlap"}
"""What reading a document has said already."""

MAY_CAUSE = {"unreachable": ("hit_policy",), "gap": ("gaps", "covers")}
"""Fields of an assignment that decide one thing alone of whom its rows cover, each by the rule of that."""

BESIDE_ROWS = {"band", "note", "label", "weight", "highest", "hit_policy", "gaps", "covers"}
"""Fields of an assignment that do not decide whom a row covers."""

NAMES_OF_PERIODS = {"name", "weight", "presence", "source", "standing"}
"""Fields of a calendar that do not decide its days."""


def cross_problems(document: RuleSet, search: "Search | None" = None) -> Problems:
    """Return what is wrong with a document of sound parts, each with its place.

    Where some of its values were replaced, as ``search`` says, nothing is said that they may have caused; nor
    of bands and prices where a condition cannot be read.
    """
    found = _of_values(document, search)
    if search is None or not search.touches("standing"):
        found += _standing(document)
    if search is None and (choices := list(choice_problems(document))):
        return [*found, *choices]
    whole: Problems = []
    profile = document.band_profile
    if profile is not None and (search is None or not _is_unsure_of_bands(profile, search)):
        whole += [
            (path_of(one.place or ""), one)
            for one in covering_problems(profile)
            if search is None or not search.touches(*MAY_CAUSE.get(one.rule, ()))
        ]
    if search is None:
        return [*found, *whole]
    whole += of_compiling(document, [*search.aside, *(path for path, _ in (*found, *whole))])
    said = {(path, one.sentence) for path, one in found}
    return found + [
        one
        for one in whole
        if not search.is_aside(one[0]) and (one[0], one[1].sentence) not in said
    ]


def _of_values(document: RuleSet, search: "Search | None") -> Problems:
    """Return what is wrong with values and days by themselves, whatever is wrong with the groups that they are in."""
    if search is not None and search.fields is not None:
        document = search.fields
    found = list(_not_printed(document))
    if search is None or not search.touches(*OF_DAYS):
        found += _of_year(document, search)
    if search is None:
        return found
    if not search.touches(*OF_DAYS):
        begun = [
            (path_of(one.place or ""), replace(one, line=None))
            for one in not_begun(document, document.at())
        ]
        found += [one for one in begun if not _is_caused(one[0], [path for path, _ in found])]
    return [one for one in found if not search.is_misread(one[0])]


def _of_year(document: RuleSet, search: "Search | None") -> Problems:
    """Return what contradicts the year of a document; nothing of a calendar of which a value was replaced."""
    is_sure = search is None or not search.is_unsure(*CALENDAR, but=NAMES_OF_PERIODS)
    return [
        one for one in contradictions(document) if is_sure or one[0][: len(CALENDAR)] != CALENDAR
    ]


def still_fits(document: RuleSet, changes: Mapping[Path, object]) -> bool:
    """Return whether a document is sound that differs by the values at some paths from one that is.

    Where some of them decide who is in a band, has a price or is paid, all is checked again that
    depends on conditions. The rest depends on each dated value by itself. How sure the document is
    was said before the values were tried.
    """
    if any(path[:2] == ASSIGNMENT or CONDITIONS & set(path) for path in changes):
        return all(path == ("standing",) for path, _ in cross_problems(document))
    last = document.effective.last.isoformat()
    return not any(
        (one["value"] == NOT_PRINTED and must_be_printed((*path, at)))
        or (at == 0 and one["from"] > last)
        for path, series in changes.items()
        if isinstance(series, list)
        for at, one in enumerate(series)
    )


def _is_unsure_of_bands(profile: BandProfile, search: "Search") -> bool:
    """Return whether a value was replaced that decides which answers lead to a band."""
    part = "band_profile"
    return (
        search.is_aside((part,))
        or (search.is_unsure(part, "bands") and _reads_bands(profile))
        or search.is_unsure(part, "assignment", but=BESIDE_ROWS)
    )


def _reads_bands(profile: BandProfile) -> bool:
    """Return whether a condition of the assignment is on the column that holds a band."""
    form = profile.assignment
    conditions = [one.when for one in (form.points.steps if form.points else ())]
    conditions += [one.when for one in (form.table.rows if form.table else ())]
    return any(Input.band in one for one in conditions)


def of_compiling(document: RuleSet, wrong: Sequence[Path]) -> Problems:
    """Return what would be refused next, when a document is compiled; nothing that what is ``wrong`` may have caused."""
    from engine.rules.compile import compile_rules  # noqa: PLC0415 - compiling reads documents

    if any(part in OF_DAYS for path in wrong for part in path[:1]):
        return []
    try:
        compile_rules(document, document.effective.first)
    except RuleRefused as refusal:
        placed = [(path_of(one.place or ""), replace(one, line=None)) for one in refusal.problems]
        return [
            (path, one)
            for path, one in placed
            if one.rule not in OF_READING and not _is_caused(path, wrong)
        ]
    except ValueError:
        # What was refused already need not be a number that can be compiled.
        return []
    return []


def _is_caused(path: Path, wrong: Sequence[Path]) -> bool:
    """Return whether a problem of compiling may come of something wrong: in its part of a calendar, or around or below it."""
    part = CALENDAR if path[: len(CALENDAR)] == CALENDAR else path
    return any(one[: len(part)] == part or part[: len(one)] == one for one in wrong)


def source_problems(raw: object, path: Path = (), known: object = None) -> Problems:
    """Return each place of a document as it is written that names a source which the document does not have."""
    if not path:
        known = raw.get("sources") if isinstance(raw, dict) else None
    if not isinstance(known, dict) or path[:1] == ("sources",) or "conversion" in path:
        return []
    parts: Iterable[tuple[str | int, object]] = ()
    if isinstance(raw, list | tuple):
        parts = enumerate(raw)
    elif isinstance(raw, dict):
        parts = raw.items()
    found: Problems = []
    for name, one in parts:
        here = (*path, name)
        if name == "source" and isinstance(one, str):
            if one not in known:
                sentence = f"source not found: {one!r}; add it to 'sources'"
                found.append((here, Problem(sentence, "source", place=place(here))))
        else:
            found += source_problems(one, here, known)
    return found


def _not_printed(document: RuleSet) -> Iterator[tuple[Path, Problem]]:
    """Yield each value without a figure where one is needed."""
    for path, given in dated_values(document):
        if not given.is_printed and (sentence := must_be_printed(path)):
            yield path[:-1], Problem(sentence, "not-printed", place=place(path[:-1]))


def _standing(document: RuleSet) -> Iterator[tuple[Path, Problem]]:
    """Yield that the document is said to be surer than its least sure value."""
    least = weakest(given for _, given in dated_values(document))
    if least is not None and is_surer(document.standing, least):
        sentence = f"cannot be surer than its values, some of which are {least.value}"
        yield ("standing",), Problem(sentence, "standing", place="standing")
