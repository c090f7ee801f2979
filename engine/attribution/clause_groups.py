"""Which places of two rule sets change together: a cut-off that is tried moves both its sides, and is one clause."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol

from engine.errors import Refusal
from engine.export import difference_rows
from engine.rules.compiled import CompiledRules
from engine.rules.override import what_if


class HasAfter(Protocol):
    """A place with its value in the later rule set."""

    @property
    def after(self) -> str | None:
        """Return the value in words."""


def clauses_together(
    before: CompiledRules,
    after: CompiledRules,
    numbers: Sequence[str],
    places: Mapping[str, HasAfter],
) -> Iterator[tuple[str, ...]]:
    """Yield the places of each clause that can be tried by itself, in the order of the documents.

    A number whose trial leaves its place different, or makes another place differ, is no clause of its own.
    """
    groups: list[set[str]] = []
    for name in numbers:
        settled = _alike_after(before, after, name, places)
        if settled is None or not settled <= set(numbers):
            continue
        together = [one for one in groups if one & settled]
        groups = [one for one in groups if one not in together]
        groups.append(settled.union(*together))
    order = {name: at for at, name in enumerate(places)}
    for group in sorted(groups, key=lambda one: min(order[name] for name in one)):
        yield tuple(sorted(group, key=order.__getitem__))


def _alike_after(
    before: CompiledRules, after: CompiledRules, name: str, places: Mapping[str, HasAfter]
) -> set[str] | None:
    """Return the places that are no longer different once one has its later value; None where it cannot be tried."""
    value = places[name].after
    try:
        tried = what_if(before.document, [(name, value or "")], before.day).document
    except Refusal:
        return None
    left: Collection[str] = set(
        difference_rows(tried, after.document, before.day).frame["place"].to_list()
    )
    settled = places.keys() - left
    return set(settled) if name in settled and places.keys() >= set(left) else None
