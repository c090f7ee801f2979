"""The parts of a rule set that money is worked out by, each in a package of the same shape."""

from typing import TYPE_CHECKING

from engine.lazy import lazy_names

if TYPE_CHECKING:
    from engine.modules.allocation import WHY, Allocation, AllocationModule, P, V
    from engine.modules.high_needs_block import HIGH_NEEDS_BLOCK
    from engine.modules.module import NO_OPTIONS, Module, ModuleOutcome, Options
    from engine.modules.places import PLACES
    from engine.modules.school_formula import SCHOOL_FORMULA
    from engine.modules.school_formula.fitting_schools import example_authority, rules_of_school
    from engine.modules.school_formula.missing_lines import (
        AbsentLines,
        counts_pupils,
        declare_absent,
    )
    from engine.modules.school_formula.outcome import NotionalOutcome
    from engine.modules.school_formula.parts import adjustments
    from engine.modules.school_formula.phases import (
        lines_of_phase,
        phase_paid,
        phases_counted,
        prior_lines,
        sparsity_lines,
        years_matter,
    )
    from engine.modules.school_formula.pupil_counts import above_share_of_all
    from engine.modules.school_formula.table import line_changes, school_rows
    from engine.modules.targeted import TARGETED_FUNDING, TargetedStatement, targeted_statement
    from engine.modules.top_ups import TOP_UPS
    from engine.modules.top_ups.outcome import TopUpOutcome

SEMANTICS = 2
"""Version of the arithmetic; a change that alters any penny raises it and keeps the old."""

__all__ = [
    "HIGH_NEEDS_BLOCK",
    "NO_OPTIONS",
    "PLACES",
    "SCHOOL_FORMULA",
    "SEMANTICS",
    "TARGETED_FUNDING",
    "TOP_UPS",
    "WHY",
    "AbsentLines",
    "Allocation",
    "AllocationModule",
    "Module",
    "ModuleOutcome",
    "NotionalOutcome",
    "Options",
    "P",
    "TargetedStatement",
    "TopUpOutcome",
    "V",
    "above_share_of_all",
    "adjustments",
    "counts_pupils",
    "declare_absent",
    "example_authority",
    "line_changes",
    "lines_of_phase",
    "phase_paid",
    "phases_counted",
    "prior_lines",
    "rules_of_school",
    "school_rows",
    "sparsity_lines",
    "targeted_statement",
    "years_matter",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__,
        {
            "allocation": ("WHY", "Allocation", "AllocationModule", "P", "V"),
            "high_needs_block": ("HIGH_NEEDS_BLOCK",),
            "module": ("NO_OPTIONS", "Module", "ModuleOutcome", "Options"),
            "places": ("PLACES",),
            "school_formula": ("SCHOOL_FORMULA",),
            "school_formula.fitting_schools": ("example_authority", "rules_of_school"),
            "school_formula.missing_lines": ("AbsentLines", "counts_pupils", "declare_absent"),
            "school_formula.outcome": ("NotionalOutcome",),
            "school_formula.parts": ("adjustments",),
            "school_formula.phases": (
                "lines_of_phase",
                "phase_paid",
                "phases_counted",
                "prior_lines",
                "sparsity_lines",
                "years_matter",
            ),
            "school_formula.pupil_counts": ("above_share_of_all",),
            "school_formula.table": ("line_changes", "school_rows"),
            "targeted": ("TARGETED_FUNDING", "TargetedStatement", "targeted_statement"),
            "top_ups": ("TOP_UPS",),
            "top_ups.outcome": ("TopUpOutcome",),
        },
    )
