"""Rules in force with values tried in them: the one way from overrides to what values tables."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from engine.errors import OverrideRefused, RuleRefused
from engine.rules.compile import compile_rules
from engine.rules.compiled import CompiledRules
from engine.rules.document import RuleSet
from engine.rules.override import Numbers, what_if
from engine.rules.override_problems import blamed


def compile_what_if(
    document: RuleSet,
    overrides: Sequence[tuple[str, str]],
    day: date | None = None,
    published: CompiledRules | None = None,
) -> CompiledRules:
    """Return rules as ``compile_rules`` does, with values tried in them that ``trials`` names.

    ``published`` are the compiled rules of the same document and day, where they are there: what no
    value changes is then taken from them.

    Raises ``OverrideRefused`` where a value cannot be tried, and ``RuleRefused`` where the document
    as published does not compile.
    """
    numbers = None
    if published is not None:
        numbers = published.cache.get(Numbers, Numbers, published.document)
    tried = what_if(document, overrides, day, numbers)
    try:
        rules = compile_rules(tried.document, day, published)
    except RuleRefused as refusal:
        if not overrides:
            raise
        # Where the published document is at fault, it says so.
        compile_rules(document, day)
        problems = [blamed(one, tried.places) for one in refusal.problems]
        raise OverrideRefused(problems, refusal.total) from None
    return replace(rules, trials=tried.trials)
