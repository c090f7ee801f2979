"""Where the data of the service come from, and of which day they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.rules import RuleSet
from engine.vocabulary import Standing


@dataclass(frozen=True, slots=True)
class SourceUse:
    """A paper or table that values come from, and the rule sets that use it."""

    title: str
    publisher: str
    where: str
    rules: tuple[RuleSet, ...]


def source_uses(documents: Iterable[RuleSet]) -> Sequence[SourceUse]:
    """Return the sources of the rule sets that are no proposals or examples, by title."""
    found: dict[tuple[str, str, str], list[RuleSet]] = {}
    for document in documents:
        if document.standing is Standing.proposed:
            continue
        for source in document.sources.values():
            key = (source.title, source.publisher or "", source.where or "")
            found.setdefault(key, []).append(document)
    return [
        SourceUse(*key, tuple(sorted(rules, key=lambda one: one.title)))
        for key, rules in sorted(found.items())
    ]
