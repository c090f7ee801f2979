"""Checks of a rule document as a whole: sources, standing, years, and bands that cover every pupil."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from engine.errors import Problem
from engine.rules.assignment import covering_problems
from engine.rules.document import RuleSet
from engine.rules.unprinted import must_be_printed
from engine.rules.values import dated_values
from engine.rules.yaml_source import Path, path_of, place
from engine.rules.year_labels import contradictions
from engine.vocabulary import is_surer, weakest

if TYPE_CHECKING:
    from engine.rules.every_problem import Search

Problems = list[tuple[Path, Problem]]
OF_YEAR = ("effective", "funding_year", "year_kind", "calendar", "from")
CALENDAR_SOURCE = ("top_up_rule", "calendar", "source")


def cross_problems(document: RuleSet, raw: object, search: "Search | None" = None) -> Problems:
    """Return what is wrong with a document of sound parts, each with its place.

    ``raw`` is the document as it is written. Where some of its values were replaced, as ``search`` says, nothing is said
    that they may have caused.
    """
    found = [*_sources(document, raw), *_not_printed(document)]
    if search is None or not search.touches(*OF_YEAR):
        found += contradictions(document)
    if search is None or not search.touches("standing"):
        found += _standing(document)
    profile = document.band_profile
    if profile is not None and (search is None or not search.touches("band_profile")):
        found += [(path_of(one.place or ""), one) for one in covering_problems(profile)]
    if search is None:
        return found
    sourced = ("sources",) not in search.aside
    return [
        (path, one)
        for path, one in found
        if not search.is_aside(path) and (sourced or one.rule != "source")
    ]


def _sources(document: RuleSet, raw: object) -> Iterator[tuple[Path, Problem]]:
    """Yield each place where a source is named that the document does not have, once."""
    named = [(_source_place(raw, path), given.source) for path, given in dated_values(document)]
    rule = document.top_up_rule
    if rule is not None:
        named.append((CALENDAR_SOURCE, rule.calendar.source))
    for path, source in dict(named).items():
        if source not in document.sources:
            sentence = f"source not found: {source!r}; add it to 'sources'"
            yield path, Problem(sentence, "source", place=place(path))


def _source_place(raw: object, path: Path) -> Path:
    """Return where the source of a value is written: in the value, or in a provenance above it."""
    for length in (len(path), len(path) - 1):
        if _has_source(raw, path[:length]):
            return (*path[:length], "source")
    for length in range(len(path), -1, -1):
        above = (*path[:length], "provenance")
        if _has_source(raw, above):
            return (*above, "source")
    return path


def _has_source(raw: object, path: Path) -> bool:
    here: Any = raw
    for part in path:
        if isinstance(here, dict):
            here = here.get(part)
        elif isinstance(here, list | tuple) and isinstance(part, int) and part < len(here):
            here = here[part]
        else:
            return False
    return isinstance(here, dict) and "source" in here


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
