"""Rule documents: reading, dating, compiling to arrays."""

from typing import TYPE_CHECKING

from engine.lazy import lazy_names

if TYPE_CHECKING:
    from engine.rules.compile import check_day, compile_rules, pupil_columns
    from engine.rules.compile_trials import compile_what_if
    from engine.rules.compiled import CompiledFormula, CompiledLine, CompiledRules, CompiledTopUps
    from engine.rules.document import RuleSet
    from engine.rules.fitted_rules import unplaced_rules
    from engine.rules.folder import (
        content_digest,
        files_by_identifier,
        names_file,
        not_published,
        rule_files,
    )
    from engine.rules.formula import PHASE_WORDS, Counts, LinePhase, PriorAmount
    from engine.rules.load import (
        canonical,
        digest,
        json_schema,
        load_canonical,
        load_rule_file,
        load_rule_set,
        plain,
        read_rule_file,
    )
    from engine.rules.places import PlaceType
    from engine.rules.prices import Price, Quantity
    from engine.rules.reads import Blank
    from engine.rules.targeted import PATTERN_WORDS, CompiledTargeted, Pattern, TargetedFunding
    from engine.rules.values import DatedValue, dated_values
    from engine.steps import SourcedValue

__all__ = [
    "PATTERN_WORDS",
    "PHASE_WORDS",
    "Blank",
    "CompiledFormula",
    "CompiledLine",
    "CompiledRules",
    "CompiledTargeted",
    "CompiledTopUps",
    "Counts",
    "DatedValue",
    "LinePhase",
    "Pattern",
    "PlaceType",
    "Price",
    "PriorAmount",
    "Quantity",
    "RuleSet",
    "SourcedValue",
    "TargetedFunding",
    "canonical",
    "check_day",
    "compile_rules",
    "compile_what_if",
    "content_digest",
    "dated_values",
    "digest",
    "files_by_identifier",
    "json_schema",
    "load_canonical",
    "load_rule_file",
    "load_rule_set",
    "names_file",
    "not_published",
    "plain",
    "pupil_columns",
    "read_rule_file",
    "rule_files",
    "unplaced_rules",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__,
        {
            "compile": ("check_day", "compile_rules", "pupil_columns"),
            "compile_trials": ("compile_what_if",),
            "compiled": ("CompiledFormula", "CompiledLine", "CompiledRules", "CompiledTopUps"),
            "document": ("RuleSet",),
            "fitted_rules": ("unplaced_rules",),
            "folder": (
                "content_digest",
                "files_by_identifier",
                "names_file",
                "not_published",
                "rule_files",
            ),
            "formula": ("PHASE_WORDS", "Counts", "LinePhase", "PriorAmount"),
            "load": (
                "canonical",
                "digest",
                "json_schema",
                "load_canonical",
                "load_rule_file",
                "load_rule_set",
                "plain",
                "read_rule_file",
            ),
            "places": ("PlaceType",),
            "prices": ("Price", "Quantity"),
            "reads": ("Blank",),
            "targeted": ("PATTERN_WORDS", "CompiledTargeted", "Pattern", "TargetedFunding"),
            "values": ("DatedValue", "SourcedValue", "dated_values"),
        },
    )
