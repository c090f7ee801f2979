"""Whose pupils and schools some rule sets value: their own authorities', by codes in use in their years."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from engine.authority_codes import AuthorityCode, authority_codes
from engine.reading.commissioners import Commissioners
from engine.reading.habits import Entry
from engine.rules.compiled import CompiledRules
from engine.rules.document import RuleSet


class OtherAuthorities(StrEnum):
    """What is done with pupils and schools of other authorities than the rules'."""

    apart = "apart"
    """counted by authority, and not valued"""
    valued = "valued"
    """valued as the authority's own"""


def authorities_of(document: RuleSet) -> list[AuthorityCode]:
    """Return the authorities whose pupils a document values: its own, or all that there are on its days."""
    own, days = document.authority, document.effective
    if own is not None and not own.pays_for_others:
        return [authority_codes()[int(own.code)]]
    return [
        one
        for one in authority_codes().values()
        if (one.first is None or one.first <= days.last)
        and (one.last is None or one.last >= days.first)
    ]


def commissioners_of(
    rules: Sequence[CompiledRules],
    mapping: Mapping[str, str],
    others: OtherAuthorities = OtherAuthorities.apart,
    entry: Entry = Entry.request,
) -> Commissioners:
    """Return whose rows all of some rule sets value; those of every authority where one of them is for all.

    ``mapping`` says which code replaces another. A code must be in use in the year of each rule set.
    """
    days = [one.document.effective for one in rules]
    authorities = [one.document.authority for one in rules]
    own = frozenset(
        int(one.code) for one in authorities if one is not None and not one.pays_for_others
    )
    of_all = others is OtherAuthorities.valued or any(
        one is None or one.pays_for_others for one in authorities
    )
    return Commissioners(
        first=max(one.first for one in days),
        last=min(one.last for one in days),
        own=frozenset() if of_all else own,
        mapping=dict(mapping),
        entry=entry,
    )
