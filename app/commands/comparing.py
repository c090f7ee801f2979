"""What ``evenband compare`` does, once its options are read."""

from collections.abc import Sequence
from datetime import datetime

from app.commands import shown
from app.commands.inputs import Asked, Tables, read_tables, side
from app.commands.outputs import chosen
from app.commands.valuing import Wanted, finish
from engine.compare import Comparison, compare
from engine.errors import PairRefused, Problem
from engine.evaluate import evaluate
from engine.export import Rows, change_totals, changed_pupils, changed_schools


def run(
    names: tuple[str, str],
    day: datetime | None,
    overrides: Sequence[str],
    asked: Asked,
    wanted: Wanted,
) -> None:
    """Read once, value under both rule sets, compare, and show or write."""
    sides = [side(names[0], day, []), side(names[1], day, overrides)]
    output = chosen(wanted.out, wanted.kind, [*(one.file for one in sides), *asked.files])
    with shown.steps(4) as step:
        step("Reading")
        tables = read_tables(asked, sides)
        step("Valuing")
        baseline, candidate = (
            evaluate(one.rules, one.schools, tables.pupils, blocks=wanted.blocks)
            for one in tables.sides
        )
        step("Comparing")
        comparison = compare(baseline, candidate, blocks=wanted.blocks)
        step("Writing")
        rows = _rows(comparison, wanted.detail)
        finish(output, rows, [change_totals(comparison)], tables)
    if output.kind is None:
        _show(rows, wanted.detail, tables)


def _rows(comparison: Comparison, detail: str) -> Rows:
    """Return the rows that were asked for, or refuse what these tables do not give."""
    if detail == "totals":
        return change_totals(comparison)
    rows = changed_schools(comparison) if detail == "schools" else changed_pupils(comparison)
    if rows is None:
        sentence = f"no {detail} are valued under both rule sets"
        raise PairRefused([Problem(sentence, "nothing-to-show")])
    return rows


def _show(rows: Rows, detail: str, tables: Tables) -> None:
    console = shown.console()
    for word, one in zip(("Baseline", "Candidate"), tables.sides, strict=True):
        console.print(shown.heading(one.rules, len(one.overrides), word))
    if detail != "totals":
        console.print(shown.table(rows))
        console.print(shown.cut(rows))
        return
    for part, title in (("schools", "Schools: notional SEN"), ("pupils", "Pupils: top-ups")):
        one_part = Rows(part, rows.shapes, rows.frame.filter(part=part))
        if len(one_part):
            console.print(shown.table(one_part, title, frozenset({"part", "measure"})))
            console.print(shown.cut(one_part), end="\n" if shown.cut(one_part) else "")
