"""What ``evenband places``, ``block`` and ``targeted`` do, once their options are read."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.commands import shown
from app.commands.exits import about, misused
from app.commands.inputs import Side, paths_of, side
from app.commands.outputs import chosen, deliver, refuse_changes
from engine.export.manifest import Input, rules_record, totals_record
from engine.input_file import STANDARD_INPUT
from engine.modules.allocation import Allocation, AllocationModule, P, V
from engine.modules.high_needs_block import HIGH_NEEDS_BLOCK
from engine.modules.module import NO_OPTIONS, Options
from engine.modules.places import PLACES
from engine.modules.targeted import TARGETED_FUNDING
from engine.money import pence, pounds
from engine.reading import read_table_file

HIGHEST_COST = 10**8


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
    _work_out(wanted, "places", PLACES)


def work_out_block(wanted: Wanted) -> None:
    """Add up authorities' high needs blocks."""
    _work_out(wanted, "terms", HIGH_NEEDS_BLOCK)


def work_out_targeted(wanted: Wanted, sen_support_cost: str | None) -> None:
    """Work out targeted funding, and calls on budgets where a cost was chosen."""
    cost = None if sen_support_cost is None else _cost(sen_support_cost)
    _work_out(wanted, "schools", TARGETED_FUNDING, Options(cost))


def _cost(written: str) -> int:
    try:
        cost = pence(written)
    except ValueError:
        cost = -1
    if not 0 <= cost <= HIGHEST_COST:
        raise misused("--sen-support-cost is pounds such as 1500 or 1500.50")
    return cost


def _work_out(
    wanted: Wanted, part: str, module: AllocationModule[P, V], options: Options = NO_OPTIONS
) -> None:
    """Read, work out, and show or write."""
    one = side(wanted.rules, wanted.on, wanted.overrides)
    tables = () if wanted.table == STANDARD_INPUT else (wanted.table,)
    output = chosen(wanted.out, wanted.kind, [*paths_of([one]), *tables])
    with shown.steps(3) as step:
        step("Reading")
        with about(wanted.table):
            frame, file = read_table_file(wanted.table, wanted.sheet)
            step("Valuing")
            outcome = module.allocate(one.rules, frame, options)
        step("Writing")
        if output.kind is not None:
            table = Input.of(part, file, len(outcome.valued), wanted.sheet)
            deliver(output, outcome.rows, _record(one, table, outcome), (one.file, file))
    if output.kind is None:
        refuse_changes((one.file, file))
        _show(one, outcome)


def _record(one: Side, table: Input, outcome: Allocation[P, V]) -> dict[str, object]:
    """Return what a manifest says of rules, inputs, totals, and figures chosen by the user."""
    inputs = [Input.of("rules", one.file), table]
    cost = outcome.options.sen_support_cost
    return {
        "detail": outcome.module.name,
        "rule_sets": [rules_record(one.rules, one.overrides)],
        "inputs": [each.record() for each in inputs],
        "totals": totals_record(outcome.totals),
        **({} if cost is None else {"sen_support_cost": pounds(cost)}),
    }


def _show(one: Side, outcome: Allocation[P, V]) -> None:
    console, rows = shown.console(), outcome.rows
    console.print(shown.heading(one.rules, len(one.overrides)))
    console.print(shown.table(rows))
    if left := shown.cut(rows):
        console.print(left)
    console.print(shown.table(outcome.totals, "Totals", frozenset({"part", "not_known"})))
