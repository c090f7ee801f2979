"""What ``evenband compare`` does, once its options are read."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from app.commands import shown
from app.commands.inputs import Asked, Side, Tables, paths_of, read_tables, side
from app.commands.outputs import Output, chosen, refuse_changes
from app.commands.valuing import Wanted, deliver_working, finish, show_working
from engine.compare import Comparison, compare
from engine.errors import PairRefused, Problem, Refusal
from engine.export import (
    Rows,
    change_totals,
    changed_pupils,
    changed_schools,
)
from engine.export.changes import PAID, PROTECTION, TOP_UP
from engine.export.workings import change_record, change_rows
from engine.run import Outcome, evaluate
from engine.statement import ExplainedChange, explain_change

WORDS = ("Baseline", "Candidate")


def run(
    names: tuple[str, str],
    day: date | None,
    overrides: Sequence[str],
    asked: Asked,
    wanted: Wanted,
) -> None:
    """Read once, value under both rule sets, compare, and show or write."""
    sides = [side(names[0], day, []), side(names[1], day, overrides)]
    output = chosen(wanted.out, wanted.kind, [*paths_of(sides), *asked.files])
    with shown.steps(4) as step:
        step("Reading")
        tables = read_tables(asked, sides)
        step("Valuing")
        baseline, candidate = (
            _valued(word, one, tables, wanted)
            for word, one in zip(WORDS, tables.sides, strict=True)
        )
        step("Comparing")
        if wanted.explain is not None:
            _explain(output, explain_change(baseline, candidate, wanted.explain), tables)
            return
        comparison = compare(baseline, candidate, blocks=wanted.blocks)
        step("Writing")
        rows = _rows(comparison, wanted.detail)
        finish(output, rows, [change_totals(comparison)], tables)
    if output.kind is None:
        refuse_changes(tables.files)
        _show(comparison, rows, wanted.detail, tables)


def _valued(word: str, one: Side, tables: Tables, wanted: Wanted) -> Outcome:
    """Value one side; a refusal says which of the two rule sets it is about."""
    try:
        return evaluate(one.rules, one.schools, tables.pupils, blocks=wanted.blocks)
    except Refusal as refusal:
        document = one.rules.document
        refusal.add_note(f"{word} {document.identifier} version {document.version}")
        raise


def _explain(output: Output, change: ExplainedChange, tables: Tables) -> None:
    """Show or write one school's or pupil's working under both rule sets, and the difference."""
    refuse_changes(tables.files)
    workings = (change.baseline, change.candidate)
    if output.kind is not None:
        parts = (*workings, change.rows)
        deliver_working(output, change_rows(*parts), change_record(*parts), tables)
        return
    for word, one, working in zip(WORDS, tables.sides, workings, strict=True):
        show_working(one, working, word)
    shown.console().print(shown.rows_table("Change", change.rows))


def _rows(comparison: Comparison, detail: str) -> Rows:
    """Return the rows that were asked for, or refuse what these tables do not give."""
    if detail == "totals":
        return change_totals(comparison)
    rows = changed_schools(comparison) if detail == "schools" else changed_pupils(comparison)
    if rows is None:
        sentence = f"--detail {detail} needs {detail} under both rule sets, and there are none"
        raise PairRefused([Problem(sentence, "nothing-to-show")])
    return rows


def _show(comparison: Comparison, rows: Rows, detail: str, tables: Tables) -> None:
    console = shown.console()
    for word, one in zip(WORDS, tables.sides, strict=True):
        console.print(shown.heading(one.rules, len(one.overrides), word))
    if detail != "totals":
        console.print(shown.table(rows))
        console.print(shown.cut(rows))
        return
    for part, measures, title in _titles(comparison):
        one_part = Rows(
            part,
            rows.shapes,
            rows.frame.filter(pl.col("part") == part, pl.col("measure").is_in(measures)),
        )
        if len(one_part):
            hidden = {"part", "not_included", *(("measure",) if len(measures) == 1 else ())}
            console.print(shown.table(one_part, title, frozenset(hidden)))
            console.print(shown.cut(one_part), end="\n" if shown.cut(one_part) else "")


def _titles(comparison: Comparison) -> list[tuple[str, tuple[str, ...], str]]:
    """Return the tables of totals; those of pupils name what is not in them."""
    without = "" if comparison.placed is None else ", without protection of schools against loss"
    return [
        ("schools", ("notional_sen",), "Schools: notional SEN"),
        ("pupils", (TOP_UP,), f"Pupils: top-ups{without}"),
        ("schools", (TOP_UP, PROTECTION, PAID), "Schools: top-ups and protection against loss"),
    ]
