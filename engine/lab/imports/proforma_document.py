"""An authority's proforma as a rule document: what is printed is verified, the rest unconfirmed."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from engine.errors import Problem, TableRefused
from engine.lab.imports.proforma import Proforma, ProformaLine, ProformaRules
from engine.lab.imports.proforma_lines import (
    AMOUNT,
    SPARSITY,
    FactorLines,
    factor_lines,
    fringe_uplift,
)
from engine.money import MILLION, PENCE, PERCENT_TO_MILLIONTHS, number, pounds, scaled

THRESHOLDS = {"miles": "{} miles", "pupils_per_year": "{} pupils a year group"}
DECIMALS = 10**6
TAPERED, KINDS = "tapered", ("fixed", "tapered")
Words = dict[str, Any]
EXPORT, RULES = "export", "rules_of_the_year"
LONGEST_LABEL, LONGEST_NAME, LONGEST_NOTE = 60, 70, 2_000
PUPILS_COUNTED_BY = "basic_entitlement"
YEAR_WEIGHTED = ("ks3", "secondary", "all_through", "all")
"""Phases that hold the secondary year whose weight is printed."""


def identifier(proforma: Proforma, rules: ProformaRules) -> str:
    """Return the identifier of an authority's rule set, for example ``camden-2017-18``."""
    slug = re.sub(r"[^a-z0-9]+", "-", proforma.name.lower().replace("'", "")).strip("-")
    slug = slug or f"authority-{proforma.code}"
    return f"{slug[:LONGEST_NAME].rstrip('-')}-{rules.year}"


def proforma_document(proforma: Proforma, rules: ProformaRules) -> Words:
    """Return the words of a rule document, as ``as_yaml`` writes them."""
    year = rules.of_year
    return {
        "format": "evenband-rules/1",
        "identifier": identifier(proforma, rules),
        "version": 1,
        "title": f"Schools formula and notional SEN budget, {proforma.name} {rules.year}"[:2000],
        "authority": {"code": f"{proforma.code:03d}", "name": proforma.name[:LONGEST_LABEL].rstrip()},
        "funding_year": rules.year,
        "year_kind": year["year_kind"],
        "effective": {"first": year["first"], "last": year["last"]},
        "standing": "unconfirmed",
        "about": (
            "Imported from a table of authorities' proformas. Unit values and percentages are those "
            "printed; authority and year are inferred, and what the table does not print is marked "
            f"unconfirmed.{_choices(proforma, rules)}"
        ),
        "sources": {EXPORT: rules.source, RULES: year["rules"]},
        "provenance": {"from": year["first"], "source": EXPORT, "standing": "verified"},
        "schools_formula": _formula(proforma, rules),
    }  # fmt: skip


def _choices(proforma: Proforma, rules: ProformaRules) -> str:
    """Return the notes on choices that need a figure from schools: London fringe, reception uplift."""
    said = ""
    if (uplift := fringe_uplift(proforma)) is not None:
        said += (
            f" Schools of the London fringe bring a multiplier, which the table does not print, nor "
            f"what it raises: unconfirmed are both. The authority's record holds the mean that the "
            f"printed uplift of {uplift} pounds comes to."
        )
    if proforma.chose(rules.optional["reception_uplift"]):
        pupils = proforma.total(rules.optional["reception_pupils"])
        of = "" if pupils is None else f" of {pupils} pupils"
        said += (
            f" The printed pupils are taken to hold the reception uplift{of} already: unconfirmed, "
            "as the table does not say so."
        )
    return said


def _formula(proforma: Proforma, rules: ProformaRules) -> Words:
    paid = factor_lines(proforma, rules)
    if all(one.name != PUPILS_COUNTED_BY for one in paid):
        sentence = (
            f"{proforma.name} has no line of {PUPILS_COUNTED_BY} with a unit value or a subtotal, "
            "which is needed to count its pupils"
        )
        raise TableRefused([Problem(sentence, "missing-line", column="factor")])
    fringe = fringe_uplift(proforma) is not None
    return {
        "pupils_counted_by": PUPILS_COUNTED_BY,
        **({"fringe": True} if fringe else {}),
        **(
            {"reception_uplift": True} if proforma.chose(rules.optional["reception_uplift"]) else {}
        ),
        "factors": {one.name: _factor(one, proforma, rules, fringe=fringe) for one in paid},
        "protection": _protection(proforma, rules),
    }


def percent_of(share: Decimal) -> str:
    """Return a share of 1 in percent, as exactly as a document holds it.

    >>> percent_of(Decimal("0.0517408")), percent_of(Decimal("1"))
    ('5.1741', '100')
    """
    return number(scaled(share, MILLION), PERCENT_TO_MILLIONTHS)


def _factor(paid: FactorLines, proforma: Proforma, rules: ProformaRules, *, fringe: bool) -> Words:
    factor: Words = {**rules.factors[paid.name], "counts": paid.counts}
    note = " ".join((*filter(None, [factor.get("note")]), *_notes(paid, proforma, rules)))
    factor["note"] = note if len(note) <= LONGEST_NOTE else f"{note[: LONGEST_NOTE - 1]}…"
    for word, wanted in (("note", bool(note)), ("in_fringe", fringe)):
        if not wanted:
            factor.pop(word, None)
    if paid.name == "mobility":
        factor["only_above_percent"] = _of_rules(rules.of_year["mobility_only_above_percent"])
    for phase, line in paid.lines.items():
        factor[phase] = _line(line, paid, phase) | _weights(paid.name, phase, proforma, rules)
        if paid.counts == SPARSITY:
            factor[phase]["sparsity"] = _sparsity_words(phase, paid, proforma, rules)
    return factor


def _notes(paid: FactorLines, proforma: Proforma, rules: ProformaRules) -> Iterator[str]:
    """Yield the notes on a factor: the variants chosen, the label typed, what is not printed."""
    for variant in dict.fromkeys(line.variant for line in paid.lines.values()):
        if note := rules.variants.get(variant, {}).get("note"):
            yield note
    for label in dict.fromkeys(line.label for line in proforma.of(paid.name).values()):
        if label and paid.name.startswith("exceptional"):
            yield f"The authority calls it: {label.rstrip('.')}."
    if paid.counts == SPARSITY:
        yield from _sparsity_notes(paid, proforma, rules)
    elif paid.name == SPARSITY:
        yield "Given for each school: the sum and the thresholds of a school are not printed."
    if not paid.is_divided:
        silent = [
            phase.replace("_", "-") for phase, line in paid.lines.items() if line.share is None
        ]
        if silent:
            yield f"No notional share is printed for {' and '.join(silent)}; none is counted."


def _line(line: ProformaLine, paid: FactorLines, phase: str) -> Words:
    words: Words = {}
    if paid.counts != AMOUNT and line.unit_value is not None:
        held = pounds(scaled(line.unit_value, PENCE)).removesuffix(".00")
        words["unit_value"] = _printed(held, line.unit_value, line.unit_value)
    if line.share is None:
        return words
    held = percent_of(line.share)
    if phase in paid.assumed:
        note = "Not printed for this phase; taken to be that of the other phases."
        words["notional_percent"] = {"value": held, "standing": "unconfirmed", "note": note}
    else:
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
    if phase in YEAR_WEIGHTED:
        weight = proforma.total(rules.totals["year_weight"])
        year = rules.of_year["secondary_weighted_year"]
        return {} if weight is None else {"year_weights": {year: _weight(weight)}}
    if phase != "primary":
        return {}
    weight = proforma.total(rules.totals["blend_weight"])
    blend = rules.of_year["blend"]
    return {} if weight is None else {"blend": {"weight": _weight(weight), **blend}}


def _weight(printed: Decimal) -> object:
    return _printed(number(scaled(printed, MILLION)), printed, printed)


def _protection(proforma: Proforma, rules: ProformaRules) -> Words:
    words: Words = {"guarantee_percent": _of_rules(rules.of_year["guarantee_percent"])}
    if not proforma.chose(rules.totals["capped"]):
        return words
    for column, name in (("cap", "cap_percent"), ("scaling", "scaling_percent")):
        printed = proforma.total(rules.totals[column])
        if printed is not None:
            words[name] = _printed(percent_of(printed), printed * 100, printed)
    return words


def _sparsity_words(
    phase: str, factor: FactorLines, proforma: Proforma, rules: ProformaRules
) -> Words:
    """Return how small and how far a school of a phase must be.

    A fixed sum is earned whole up to the threshold of pupils, a tapered one falls from none to it.
    """
    miles, size = (_threshold(name, phase, proforma, rules)[0] for name in THRESHOLDS)
    full = {} if factor.lines[phase].variant == TAPERED else {"full_below": size}
    return {"pupils_per_year": size, **full, "miles": miles}


def _sparsity_notes(factor: FactorLines, proforma: Proforma, rules: ProformaRules) -> list[str]:
    """Return sentences on what is taken from the rules of the year, as nothing is printed."""
    silent = []
    for phase, line in factor.lines.items():
        held = {name: _threshold(name, phase, proforma, rules) for name in THRESHOLDS}
        said = [
            THRESHOLDS[name].format(value) for name, (value, known) in held.items() if not known
        ]
        if line.variant not in KINDS:
            said.append("a fixed sum")
        if said:
            silent.append(f"{phase.replace('_', '-')} {', '.join(said)}")
    sentence = "Not printed, and unconfirmed: taken from memory of the rules of the year are "
    return [f"{sentence}{'; '.join(silent)}."] if silent else []


def _threshold(name: str, phase: str, proforma: Proforma, rules: ProformaRules) -> tuple[str, bool]:
    """Return a threshold, and whether it is printed; 0 is not taken as a threshold."""
    printed = proforma.total(rules.optional["sparsity"][phase][name])
    if printed is None or printed <= 0:
        usual: str = rules.of_year["sparsity"][phase][name]
        return usual, False
    return _short(printed), True


def _short(value: Decimal) -> str:
    return number(scaled(value, DECIMALS), DECIMALS)
