"""What is looked for in a rule set before it is approved: named detectors, in order, with limits by funding year.

A finding stops nothing and changes nothing: the person who approves acknowledges it by its detector's name.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import yaml

from engine.data import FIXTURES
from engine.export import difference_rows
from engine.money import decimal_of, is_number
from engine.rules import RuleSet, dated_values

FILE = FIXTURES / "detectors" / "before-approval.yaml"
BETWEEN, FROM = "; ", " from "
"""How the values of one place that change within a year are written by differences of rule sets."""


@dataclass(frozen=True, slots=True)
class Detector:
    """A detector: its name, what it finds and its title, the title of its source, and its limits by year, earliest first."""

    name: str
    finds: str
    title: str
    source: str
    limits: tuple[tuple[str, Decimal | None], ...]

    def limit(self, year: str) -> tuple[str, Decimal | None] | None:
        """Return the limit of a funding year such as 2025-26, percent; None where the detector is not used then."""
        return max((one for one in self.limits if one[0] <= year), default=None)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a detector found: its name, the place in the document, and a sentence."""

    detector: str
    place: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What a detector found in a rule set; ``without`` says why it could not look, None where it did."""

    detector: Detector
    findings: tuple[Finding, ...]
    without: str | None = None


@cache
def detectors() -> tuple[Detector, ...]:
    """Return every detector, in order."""
    document: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    sources = document["sources"]
    return tuple(
        Detector(
            one["name"], one["finds"], one["title"], sources[one["source"]]["title"],
            tuple((each["year"], _percent(each.get("percent"))) for each in one["limits"]),
        )
        for one in document["detectors"]
    )  # fmt: skip


def _percent(text: str | None) -> Decimal | None:
    return None if text is None else decimal_of(text)


def look(document: RuleSet, last_year: RuleSet | None) -> tuple[Looked, ...]:
    """Return what each detector of the document's year finds, in order.

    ``last_year`` are the rules of the year before, None where there are none to compare with.
    """
    found = []
    for one in detectors():
        limit = one.limit(document.funding_year)
        if limit is None:
            continue
        if one.finds == MOVEMENT and last_year is None:
            found.append(Looked(one, (), "no rules of the year before are published"))
            continue
        rows = FINDERS[one.finds](document, last_year, limit[1] or Decimal())
        found.append(Looked(one, tuple(Finding(one.name, *row) for row in rows)))
    return tuple(found)


def findings(looked: Sequence[Looked]) -> tuple[Finding, ...]:
    """Return every finding, in the order of the detectors."""
    return tuple(finding for one in looked for finding in one.findings)


def _movements(
    document: RuleSet, last_year: RuleSet | None, percent: Decimal
) -> Iterator[tuple[str, str]]:
    """Yield the place of each value that is further from last year's than a percentage of it, with a sentence."""
    if last_year is None:
        return
    for row in difference_rows(last_year, document).frame.iter_rows(named=True):
        was, now = (_numbers(row[side]) for side in ("before", "after"))
        if not was or not now:
            continue
        before = was[-1]
        furthest = max(now, key=lambda one: abs(one - before))
        if abs(furthest - before) * 100 > percent * abs(before):
            sentence = f"{furthest:f} is more than {percent:f}% from {before:f} of {last_year.funding_year}"
            yield row["place"], sentence


def _numbers(words: str | None) -> list[Decimal]:
    """Return the numbers of one place; none where one of its values is no number."""
    texts = [one.partition(FROM)[0] for one in (words or "").split(BETWEEN)]
    return [decimal_of(one) for one in texts] if all(map(is_number, texts)) else []


def _without_names(document: RuleSet, _: RuleSet | None, __: Decimal) -> Iterator[tuple[str, str]]:
    """Yield the place of each factor or band whose label is its key again, or is written as keys are."""
    for place, key, label in _labels(document):
        if label == key or "_" in label:
            yield place, f"{label} is a name of the document; give the name that schools know it by"


def _labels(document: RuleSet) -> Iterator[tuple[str, str, str]]:
    """Yield the place, key and label of what is printed for readers under a label."""
    if document.schools_formula is not None:
        for key, factor in document.schools_formula.factors.items():
            yield f"schools_formula.factors.{key}.label", key, factor.label
    if document.band_profile is not None:
        for at, band in enumerate(document.band_profile.bands):
            yield f"band_profile.bands.{at}", "", band


def _without_sources(
    document: RuleSet, _: RuleSet | None, __: Decimal
) -> Iterator[tuple[str, str]]:
    """Yield the place of each source that has values and neither publisher nor address."""
    used = Counter(value.source for _, value in dated_values(document))
    for key, source in document.sources.items():
        if used[key] and source.publisher is None and source.where is None:
            values = "1 value" if used[key] == 1 else f"{used[key]:,} values"
            yield f"sources.{key}", f"{source.title}: no publisher and no address, for {values}"


MOVEMENT = "movement"
Finder = Callable[[RuleSet, RuleSet | None, Decimal], Iterator[tuple[str, str]]]
FINDERS: Mapping[str, Finder] = {
    MOVEMENT: _movements,
    "public_name": _without_names,
    "source": _without_sources,
}
"""What a detector does, by the word of the file that names it."""
