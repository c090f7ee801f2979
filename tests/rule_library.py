"""The published rule documents by the name of their file: read when a test asks, never at import."""

from functools import cache

from engine.data import FIXTURES
from engine.rules.compile import compile_rules
from engine.rules.compiled import CompiledRules
from engine.rules.document import RuleSet
from engine.rules.load import load_rule_file

RULE_FILES = {path.stem: path for path in sorted((FIXTURES / "rules").rglob("*.yaml"))}


@cache
def document(name: str) -> RuleSet:
    """Return a published rule document."""
    return load_rule_file(RULE_FILES[name])


@cache
def compiled(name: str) -> CompiledRules:
    """Return a published rule set on its first day."""
    return compile_rules(document(name))


@cache
def with_part(part: str) -> tuple[str, ...]:
    """Return the names of the rule documents that have a part, for example ``band_profile``."""
    return tuple(name for name in RULE_FILES if getattr(document(name), part) is not None)
