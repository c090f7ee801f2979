"""A document of candidates as Python names it: its baseline, what varies, and budgets."""

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from engine.candidates import (
    Batch,
    CandidateDocument,
    Known,
    batch_of,
    known_of,
    read_budgets,
    read_known,
    refuse_paths,
)
from engine.errors import PairRefused, Problem
from engine.refusals import Refusals
from evenband.rules import Rules, read_rules


class Plan(NamedTuple):
    """What candidates are worked out from; ``varied`` are the rules whose values vary, ``budgets`` pence by authority."""

    document: CandidateDocument
    baseline: Rules
    varied: Rules
    batch: Batch
    budgets: Mapping[int, int] | None

    @property
    def rule_sets(self) -> tuple[Rules, ...]:
        """Return the rule sets, each once."""
        return tuple(dict.fromkeys((self.baseline, self.varied)))


def read_plan(
    document: str | os.PathLike[str], baseline: Rules | None, *, of_schools: bool
) -> Plan:
    """Return a document, a path or a text, with what it names, for pupils or ``of_schools``.

    Raises every refusal of it and of its files as one.
    """
    is_text = isinstance(document, str) and "\n" in document
    folder = Path() if is_text else Path(document).parent
    known = known_of(str(document)) if is_text else read_known(Path(document))[0]
    return _plan(known, folder, baseline, of_schools=of_schools)


def _plan(known: Known, folder: Path, baseline: Rules | None, *, of_schools: bool) -> Plan:
    """Return a document with what it names; raises every refusal of it and of them as one."""
    stated, refusals = known.document, Refusals()
    with refusals.part():
        if known.refused is not None:
            raise known.refused
    varied, batch, budgets = baseline, None, None
    if stated is not None:
        with refusals.part():
            if baseline is None and "baseline" in known.fields:
                baseline = varied = _rules(stated.baseline, folder, stated.on)
            _refuse_unfit(baseline, of_schools=of_schools)
        with refusals.part():
            if stated.candidate is not None:
                varied = None
                varied = _rules(stated.candidate, folder, stated.on)
            other = varied if stated.candidate is not None else None
            _refuse_unfit(other, of_schools=of_schools)
        with refusals.part():
            if known.refused is None or stated.table is not None:
                batch = batch_of(stated, folder, of_schools=of_schools)
        with refusals.part():
            budgets = None if stated.budgets is None else read_budgets(folder / stated.budgets).of
        with refusals.part():
            if varied is not None:
                refuse_paths(stated, batch, varied.compiled)
    refusals.refuse()
    if stated is None or baseline is None or varied is None or batch is None:
        message = "a part of the plan is missing, and nothing was refused"
        raise ValueError(message)
    return Plan(stated, baseline, varied, batch, budgets)


def _refuse_unfit(rules: Rules | None, *, of_schools: bool) -> None:
    if of_schools and rules is not None and rules.compiled.formula is None:
        sentence = f"{rules.identifier} has no schools formula: candidates over schools are of one"
        raise PairRefused([Problem(sentence, "nothing-to-value")])
    if not of_schools and rules is not None and rules.compiled.top_ups is None:
        sentence = f"{rules.identifier} pays no pupil: candidates are of top-ups"
        raise PairRefused([Problem(sentence, "nothing-to-value")])


def _rules(name: str, folder: Path, day: date | None) -> Rules:
    """Return the rules that a document names: a file beside it, or a published identifier."""
    beside = folder / name
    rules = read_rules(beside if beside.is_file() else name)
    return rules if day is None else rules.at(day)
