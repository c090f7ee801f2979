"""Many candidates of one rule set over the same pupils, or the same schools: what each costs, who gains and who loses."""

import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np
import polars as pl

from engine.candidates import BlockRun, Run
from engine.candidates.figures import KINDS, Limits, every_figure
from engine.candidates.groups import USUAL
from engine.candidates.names import places_of
from engine.candidates.school_losses import keep_to_school_loss
from engine.candidates.schools import NOT_PUBLISHED, Measure, SchoolRun
from engine.candidates.summary import Summary, summary_of
from engine.disclosure import disclosure_profile
from engine.export import exact, with_rules
from engine.export.candidate_details import candidate_details
from engine.export.candidate_publication import publishable_candidates
from engine.export.candidates import answers_among, candidate_rows, group_rows, left_out_records
from engine.export.school_candidates import school_detail
from engine.modules import SCHOOL_FORMULA, TOP_UPS
from engine.row_chunks import Blocks
from engine.rows import Rows
from engine.statement import pupil_warnings
from evenband.arguments import of_kind, one_of, whole
from evenband.candidate_plan import Plan, read_plan
from evenband.display import in_pounds
from evenband.rules import Rules, notes_on
from evenband.tables import Pupils, Schools

Detail = Literal["totals", "groups", "changes", "schools", "pupils"]
"""One row a candidate, a group of a candidate; or a band of change, school or pupil of a named one."""

Compared = Literal["notional_sen", "formula"]
"""What candidates over schools are compared by."""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Candidates:
    """What candidates come to, compared with their baseline; ``varied`` are the rules whose values they try. ``run`` and ``summary`` are the engine's own form."""

    baseline: Rules
    varied: Rules
    title: str
    run: BlockRun
    summary: Summary

    def __len__(self) -> int:
        """Return how many candidates were valued."""
        return int(self.summary.valued.sum())

    @property
    def plan(self) -> dict[str, int]:
        """Return how many rows of pupils, or candidates over schools, are worked out in which way."""
        return self.run.plan_record

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
        ``changes``, ``schools`` and ``pupils`` are of the candidates ``names`` and of ``top``, as ``compare`` has them;
        over schools there is ``schools`` alone, with notional SEN and formula funding before and after.
        Money is pounds, ``Decimal`` with two places; what is not known is null.

        With ``publish`` the frame is text that may be published: everyone and regions for all candidates, authorities
        for the baseline and those of ``names`` and ``top``, which may be few; small numbers of pupils, and what would
        tell them, have the symbol c.

        Raises ``PairRefused`` for names that no candidate has, and for more of them than may be published; ``ValueError``
        for what candidates over schools do not have.
        """
        one_of(detail, Detail, "detail")
        if top is not None:
            whole(top, "top", 1)
        rules = [one.record for one in dict.fromkeys((self.baseline, self.varied))]
        if publish:
            return with_rules(self._published(detail, names, top), rules).frame
        if detail in ("changes", "schools", "pupils"):
            return exact(with_rules(self._details(detail, names, top), rules))
        which = self.summary.valued if top is None else self.summary.among_the_best(top)
        if detail == "totals":
            rows = candidate_rows(self.run, self.summary, np.flatnonzero(which))
        else:
            rows = group_rows(self.run, answers_among(self.run, which), which)
        return exact(with_rules(rows, rules))

    def _published(self, detail: Detail, names: Sequence[str], top: int | None) -> Rows:
        if isinstance(self.run, Run):
            few = places_of(self.run, self.summary, names, top).tolist()
            profile = disclosure_profile()
            return publishable_candidates(self.run, self.summary, few, profile).rows(detail)
        raise ValueError(NOT_PUBLISHED)

    def _details(self, detail: Detail, names: Sequence[str], top: int | None) -> Rows:
        places = places_of(self.run, self.summary, names, top).tolist()
        if isinstance(self.run, Run):
            return candidate_details(self.run, places, detail)
        if isinstance(self.run, SchoolRun) and detail == "schools":
            return school_detail(self.run, places)
        message = f"detail '{detail}' is of pupils: over schools ask for totals, groups or schools"
        raise ValueError(message)

    def __repr__(self) -> str:
        """Return how many candidates there are, of which rules."""
        left_out = len(self.summary.left_out)
        return f"<Candidates of {self.baseline.name}: {len(self):,} valued, {left_out:,} left out>"


def candidates(
    document: str | os.PathLike[str],
    pupils: Pupils | None = None,
    *,
    schools: Schools | None = None,
    measure: Compared | None = None,
    baseline: Rules | None = None,
    threads: int = 0,
) -> Candidates:
    """Return what the candidates of a document come to over pupils, or over schools, compared with its baseline.

    Over ``pupils`` candidates are of top-ups. Over ``schools`` they are of the schools formula, compared by ``measure``:
    ``notional_sen``, which is usual, or ``formula``; units that the table of schools has no column for are counted from the
    pupils, where both are given.

    ``document`` is the path of a YAML file, or its text; files that it names are looked for beside it, or where the
    program runs. ``baseline`` are rules in place of those that it names. The tables must have been read for the
    baseline. ``threads`` is 0 for one a processor; the answer is the same for any number.

    Raises ``RuleRefused`` with every problem of the document, and ``PairRefused`` where rules and tables do not fit. Warns
    of gaps and contradictions of the baseline, of figures that may be wrong, and of candidates that are left out, which
    ``left_out`` names.
    """
    if pupils is not None or schools is None:
        of_kind(pupils, Pupils, "pupils are what read_pupils returns")
    if schools is not None:
        of_kind(schools, Schools, "schools are what read_schools returns")
    if measure is not None:
        one_of(measure, Compared, "measure")
        of_kind(schools, Schools, "measure is of schools; give schools that read_schools returns")
    whole(threads, "threads", 0)
    if baseline is not None:
        of_kind(baseline, Rules, "the baseline is what read_rules returns")
    plan = read_plan(document, baseline, of_schools=schools is not None)
    module = TOP_UPS if schools is None else SCHOOL_FORMULA
    notes = {one: changes for rules in plan.rule_sets for one, changes in notes_on(rules, [module.name]).items()}  # fmt: skip
    for note, may_change_an_amount in notes.items():
        if may_change_an_amount:
            warnings.warn(note, stacklevel=2)
    chunks = Blocks(threads or os.cpu_count() or 1)
    run: BlockRun
    if schools is not None:
        run = _over_schools(plan, schools, pupils, Measure(measure or "notional_sen"), chunks)
        said = () if pupils is None else (pupils.table.elsewhere_note(schools.table.urn),)
        sentences = [one for one in said if one is not None]
    else:
        run, sentences = _over_pupils(plan, pupils, chunks)
    for sentence in sentences:
        warnings.warn(sentence, stacklevel=2)
    limits = Limits.of(plan.document, plan.budgets)
    few = run.among(KINDS)
    summary = summary_of(few, every_figure(few, limits))
    summary = keep_to_school_loss(summary, run, limits)
    if summary.left_out:
        number = len(summary.left_out)
        are = "candidates are" if number > 1 else "candidate is"
        warnings.warn(f"{number:,} {are} left out; left_out has the reasons", stacklevel=2)
    return Candidates(plan.baseline, plan.varied, plan.document.title, run, summary)


def _over_pupils(plan: Plan, pupils: Pupils | None, chunks: Blocks) -> tuple[Run, list[str]]:
    """Return the run of a plan over its pupils, and the sentences of warnings about it."""
    if pupils is None:
        message = "candidates over pupils need pupils"
        raise TypeError(message)
    pupils.under(plan.varied)
    table, batch = pupils.under(plan.baseline), plan.batch
    run = Run.of(
        plan.baseline.compiled, table, batch.candidates, USUAL, chunks, batch.left_out,
        plan.varied.compiled,
    )  # fmt: skip
    said = [f"{one}." for one in run.outcome.notices if one not in table.notices]
    return run, [*said, *(f"check: {line}" for line in pupil_warnings(run.outcome).lines())]


def _over_schools(
    plan: Plan, schools: Schools, pupils: Pupils | None, measure: Measure, chunks: Blocks
) -> SchoolRun:
    """Return the run of a plan over its schools."""
    batch, varied = plan.batch, plan.varied
    return SchoolRun.of(
        plan.baseline.compiled, schools.under(plan.baseline), batch.candidates,
        pupils=None if pupils is None else pupils.table, measure=measure, chunks=chunks,
        left_out=batch.left_out, varied=(varied.compiled, schools.under(varied)),
    )  # fmt: skip
