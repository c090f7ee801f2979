"""What ``evenband places``, ``block`` and ``targeted`` do, once their options are read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from app.commands import shown
from app.commands.exits import about, misused
from app.commands.inputs import Side, paths_of, side
from app.commands.outputs import chosen, deliver, refuse_changes
from engine.block import (
    block_amounts,
    block_rows,
    place_amounts,
    place_rows,
    table_sums,
    targeted_amounts,
    targeted_rows,
)
from engine.block.asked import block_of
from engine.export import Rows
from engine.export.manifest import Input, rules_record, totals_record
from engine.input_file import STANDARD_INPUT
from engine.money import pence, pounds
from engine.reading import read_table_file
from engine.rules.compiled import CompiledRules

HIGHEST_COST = 10**8
NOTHING: Mapping[str, str] = {}
Working = Callable[[CompiledRules, pl.DataFrame], Rows]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The rules, the table, and where the rows go."""

    rules: str
    on: date | None
    overrides: tuple[str, ...]
    table: Path
    sheet: str | None
    out: str | None
    kind: str | None


def work_out_places(wanted: Wanted) -> None:
    """Work out the money for places."""
    _work_out(wanted, "places", lambda rules, frame: place_rows(place_amounts(rules, frame)))


def work_out_block(wanted: Wanted) -> None:
    """Add up authorities' high needs blocks."""
    _work_out(
        wanted,
        "terms",
        lambda rules, frame: block_rows(block_of(rules).rule, block_amounts(rules, frame)),
    )


def work_out_targeted(wanted: Wanted, sen_support_cost: str | None) -> None:
    """Work out targeted funding, and calls on budgets where a cost was chosen."""
    cost = None if sen_support_cost is None else _cost(sen_support_cost)

    def working(rules: CompiledRules, frame: pl.DataFrame) -> Rows:
        schools = targeted_amounts(rules, frame, sen_support_cost=cost)
        return targeted_rows(schools, costed=cost is not None)

    tried = {} if cost is None else {"sen_support_cost": pounds(cost)}
    _work_out(wanted, "schools", working, tried)


def _cost(written: str) -> int:
    try:
        cost = pence(written)
    except ValueError:
        cost = -1
    if not 0 <= cost <= HIGHEST_COST:
        raise misused("--sen-support-cost is pounds such as 1500 or 1500.50")
    return cost


def _work_out(
    wanted: Wanted, part: str, working: Working, tried: Mapping[str, str] = NOTHING
) -> None:
    """Read, work out, and show or write; ``tried`` are figures chosen by the user."""
    one = side(wanted.rules, wanted.on, wanted.overrides)
    tables = () if wanted.table == STANDARD_INPUT else (wanted.table,)
    output = chosen(wanted.out, wanted.kind, [*paths_of([one]), *tables])
    with shown.steps(3) as step:
        step("Reading")
        with about(wanted.table):
            frame, file = read_table_file(wanted.table, wanted.sheet)
            step("Valuing")
            rows = working(one.rules, frame)
        step("Writing")
        if output.kind is not None:
            record = _record(one, Input.of(part, file, len(rows), wanted.sheet), rows)
            deliver(output, rows, {**record, **tried}, (one.file, file))
    if output.kind is None:
        refuse_changes((one.file, file))
        _show(one, rows)


def _record(one: Side, table: Input, rows: Rows) -> dict[str, object]:
    """Return what a manifest says of rules, inputs and totals."""
    inputs = [Input.of("rules", one.file), table]
    return {
        "detail": rows.name,
        "rule_sets": [rules_record(one.rules, one.overrides)],
        "inputs": [each.record() for each in inputs],
        "totals": totals_record(table_sums(rows)),
    }


def _show(one: Side, rows: Rows) -> None:
    console = shown.console()
    console.print(shown.heading(one.rules, len(one.overrides)))
    console.print(shown.table(rows))
    if left := shown.cut(rows):
        console.print(left)
    console.print(shown.table(table_sums(rows), "Totals", frozenset({"part", "not_known"})))
