"""What ``evenband value`` does, once its options are read."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars.selectors as cs

from app.commands import shown
from app.commands.exits import say
from app.commands.inputs import Asked, Side, Tables, paths_of, read_tables, side
from app.commands.outputs import (
    Output,
    chosen,
    deliver,
    refuse_changes,
    to_standard_output,
    write_with_manifest,
)
from engine.errors import PairRefused, Problem
from engine.explain import Explanation, explain
from engine.export import (
    Format,
    Rows,
    line_rows,
    payment_rows,
    payment_totals,
    pupil_rows,
    school_rows,
    total_rows,
    working_record,
    working_rows,
)
from engine.export.manifest import as_json, rules_record, totals_record
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.row_chunks import Blocks
from engine.run import Outcome, evaluate
from engine.schedule import Divided, Schedule, payment_schedule
from engine.statement import pupil_reasons, school_reasons
from engine.tables import PupilTable


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be shown or written, and on how many threads it is worked out."""

    out: str | None
    kind: str | None
    detail: str
    explain: str | None
    threads: int
    divided: str = Divided.months

    @property
    def blocks(self) -> Blocks:
        """Return how rows are divided."""
        return Blocks(self.threads or os.cpu_count() or 1)


def run(
    name: str, day: date | None, overrides: Sequence[str], asked: Asked, wanted: Wanted
) -> None:
    """Read, value, and show or write."""
    one = side(name, day, overrides)
    output = chosen(wanted.out, wanted.kind, [*paths_of([one]), *asked.files])
    with shown.steps(3) as step:
        step("Reading")
        tables = read_tables(asked, [one])
        step("Valuing")
        valued = tables.sides[0]
        outcome = evaluate(valued.rules, valued.schools, tables.pupils, blocks=wanted.blocks)
        _say_who_is_elsewhere(outcome, tables.pupils)
        step("Writing")
        if wanted.explain is None:
            finish(output, _rows(outcome, wanted), [total_rows(outcome)], tables)
            if output.kind is not None:
                return
    refuse_changes(tables.files)
    if wanted.explain is not None:
        _explain(output, explain(outcome, wanted.explain), tables)
    else:
        _show(outcome, wanted, valued)


def _say_who_is_elsewhere(outcome: Outcome, pupils: PupilTable | None) -> None:
    """Say how many pupils are counted at no school, because no valued school has their number."""
    if pupils is None or outcome.notional is None:
        return
    note = pupils.elsewhere_note(outcome.notional.schools.urn)
    if note is not None:
        say([note])


def finish(output: Output, rows: Rows, totals: Sequence[Rows], tables: Tables) -> None:
    """Write rows where a file or a kind of file was asked for."""
    if output.kind is None:
        return
    deliver(output, rows, record(tables, rows.name, totals), tables.files)


def record(tables: Tables, detail: str, totals: Sequence[Rows]) -> dict[str, object]:
    """Return what a manifest says of rules, inputs and totals."""
    return {
        "detail": detail,
        "rule_sets": [rules_record(one.rules, one.overrides) for one in tables.sides],
        "inputs": [one.record() for one in tables.inputs],
        "totals": [each for one in totals for each in totals_record(one)],
    }


def _rows(outcome: Outcome, wanted: Wanted) -> Rows:
    """Return the rows that were asked for, or refuse what these tables do not give."""
    detail = wanted.detail
    if detail == "totals":
        return total_rows(outcome)
    of_pupils = detail in {"pupils", "schedule"}
    if of_pupils and outcome.top_ups is not None:
        if detail == "schedule":
            return payment_rows(outcome.top_ups, _schedule(outcome.top_ups, wanted))
        return pupil_rows(outcome.top_ups)
    if not of_pupils and outcome.notional is not None:
        return line_rows(outcome.notional) if detail == "lines" else school_rows(outcome.notional)
    wanting = "pupils" if of_pupils else "schools"
    sentence = f"--detail {detail} needs {wanting}, and there are none here"
    raise PairRefused([Problem(sentence, "nothing-to-show")])


def _schedule(top_ups: TopUpOutcome, wanted: Wanted) -> Schedule:
    return payment_schedule(top_ups, Divided(wanted.divided))


def _show(outcome: Outcome, wanted: Wanted, valued: Side) -> None:
    console = shown.console()
    console.print(shown.heading(valued.rules, len(valued.overrides)))
    if wanted.detail == "schedule" and outcome.top_ups is not None:
        totals = payment_totals(outcome.top_ups, _schedule(outcome.top_ups, wanted))
        console.print(shown.table(totals, "Payments"))
        return
    rows = _rows(outcome, wanted)
    if wanted.detail != "totals":
        console.print(shown.table(rows))
        console.print(shown.cut(rows))
        return
    for part in ("schools", "pupils"):
        one = Rows(part, rows.shapes, rows.frame.filter(part=part))
        if len(one):
            console.print(shown.table(one, part.capitalize(), frozenset({"part"})))
            console.print(shown.cut(one), end="\n" if shown.cut(one) else "")
    absent = int(
        rows.frame.filter(grouping="total").select(cs.ends_with("not_known")).sum_horizontal().sum()
    )
    parts = f"{absent} part{'s are' if absent != 1 else ' is'} not known and left out of the sums."
    console.print(parts if absent else "All parts are known.")
    for line in _reasons(outcome):
        console.print(line)


def _reasons(outcome: Outcome) -> list[str]:
    """Return why parts are not known, and of how many schools or pupils."""
    schools = () if outcome.notional is None else school_reasons(outcome.notional)
    pupils = () if outcome.top_ups is None else pupil_reasons(outcome.top_ups)
    counted = {"school": schools, "pupil": pupils}
    return [
        f"  {one.part}: {one.why} ({one.number:,} {what}{'s' if one.number > 1 else ''})"
        for what, reasons in counted.items()
        for one in reasons
    ]


def _explain(output: Output, one: Explanation, tables: Tables) -> None:
    if output.kind is None:
        show_working(tables.sides[0], one)
    else:
        deliver_working(output, working_rows(one), working_record(one), tables)


def show_working(valued: Side, one: Explanation, word: str = "Rule set") -> None:
    """Print the working of one school or pupil under a rule set."""
    console = shown.console()
    console.print(shown.heading(valued.rules, len(valued.overrides), word))
    for part in shown.working(one):
        console.print(part)


def deliver_working(output: Output, rows: Rows, plain: dict[str, object], tables: Tables) -> None:
    """Write a working as rows, or as nested records where JSON was asked for."""
    if output.kind is not Format.json:
        deliver(output, rows, record(tables, rows.name, []), tables.files)
        return
    text = as_json(plain)
    if output.path is None or output.manifest is None:
        to_standard_output(lambda file: file.write(text), tables.files)
        return
    write_with_manifest(
        [(output.path, lambda file: file.write(text), len(rows))],
        output.manifest,
        record(tables, rows.name, []),
        tables.files,
    )
