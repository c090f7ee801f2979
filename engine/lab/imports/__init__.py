"""Published tables and workbooks turned into rule documents, records and margins."""

from typing import TYPE_CHECKING

from engine.lazy import lazy_names

if TYPE_CHECKING:
    from engine.lab.imports.decision_tables import read_decision_workbook_file
    from engine.lab.imports.decision_workbook import write_decision_workbook
    from engine.lab.imports.document_sheets import EditedWorkbook
    from engine.lab.imports.ehc_margins import plan_margins
    from engine.lab.imports.formula_reading import read_formula_workbook_file
    from engine.lab.imports.formula_workbook import write_formula_workbook
    from engine.lab.imports.proforma import Proforma, proforma_rules, read_proformas
    from engine.lab.imports.proforma_import import (
        ProformaImport,
        import_proforma,
        reconciliation_rows,
    )
    from engine.lab.imports.yaml_text import document_text

__all__ = [
    "EditedWorkbook",
    "Proforma",
    "ProformaImport",
    "document_text",
    "import_proforma",
    "plan_margins",
    "proforma_rules",
    "read_decision_workbook_file",
    "read_formula_workbook_file",
    "read_proformas",
    "reconciliation_rows",
    "write_decision_workbook",
    "write_formula_workbook",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__,
        {
            "decision_tables": ("read_decision_workbook_file",),
            "decision_workbook": ("write_decision_workbook",),
            "ehc_margins": ("plan_margins",),
            "document_sheets": ("EditedWorkbook",),
            "formula_reading": ("read_formula_workbook_file",),
            "formula_workbook": ("write_formula_workbook",),
            "proforma": ("Proforma", "proforma_rules", "read_proformas"),
            "proforma_import": ("ProformaImport", "import_proforma", "reconciliation_rows"),
            "yaml_text": ("document_text",),
        },
    )
