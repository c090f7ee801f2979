"""The summary of a rule set as plain values, so that a list needs no documents."""

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from engine.rules.document import RuleSet


class Summary(TypedDict):
    """One rule set in a list: what it is, where and when it applies, what it works out."""

    identifier: str
    version: int
    title: str
    la: str | None
    authority: str | None
    funding_year: str
    first: str
    last: str
    standing: str
    values: str
    works_out: list[str]
    digest: str


def summary(document: "RuleSet") -> Summary:
    """Return the summary of a rule set; days are ISO dates, ``authority`` is a name."""
    from engine.rules.load import digest  # noqa: PLC0415 - summaries are read without documents

    authority = document.authority
    valued = {"schools": document.schools_formula, "top-ups": document.band_profile}
    return {
        "identifier": document.identifier,
        "version": document.version,
        "title": document.title,
        "la": None if authority is None else authority.code,
        "authority": None if authority is None else authority.name,
        "funding_year": document.funding_year,
        "first": document.effective.first.isoformat(),
        "last": document.effective.last.isoformat(),
        "standing": document.standing.value,
        "values": " and ".join(name for name, part in valued.items() if part is not None),
        "works_out": works_out(document),
        "digest": digest(document),
    }


def works_out(document: "RuleSet") -> list[str]:
    """Return what a rule set works out, by the names of ``--kind`` and of the service's ``kind``."""
    parts = {
        "notional": document.schools_formula,
        "bands": document.band_profile,
        "places": document.places,
        "block": document.high_needs_block,
        "targeted": document.targeted_funding,
    }
    return [name for name, part in parts.items() if part is not None]
