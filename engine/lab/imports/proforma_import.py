"""A proforma imported: rule document, records, and differences from the printed totals."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from engine.lab.imports.proforma import Proforma, ProformaRules
from engine.lab.imports.proforma_document import proforma_document
from engine.lab.imports.proforma_record import authority_records
from engine.lab.imports.reconciliation import Reconciliation, reconcile
from engine.lab.imports.yaml_text import as_yaml
from engine.reading import records, school_table
from engine.rows import Rows, Shape
from engine.rules.compile import compile_rules
from engine.rules.load import load_rule_set
from engine.run import evaluate

SHAPES = {
    "la": Shape.text, "name": Shape.text, "verdict": Shape.text, "formula": Shape.pounds,
    "formula_printed": Shape.pounds, "notional_sen": Shape.pounds,
    "notional_sen_printed": Shape.pounds, "sentence": Shape.text,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProformaImport:
    """One authority: a rule document as YAML, a school table of its totals, and the verdict."""

    identifier: str
    text: str
    table: pl.DataFrame
    reconciliation: Reconciliation


def import_proforma(proforma: Proforma, rules: ProformaRules) -> ProformaImport:
    """Return an authority's rule document and records, valued and compared with its totals."""
    text = as_yaml(proforma_document(proforma, rules))
    document = load_rule_set(text)
    table = records(authority_records(proforma, rules))
    compiled = compile_rules(document)
    outcome = evaluate(compiled, school_table(table, compiled.wanted)).notional
    if outcome is None:
        message = "a formula valued no school"
        raise RuntimeError(message)
    return ProformaImport(document.identifier, text, table, reconcile(proforma, rules, outcome))


def reconciliation_rows(imported: Sequence[ProformaImport]) -> Rows:
    """Return one row for each authority: its sums, the printed totals, and a note on the difference."""
    return Rows.of_records(
        "reconciliation",
        SHAPES,
        [
            {
                "la": f"{one.code:03d}",
                "name": one.name,
                "verdict": one.verdict.value,
                "formula": one.formula,
                "formula_printed": one.formula_printed,
                "notional_sen": one.notional,
                "notional_sen_printed": one.notional_printed,
                "sentence": one.sentence,
            }
            for one in (each.reconciliation for each in imported)
        ],
    )
