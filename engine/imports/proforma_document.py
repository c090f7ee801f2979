"""An authority's proforma as a rule document: what is printed is verified, the rest unconfirmed."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from engine.imports.proforma import TOGETHER, Proforma, ProformaLine
from engine.imports.proforma_rules import ProformaRules
from engine.money import MILLION, PENCE, PERCENT_TO_MILLIONTHS, number, pounds, scaled

EXPORT, RULES = "export", "rules_of_the_year"
LONGEST_LABEL, LONGEST_NAME = 60, 70
Words = dict[str, Any]


def identifier(proforma: Proforma, rules: ProformaRules) -> str:
    """Return the identifier of an authority's rule set, for example ``camden-2017-18``."""
    slug = re.sub(r"[^a-z0-9]+", "-", proforma.name.lower().replace("'", "")).strip("-")
    return f"{slug[:LONGEST_NAME].rstrip('-')}-{rules.year}"


def proforma_document(proforma: Proforma, rules: ProformaRules) -> Words:
    """Return the words of a rule document, as ``as_yaml`` writes them."""
    year = rules.of_year
    return {
        "format": "evenband-rules/1",
        "identifier": identifier(proforma, rules),
        "version": 1,
        "title": f"Schools formula and notional SEN budget, {proforma.name} {rules.year}"[:2000],
        "authority": {"code": f"{proforma.code:03d}", "name": proforma.name[:LONGEST_LABEL]},
        "funding_year": rules.year,
        "year_kind": year["year_kind"],
        "effective": {"first": year["first"], "last": year["last"]},
        "standing": "unconfirmed",
        "about": (
            "Imported from a table of authorities' proformas. Unit values and percentages are those "
            "printed; authority and year are inferred, and what the table does not print is marked "
            "unconfirmed."
        ),
        "sources": {EXPORT: rules.source, RULES: year["rules"]},
        "provenance": {"from": year["first"], "source": EXPORT, "standing": "verified"},
        "schools_formula": {
            "pupils_counted_by": "basic_entitlement",
            "factors": {
                name: factor
                for name in rules.factors
                if (factor := _factor(name, proforma, rules)) is not None
            },
            "protection": _protection(proforma, rules),
        },
    }  # fmt: skip


def is_used(line: ProformaLine, counts: str) -> bool:
    """Return whether a line pays: it has a unit value, or is an amount with money or a share."""
    if counts == "amount":
        return bool(line.subtotal) or bool(line.share)
    return line.unit_value is not None


def used_lines(proforma: Proforma, name: str, counts: str) -> dict[str, ProformaLine]:
    """Return the lines of a factor as the document speaks of them, by phase.

    An amount printed for both phases together is one line, unless the phases' shares differ.
    """
    held = proforma.of(name)
    together = next((line for line in held.values() if line.role == TOGETHER), None)
    parts = {phase: line for phase, line in held.items() if line.role != TOGETHER}
    if counts == "amount" and together is not None:
        if not is_used(together, counts):
            return {}
        funded = {phase: line for phase, line in parts.items() if phase in {"primary", "secondary"}}
        shares = {line.share or Decimal(0) for line in funded.values()}
        if len(shares) > 1:
            return funded
        share = next((one.share for one in funded.values() if one.share is not None), None)
        return {"all": _with_share(together, share)}
    return {phase: line for phase, line in parts.items() if is_used(line, counts)}


def _with_share(line: ProformaLine, share: Decimal | None) -> ProformaLine:
    return ProformaLine(
        line.factor, line.phase, line.role, line.variant,
        line.unit_value, line.units, line.subtotal, share, line.label,
    )  # fmt: skip


def percent_of(share: Decimal) -> str:
    """Return a share of 1 in percent, as exactly as a document holds it.

    >>> percent_of(Decimal("0.0517408")), percent_of(Decimal("1"))
    ('5.1741', '100')
    """
    return number(scaled(share, MILLION), PERCENT_TO_MILLIONTHS)


def _factor(name: str, proforma: Proforma, rules: ProformaRules) -> Words | None:
    words = rules.factors[name]
    counts = words["counts"]
    lines = used_lines(proforma, name, counts)
    if not lines:
        return None
    notes = [words.get("note"), *_notes(proforma, name, lines, rules)]
    factor: Words = {**words, "note": " ".join(note for note in notes if note)}
    if name == "mobility":
        factor["only_above_percent"] = _of_rules(rules.of_year["mobility_only_above_percent"])
    if not factor["note"]:
        del factor["note"]
    for phase, line in lines.items():
        factor[phase] = _line(line, counts) | _weights(name, phase, proforma, rules)
    return factor


def _notes(
    proforma: Proforma, name: str, lines: dict[str, ProformaLine], rules: ProformaRules
) -> Iterator[str]:
    """Yield what is said beside a factor: the variants chosen, the label typed, what is given."""
    for variant in dict.fromkeys(line.variant for line in lines.values()):
        if note := rules.variants.get(variant, {}).get("note"):
            yield note
    for label in dict.fromkeys(line.label for line in proforma.of(name).values()):
        if label and name.startswith("exceptional"):
            yield f"The authority calls it: {label.rstrip('.')}."
    if name == "sparsity":
        yield from _sparsity(proforma, rules)


def _sparsity(proforma: Proforma, rules: ProformaRules) -> Iterator[str]:
    parts = [
        f"{phase} {line.variant} {line.unit_value}"
        for phase, line in proforma.of("sparsity").items()
        if line.unit_value is not None
    ]
    if parts:
        yield f"Given for each school; most a school, in pounds: {', '.join(parts)}."
    held = {
        column.removeprefix("sparsity_").replace("_", " "): value
        for column in rules.totals["thresholds"]
        if (value := proforma.total(column)) is not None
    }
    if held:
        yield f"Thresholds: {', '.join(f'{name} {value}' for name, value in held.items())}."


def _line(line: ProformaLine, counts: str) -> Words:
    words: Words = {}
    if counts != "amount" and line.unit_value is not None:
        held = pounds(scaled(line.unit_value, PENCE)).removesuffix(".00")
        words["unit_value"] = _printed(held, line.unit_value, line.unit_value)
    if line.share is not None:
        held = percent_of(line.share)
        words["notional_percent"] = _printed(held, line.share * 100, line.share)
    return words


def _printed(held: str, exact: Decimal, printed: Decimal) -> object:
    """Return a value short, or with what is printed where a document cannot hold that."""
    if Decimal(held) == exact:
        return held
    return {"value": held, "note": f"Printed as {printed}."}


def _of_rules(words: Words) -> Words:
    return {**words, "source": RULES, "standing": "unconfirmed"}


def _weights(name: str, phase: str, proforma: Proforma, rules: ProformaRules) -> Words:
    """Return how low prior attainment is counted: a year's weight, and the blend of two profiles."""
    if name != "low_prior_attainment":
        return {}
    if phase == "secondary":
        weight = proforma.total(rules.totals["year_weight"])
        year = rules.of_year["secondary_weighted_year"]
        return {} if weight is None else {"year_weights": {year: str(weight)}}
    weight = proforma.total(rules.totals["blend_weight"])
    blend = rules.of_year["blend"]
    return {} if weight is None else {"blend": {"weight": str(weight), **blend}}


def _protection(proforma: Proforma, rules: ProformaRules) -> Words:
    words: Words = {"guarantee_percent": _of_rules(rules.of_year["guarantee_percent"])}
    if proforma.totals.get(rules.totals["capped"]) != "yes":
        return words
    for column, name in (("cap", "cap_percent"), ("scaling", "scaling_percent")):
        printed = proforma.total(rules.totals[column])
        if printed is not None:
            words[name] = _printed(percent_of(printed), printed * 100, printed)
    return words
