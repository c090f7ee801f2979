"""Checks of a rule document as a whole: sources, standing, years, and bands that cover every pupil."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.errors import Problem, RuleRefused
from engine.rules.assignment import covering_problems
from engine.rules.compile_value_tables import value_tables
from engine.rules.document import RuleSet
from engine.rules.grid import Conditions, intervals
from engine.rules.inputs import Input
from engine.rules.unprinted import must_be_printed
from engine.rules.value_tables import ROWS
from engine.rules.values import dated_values
from engine.rules.yaml_source import Path, path_of, place
from engine.rules.year_labels import contradictions
from engine.vocabulary import NOT_PRINTED, is_surer, weakest

if TYPE_CHECKING:
    from engine.rules.every_problem import Search

Problems = list[tuple[Path, Problem]]
ASSIGNMENT = ("band_profile", "assignment")
CONDITIONS = {"when", "pays_when"}
OF_VALUES_ALONE = (
    "la is read by tables of values alone: give the price, percentage or pounds that differ by authority as"
    " rows, each with its own la"
)
OF_YEAR = ("effective", "funding_year", "year_kind", "calendar", "from")
OF_DAYS = {"effective", "funding_year", "year_kind"}
CALENDAR: Path = ("top_up_rule", "calendar")
OF_READING = {"choice", "overlap"}
"""What reading a document has said already."""

NAMES_OF_ROWS = {"band", "note", "label"}
"""Fields of the rows of bands that do not decide whom they cover."""


def cross_problems(document: RuleSet, search: "Search | None" = None) -> Problems:
    """Return what is wrong with a document of sound parts, each with its place.

    Where some of its values were replaced, as ``search`` says, nothing is said that they may have caused; nor
    of bands and prices where a condition cannot be read.
    """
    found = list(_not_printed(document))
    if search is None or not search.touches(*OF_YEAR):
        found += contradictions(document)
    if search is None or not search.touches("standing"):
        found += _standing(document)
    if choices := _outside(list(_choices(document)), search):
        return _outside([*found, *choices], search)
    profile = document.band_profile
    if profile is not None and (search is None or not _is_unsure_of_bands(search)):
        found += [(path_of(one.place or ""), one) for one in covering_problems(profile)]
    if search is not None:
        found += of_compiling(document, [*search.aside, *(path for path, _ in found)])
    return _outside(found, search)


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


def _is_unsure_of_bands(search: "Search") -> bool:
    """Return whether a value was replaced that decides which answers lead to a band."""
    part = "band_profile"
    return (
        search.is_aside((part,))
        or search.is_unsure(part, "bands")
        or search.is_unsure(part, "assignment", but=NAMES_OF_ROWS)
    )


def _outside(found: Problems, search: "Search | None") -> Problems:
    """Return the problems that are not within a value that was replaced."""
    return [one for one in found if search is None or not search.is_aside(one[0])]


def _choices(document: RuleSet) -> Iterator[tuple[Path, Problem]]:
    """Yield each code, band or range of a condition that its input cannot have."""
    profile = document.band_profile
    bands = () if profile is None else profile.bands
    table = None if profile is None else profile.assignment.table
    own = (
        [] if table is None else [(("band_profile", "assignment", "table", "inputs"), table.inputs)]
    )
    for path, names in (*own, *((one, tuple(when)) for one, when in _conditions(document))):
        if Input.la in names:
            here = (*path, Input.la.value) if path[-1] != "inputs" else path
            yield here, Problem(OF_VALUES_ALONE, "choice", place=place(here))
    for path, conditions in (*_conditions(document), *_value_conditions(document)):
        for name, choices in conditions.items():
            try:
                intervals(str(name), choices, bands)
            except ValueError as error:
                here = (*path, str(name))
                yield here, Problem(str(error), "choice", place=place(here))


def _conditions(document: RuleSet) -> Iterator[tuple[Path, Conditions]]:
    """Yield the conditions of bands, prices, modifiers and of who is paid, each with its place."""
    rule, profile = document.top_up_rule, document.band_profile
    if profile is not None:
        form, tariff = profile.assignment, profile.tariff
        steps = form.points.steps if form.points else ()
        rows = form.table.rows if form.table else ()
        named: dict[Path, list[Conditions]] = {
            ("assignment", "points", "steps"): [one.when for one in steps],
            ("assignment", "table", "rows"): [one.when for one in rows],
            ("tariff", "prices"): [one.when for one in tariff.prices],
            ("tariff", "modifiers"): [one.when for one in tariff.modifiers],
        }
        for path, several in named.items():
            for at, when in enumerate(several):
                yield ("band_profile", *path, at, "when"), when
    if rule is not None:
        yield ("top_up_rule", "pays_when"), rule.pays_when


def _value_conditions(document: RuleSet) -> Iterator[tuple[Path, Conditions]]:
    """Yield the conditions of rows of tables of values, each with its place."""
    rule, profile = document.top_up_rule, document.band_profile
    if rule is not None and profile is not None:
        for table_path, table in value_tables(profile, rule).items():
            for at, row in enumerate(table.rows):
                yield (*path_of(table_path), ROWS, at, "when"), row.when


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
