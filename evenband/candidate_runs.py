"""Many candidates of one rule set over the same pupils: what each costs, who gains and who loses."""

import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl

from engine.candidates import (
    Batch,
    CandidateDocument,
    Known,
    Run,
    batch_of,
    known_of,
    read_budgets,
    read_known,
    refuse_paths,
)  # fmt: skip
from engine.candidates.figures import Limits, every_figure, for_figures
from engine.candidates.groups import USUAL
from engine.candidates.names import places_of
from engine.candidates.school_losses import keep_to_school_loss
from engine.candidates.summary import Summary, summary_of
from engine.disclosure import disclosure_profile
from engine.errors import PairRefused, Problem
from engine.export import exact, with_rules
from engine.export.candidate_details import candidate_details
from engine.export.candidate_publication import publishable_candidates
from engine.export.candidates import answers_among, candidate_rows, group_rows, left_out_records
from engine.modules import TOP_UPS
from engine.refusals import Refusals
from engine.row_chunks import Blocks
from engine.rows import Rows
from engine.statement import pupil_warnings
from evenband.arguments import of_kind, one_of, whole
from evenband.display import in_pounds
from evenband.rules import Rules, notes_on, read_rules
from evenband.tables import Pupils

Detail = Literal["totals", "groups", "changes", "schools", "pupils"]
"""One row a candidate, a group of a candidate; or a band of change, school or pupil of a named one."""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Candidates:
    """What candidates come to, compared with their baseline; ``varied`` are the rules whose values they try. ``run`` and ``summary`` are the engine's own form."""

    baseline: Rules
    varied: Rules
    title: str
    run: Run
    summary: Summary

    def __len__(self) -> int:
        """Return how many candidates were valued."""
        return int(self.summary.valued.sum())

    @property
    def plan(self) -> dict[str, int]:
        """Return how many rows of pupils are worked out in which way, under the first structure of rules."""
        return self.run.plan._asdict()

    @property
    def left_out(self) -> pl.DataFrame:
        """Return the candidates that could not be valued: ``candidate`` and ``reason``."""
        schema = {"candidate": pl.String, "reason": pl.String}
        return pl.DataFrame(left_out_records(self.summary), schema=schema)

    @property
    def least(self) -> Decimal | None:
        """Return the least total of a candidate that keeps to the constraints, pounds; None where none does."""
        best = self.summary.cheapest(1)
        return in_pounds(int(self.summary.figures.total[best[0]])) if len(best) else None

    def to_polars(
        self,
        detail: Detail = "totals",
        *,
        top: int | None = None,
        names: Sequence[str] = (),
        publish: bool = False,
    ) -> pl.DataFrame:
        """Return a frame with the columns of ``evenband candidates --detail``, of all candidates that were valued.

        With ``top`` only so many of the cheapest that keep to the constraints, and those of the front. Details
        ``changes``, ``schools`` and ``pupils`` are of the candidates ``names`` and of ``top``, as ``compare`` has them.
        Money is pounds, ``Decimal`` with two places; what is not known is null.

        With ``publish`` the frame is text that may be published: everyone and regions for all candidates, authorities
        for the baseline and those of ``names`` and ``top``, which may be few; small numbers of pupils, and what would
        tell them, have the symbol c.

        Raises ``PairRefused`` for names that no candidate has, and for more of them than may be published.
        """
        one_of(detail, Detail, "detail")
        if top is not None:
            whole(top, "top", 1)
        rules = [one.record for one in dict.fromkeys((self.baseline, self.varied))]
        if publish:
            return with_rules(self._published(detail, names, top), rules).frame
        if detail in ("changes", "schools", "pupils"):
            places = places_of(self.run, self.summary, names, top)
            return exact(with_rules(candidate_details(self.run, places.tolist(), detail), rules))
        which = self.summary.valued if top is None else self.summary.among_the_best(top)
        if detail == "totals":
            rows = candidate_rows(self.run, self.summary, np.flatnonzero(which))
        else:
            rows = group_rows(self.run, answers_among(self.run, which), which)
        return exact(with_rules(rows, rules))

    def _published(self, detail: Detail, names: Sequence[str], top: int | None) -> Rows:
        few = places_of(self.run, self.summary, names, top).tolist()
        profile = disclosure_profile()
        return publishable_candidates(self.run, self.summary, few, profile).rows(detail)

    def __repr__(self) -> str:
        """Return how many candidates there are, of which rules."""
        left_out = len(self.summary.left_out)
        return f"<Candidates of {self.baseline.name}: {len(self):,} valued, {left_out:,} left out>"


def candidates(
    document: str | os.PathLike[str],
    pupils: Pupils,
    *,
    baseline: Rules | None = None,
    threads: int = 0,
) -> Candidates:
    """Return what the candidates of a document come to over pupils, compared with its baseline.

    ``document`` is the path of a YAML file, or its text; files that it names are looked for beside it, or where the
    program runs. ``baseline`` are rules in place of those that it names. The pupils must have been read for the
    baseline. ``threads`` is 0 for one a processor; the answer is the same for any number.

    Raises ``RuleRefused`` with every problem of the document, and ``PairRefused`` where rules and pupils do not fit. Warns
    of gaps and contradictions of the baseline, of figures that may be wrong, and of candidates that are left out, which
    ``left_out`` names.
    """
    of_kind(pupils, Pupils, "pupils are what read_pupils returns")
    whole(threads, "threads", 0)
    is_text = isinstance(document, str) and "\n" in document
    folder = Path() if is_text else Path(document).parent
    if baseline is not None:
        of_kind(baseline, Rules, "the baseline is what read_rules returns")
    known = known_of(str(document)) if is_text else read_known(Path(document))[0]
    stated, baseline, varied, batch, budgets = _plan(known, folder, baseline)
    notes = {**notes_on(baseline, [TOP_UPS.name]), **notes_on(varied, [TOP_UPS.name])}
    for note, may_change_an_amount in notes.items():
        if may_change_an_amount:
            warnings.warn(note, stacklevel=2)
    chunks = Blocks(threads or os.cpu_count() or 1)
    pupils.under(varied)
    table = pupils.under(baseline)
    run = Run.of(
        baseline.compiled, table, batch.candidates, USUAL, chunks, batch.left_out, varied.compiled
    )
    for notice in (one for one in run.outcome.notices if one not in table.notices):
        warnings.warn(f"{notice}.", stacklevel=2)
    for line in pupil_warnings(run.outcome).lines():
        warnings.warn(f"check: {line}", stacklevel=2)
    limits = Limits.of(stated, budgets)
    few = for_figures(run)
    summary = summary_of(few, every_figure(few, limits))
    summary = keep_to_school_loss(summary, run, limits)
    if summary.left_out:
        number = len(summary.left_out)
        are = "candidates are" if number > 1 else "candidate is"
        warnings.warn(f"{number:,} {are} left out; left_out has the reasons", stacklevel=2)
    return Candidates(baseline, varied, stated.title, run, summary)


def _plan(
    known: Known, folder: Path, baseline: Rules | None
) -> tuple[CandidateDocument, Rules, Rules, Batch, dict[int, int] | None]:
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
            _refuse_no_pupils(baseline)
        with refusals.part():
            if stated.candidate is not None:
                varied = None
                varied = _rules(stated.candidate, folder, stated.on)
            _refuse_no_pupils(varied if stated.candidate is not None else None)
        with refusals.part():
            if known.refused is None or stated.table is not None:
                batch = batch_of(stated, folder)
        with refusals.part():
            budgets = None if stated.budgets is None else read_budgets(folder / stated.budgets).of
        with refusals.part():
            if varied is not None:
                refuse_paths(stated, batch, varied.compiled)
    refusals.refuse()
    if stated is None or baseline is None or varied is None or batch is None:
        message = "a part of the plan is missing, and nothing was refused"
        raise ValueError(message)
    return stated, baseline, varied, batch, budgets


def _refuse_no_pupils(rules: Rules | None) -> None:
    if rules is not None and rules.compiled.top_ups is None:
        sentence = f"{rules.identifier} pays no pupil: candidates are of top-ups"
        raise PairRefused([Problem(sentence, "nothing-to-value")])


def _rules(name: str, folder: Path, day: date | None) -> Rules:
    """Return the rules that a document names: a file beside it, or a published identifier."""
    beside = folder / name
    rules = read_rules(beside if beside.is_file() else name)
    return rules if day is None else rules.at(day)
