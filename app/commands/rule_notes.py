"""Notes on the rules of a run, on standard error and in manifests: what ``evenband rules check`` says of them too."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from app.commands.exits import say
from app.commands.inputs import Tables
from engine.rules import CompiledRules
from engine.rules.run_notes import run_notes
from engine.run import Outcome


def with_notes_of(tables: Tables, outcomes: Iterable[Outcome]) -> Tables:
    """Say the notes on the rules of some outcomes, and return tables whose manifest has them."""
    return with_rule_notes(tables, [(one.rules, one.outcomes) for one in outcomes])


def with_rule_notes(
    tables: Tables, valued: Iterable[tuple[CompiledRules, Collection[str]]]
) -> Tables:
    """Say the notes on rules, each with the modules that valued by them, and return tables whose manifest has them.

    What is true of two rule sets of one name alike is said once.
    """
    notes = {
        (rules.document.identifier, note.type, note.place, note.sentence): None
        for rules, modules in valued
        for note in run_notes(rules, modules)
    }
    names = ("rule_set", "type", "place", "sentence")
    records = [dict(zip(names, note, strict=True)) for note in notes]
    say([f"{one['rule_set']}: {one['sentence']}." for one in records])
    return replace(tables, rule_notes=tuple(records))
