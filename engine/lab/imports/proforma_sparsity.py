"""An authority's sparsity sums with their thresholds, and what of them is not printed."""

from decimal import Decimal
from typing import Any

from engine.lab.imports.proforma import Proforma
from engine.lab.imports.proforma_lines import FactorLines
from engine.lab.imports.proforma_rules import ProformaRules
from engine.money import number, scaled

THRESHOLDS = {"miles": "{} miles", "pupils_per_year": "{} pupils a year group"}
DECIMALS = 10**6
TAPERED, KINDS = "tapered", ("fixed", "tapered")
Words = dict[str, Any]


def sparsity_words(
    phase: str, factor: FactorLines, proforma: Proforma, rules: ProformaRules
) -> Words:
    """Return how small and how far a school of a phase must be.

    A fixed sum is earned whole up to the threshold of pupils, a tapered one falls from none to it.
    """
    miles, size = (_threshold(name, phase, proforma, rules)[0] for name in THRESHOLDS)
    full = {} if factor.lines[phase].variant == TAPERED else {"full_below": size}
    return {"pupils_per_year": size, **full, "miles": miles}


def sparsity_notes(factor: FactorLines, proforma: Proforma, rules: ProformaRules) -> list[str]:
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
