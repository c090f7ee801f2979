"""A document of candidates as a command names it: its baseline, what varies, budgets, and every file that is read for it."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from typer import BadParameter

from app.commands.exits import about
from app.commands.inputs import Read, Side, Tables, inputs_of, read_side, with_notices
from app.commands.plausibility import with_each_warning
from app.commands.rule_notes import with_rule_notes
from engine.candidates import (
    Batch,
    BlockRun,
    CandidateDocument,
    Known,
    Run,
    batch_of,
    digest_of,
    read_budgets,
    read_known,
    refuse_paths,
)
from engine.candidates.groups import USUAL
from engine.candidates.schools import Measure, SchoolRun
from engine.candidates.summary import Summary
from engine.errors import CandidatesRefused, PairRefused, Problem, RuleRefused
from engine.export.candidates import left_out_records
from engine.modules import SCHOOL_FORMULA, TOP_UPS
from engine.refusals import Refusals
from engine.row_chunks import Blocks
from engine.rules import compile_rules, names_file
from engine.statement import pupil_warnings

MOST_NAMED = 20
"""Candidates that are named on standard error."""

NATIONAL_CONSTANTS = "held"
"""No top-up depends on a national sum, so that no candidate changes what one fixes."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a command works out candidates from.

    varied   the rule set whose values vary: the baseline, unless the document names another
    budgets  pence that each authority may spend, by its code; None without a table of them
    files    the files that were read for the document, by what they are
    """

    document: CandidateDocument
    baseline: Side
    varied: Side
    batch: Batch
    budgets: Mapping[int, int] | None
    files: tuple[Read, ...]

    @property
    def sides(self) -> list[Side]:
        """Return the rule sets whose columns are read: the baseline, and what candidates are made from."""
        sides = list(self.rule_sets)
        for document in self.batch.candidates.documents:
            # One that does not compile is left out, with its reason, where it would be valued.
            with suppress(RuleRefused):
                rules = compile_rules(document, self.baseline.rules.day)
                sides.append(replace(self.baseline, rules=rules))
        return sides

    @property
    def rule_sets(self) -> tuple[Side, ...]:
        """Return the rule sets that the document names: the baseline, and the one whose values vary where it is another."""
        named = (self.baseline, self.varied)
        return named[:1] if self.document.candidate is None else named

    def with_files(self, tables: Tables) -> Tables:
        """Return tables with the rule sets that the document names, and its files among their inputs."""
        inputs = [one for one in tables.inputs if one.part != "rules"]
        read = [*(Read("rules", one.file) for one in self.rule_sets), *self.files]
        files = (*tables.files, *(one.file for one in self.files))
        sides = tables.sides[: len(self.rule_sets)]
        return replace(tables, sides=sides, inputs=(*inputs_of(read), *inputs), files=files)

    def record(self, run: BlockRun, summary: Summary) -> dict[str, object]:
        """Return what a manifest says of the candidates."""
        return {
            **self._record(run, summary, left_out_records(summary)),
            "schools" if run.of_schools else "pupils": run.plan_record,
            **({"measure": run.measure_name} if run.of_schools else {}),
        }

    def public_record(self, run: Run, summary: Summary) -> dict[str, object]:
        """Return what a manifest says of candidates that are published: no number or row of pupils."""
        return self._record(run, summary, left_out_records(summary, public=True))

    def _record(
        self, run: BlockRun, summary: Summary, left_out: list[dict[str, str]]
    ) -> dict[str, object]:
        document = self.document
        design = None if document.design is None else document.design.value
        drawn = {"design": design, "number": document.number, "seed": document.seed}
        return {
            "title": document.title,
            "digest": digest_of(run.candidates),
            **{name: one for name, one in drawn.items() if one is not None},
            "valued": int(summary.valued.sum()),
            "left_out": left_out,
            "national_constants": NATIONAL_CONSTANTS,
        }


def read_plan(path: Path, *, of_schools: bool = False) -> Plan:
    """Return what a document of candidates names, for pupils or ``of_schools``; raises a refusal with every problem of it and of the files that it names."""
    with about(path):
        known, file = read_known(path)
        document = known.document
        if document is None:
            raise known.refused or CandidatesRefused([])
    refusals, folder = Refusals(), path.parent
    with refusals.part(), about(path):
        if known.refused is not None:
            raise known.refused
    baseline = _side(refusals, known, "baseline", folder, of_schools=of_schools)
    varied = baseline
    if document.candidate is not None:
        varied = _side(refusals, known, "candidate", folder, of_schools=of_schools)
    batch = _batch(refusals, known, path, of_schools=of_schools)
    budgets = None
    if document.budgets is not None:
        with refusals.part(), about(folder / document.budgets):
            budgets = read_budgets(folder / document.budgets)
    if varied is not None:
        with refusals.part(), about(path):
            refuse_paths(document, batch, varied.rules)
    refusals.refuse()
    if baseline is None or varied is None or batch is None:
        message = "a part of the plan is missing, and nothing was refused"
        raise ValueError(message)
    files = [Read("candidates", file), *(Read("candidates", one) for one in batch.files)]
    files += [] if budgets is None else [Read("budgets", budgets.file)]
    of = None if budgets is None else budgets.of
    return Plan(document, baseline, varied, batch, of, tuple(files))


def _batch(refusals: Refusals, known: Known, path: Path, *, of_schools: bool) -> Batch | None:
    """Return the candidates of a document; None where they are refused, or not known because the document is wrong."""
    document = known.document
    if document is None or (known.refused is not None and document.table is None):
        return None
    with refusals.part(), about(path):
        return batch_of(document, path.parent, of_schools=of_schools)
    return None


def _side(
    refusals: Refusals, known: Known, place: str, folder: Path, *, of_schools: bool
) -> Side | None:
    """Return a rule set that a document names; None for one that is refused, or pays no pupil or school, or whose name is wrong."""
    document = known.document
    if document is None or place not in known.fields:
        return None
    name = document.baseline if place == "baseline" else document.candidate or ""
    with refusals.part():
        try:
            side = read_side(str(folder / name) if names_file(name) else name, document.on)
        except BadParameter as error:
            # The name is one of the document, not of an option.
            raise CandidatesRefused([Problem(error.message, "not-found", place=place)]) from None
        if of_schools and side.rules.formula is None:
            sentence = f"{side.rules.document.identifier} has no schools formula: candidates over schools are of one"
            raise PairRefused([Problem(sentence, "nothing-to-value", place=place)])
        if not of_schools and side.rules.top_ups is None:
            sentence = f"{side.rules.document.identifier} pays no pupil: candidates are of top-ups"
            raise PairRefused([Problem(sentence, "nothing-to-value", place=place)])
        return side
    return None


def run_of(plan: Plan, tables: Tables, chunks: Blocks) -> Run:
    """Return the run of a plan over its tables."""
    if tables.pupils is None:
        message = "the table of pupils was not read"
        raise ValueError(message)
    batch, rules, varied = plan.batch, tables.sides[0].rules, tables.sides[-1].rules
    return Run.of(rules, tables.pupils, batch.candidates, USUAL, chunks, batch.left_out, varied)


def school_run_of(plan: Plan, tables: Tables, measure: Measure, chunks: Blocks) -> SchoolRun:
    """Return the run of a plan over its schools."""
    before, after = tables.sides[0], tables.sides[-1]
    if before.schools is None or after.schools is None:
        message = "the table of schools was not read"
        raise ValueError(message)
    batch = plan.batch
    return SchoolRun.of(
        before.rules, before.schools, batch.candidates, pupils=tables.pupils, measure=measure,
        chunks=chunks, left_out=batch.left_out, varied=(after.rules, after.schools),
    )  # fmt: skip


def run_over(
    plan: Plan, tables: Tables, measure: str | None, chunks: Blocks
) -> tuple[BlockRun, Tables]:
    """Return the run of a plan over its pupils, or, with a measure, over its schools; and the tables with notes on both, and figures that may be wrong."""
    module = TOP_UPS if measure is None else SCHOOL_FORMULA
    tables = with_rule_notes(tables, [(one.rules, {module.name}) for one in plan.rule_sets])
    if measure is not None:
        return school_run_of(plan, tables, Measure(measure), chunks), tables
    run = run_of(plan, tables, chunks)
    outcome = run.outcome
    return run, with_each_warning(with_notices(tables, outcome.notices), [pupil_warnings(outcome)])


def lines_of(run: BlockRun, summary: Summary) -> list[str]:
    """Return what is to be said on standard error: who is worked out in which way, and which candidates are left out."""
    said, number = [run.plan_sentence], len(summary.left_out)
    if number:
        said.append(f"{number:,} candidate{'s are' if number > 1 else ' is'} left out:")
        said += [f"  {one.name}: {one.reason}" for one in summary.left_out[:MOST_NAMED]]
    if number > MOST_NAMED:
        said.append(f"  and {number - MOST_NAMED:,} more, which a manifest names")
    return said
