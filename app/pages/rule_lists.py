"""Rule sets as lists for people: by whose they are, with the published ones before proposals and examples."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from app.models import RuleVersion
from app.register.reading import words_of
from app.rule_sets.publish import AUTHOR
from app.rule_sets.schemas import Kind
from engine.rules import RuleSet
from engine.rules.summary import works_out
from engine.vocabulary import Standing

NATIONAL, PROPOSED = "national", "proposed"
"""Choices of the filter by authority that are no authority's code."""

NATIONAL_WORDS = "National, or of no named authority"
PROPOSED_WORDS = "Proposals and examples, with invented values"
KINDS = {
    Kind.notional: "Budgets of schools and notional SEN",
    Kind.bands: "Bands and top-ups",
    Kind.places: "Funding of places",
    Kind.block: "High needs block",
    Kind.targeted: "Extra funding for schools with many plans",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that may be chosen: its value in a form, and its name."""

    value: str
    name: str


@dataclass(frozen=True, slots=True)
class Group:
    """Rule sets of one authority, or of none."""

    name: str
    documents: tuple[RuleSet, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which rule sets to show; an empty text asks for all. ``words`` are sought in title, owner, identifier and sources."""

    authority: str = ""
    year: str = ""
    kind: str = ""
    words: str = ""

    def finds(self, document: RuleSet) -> bool:
        """Return whether a rule set is one of those to show."""
        return (
            self.authority in {"", _owner(document)}
            and self.year in {"", document.funding_year}
            and (not self.kind or self.kind in works_out(document))
            and (not self.words.strip() or _has_words(document, self.words))
        )


def groups(documents: Sequence[RuleSet]) -> list[Group]:
    """Return rule sets by authority in the order of names, the newest year of each first."""
    ordered = sorted(documents, key=lambda document: document.title)
    ordered.sort(key=lambda document: document.funding_year, reverse=True)
    ordered.sort(key=_order)
    return [Group(name, tuple(those)) for (_, name), those in groupby(ordered, key=_order)]


def authorities(documents: Sequence[RuleSet]) -> list[Choice]:
    """Return the choices of the filter by authority, in the order of the groups."""
    return [Choice(_owner(group.documents[0]), group.name) for group in groups(documents)]


def funding_years(documents: Sequence[RuleSet]) -> list[Choice]:
    """Return the choices of the filter by year, the newest first."""
    found = sorted({document.funding_year for document in documents}, reverse=True)
    return [Choice(year, year) for year in found]


def kinds(documents: Sequence[RuleSet]) -> list[Choice]:
    """Return the choices of the filter by what rule sets work out."""
    found = {kind for document in documents for kind in works_out(document)}
    return [Choice(kind.value, words) for kind, words in KINDS.items() if kind.value in found]


def _has_words(document: RuleSet, sought: str) -> bool:
    """Return whether each word sought begins a word of what a list says of a rule set."""
    owner = document.authority.name if document.authority else NATIONAL_WORDS
    said = [document.title, document.identifier, document.about, document.funding_year, owner]
    said += [source.title for source in document.sources.values()]
    text = f" {words_of(' '.join(said))} "
    return all(f" {word}" in text for word in words_of(sought).split())


def _is_published(document: RuleSet) -> bool:
    return document.standing is not Standing.proposed


def _owner(document: RuleSet) -> str:
    if not _is_published(document):
        return PROPOSED
    return NATIONAL if document.authority is None else document.authority.code


def _order(document: RuleSet) -> tuple[int, str]:
    """Return the place of a rule set's group among all, and the group's name."""
    if not _is_published(document):
        return 2, PROPOSED_WORDS
    return (1, NATIONAL_WORDS) if document.authority is None else (0, document.authority.name)


def who_wrote(version: RuleVersion) -> str:
    """Return who wrote a published version and who approved it, in a sentence."""
    if version.reviewer is not None:
        return f"Written by {version.author}, approved by {version.reviewer}."
    if version.author == AUTHOR:
        return "It was published from a file, without a second person."
    return f"Written by {version.author}, published without a second person."
