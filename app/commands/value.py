"""``evenband value``: schools and pupils valued under a rule set."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from app.commands import options
from app.commands.exits import CODES, answered, misused, say

if TYPE_CHECKING:
    from app.commands.inputs import Tables
    from app.commands.outputs import Output
    from engine.rows import Rows
    from engine.run import Outcome
    from engine.schedule import Divided as Division

Detail = Literal["totals", "schools", "lines", "targeted", "pupils", "schedule"]
Divided = Literal["months", "periods"]


def value(
    rules: options.Rules,
    on: options.On = None,
    schools: options.Schools = None,
    pupils: options.Pupils = None,
    sheet: options.Sheet = None,
    header_row: options.HeaderRow = None,
    schools_sheet: options.SchoolsSheet = None,
    pupils_sheet: options.PupilsSheet = None,
    schools_header_row: options.SchoolsHeaderRow = None,
    pupils_header_row: options.PupilsHeaderRow = None,
    layout: options.Layout = None,
    absent_lines: options.AbsentLines = "refused",
    dates: options.Dates = None,
    blank_means_none: options.BlankMeansNone = None,
    round_to_pence: options.RoundToPence = None,
    la_map: options.LaMap = None,
    other_authorities: options.OtherAuthorities = "apart",
    overrides: options.Overrides = None,
    sen_support_cost: options.SenSupportCost = None,
    out: options.Out = None,
    kind: options.Kinds = None,
    detail: Annotated[
        Detail,
        typer.Option(
            metavar="ROW",
            help="What a row is: totals, schools, lines (of a school's formula), targeted (a school's "
            "extra funding), pupils, or schedule (a pupil's payments).",
        ),
    ] = "totals",
    schedule: Annotated[
        Divided,
        typer.Option(
            "--schedule",
            "--divided",
            metavar="WORD",
            help="What --detail schedule divides the year into: months, or the calendar's periods. "
            "--divided is an older name.",
        ),
    ] = "months",
    explain: options.Explain = None,
    threads: options.Threads = 0,
    cache: options.Cache = None,
) -> None:
    """Value schools' notional SEN budgets and pupils' top-ups, to the penny."""
    with answered():
        from app.commands.cache import chosen_cache
        from app.commands.inputs import (
            chunks_of,
            cost_of,
            read_side,
            read_tables,
            with_notices,
        )
        from app.commands.outputs import output_of, refuse_changes, row_reasons, write_result
        from app.commands.plausibility import with_warnings
        from app.commands.progress import steps
        from app.commands.rule_notes import with_notes_of
        from app.commands.table_options import table_files
        from engine.export import total_rows
        from engine.run import evaluate
        from engine.schedule import Divided as Division
        from engine.statement import outcome_reasons

        cost = cost_of(sen_support_cost)
        if cost is not None and schools is None:
            raise misused("--sen-support-cost is for the budgets of --schools; give --schools too")
        kept = chosen_cache(cache)
        files = table_files(
            schools, pupils, layout, absent_lines,
            (sheet, schools_sheet, pupils_sheet),
            (header_row, schools_header_row, pupils_header_row),
            (dates, blank_means_none, round_to_pence), (la_map, other_authorities),
        )  # fmt: skip
        side = read_side(rules, on, overrides)
        output = output_of(out, kind, [side], files.paths)
        with steps(3) as step:
            step("Reading")
            tables = read_tables(files, [side], only_read=explain is None, cache=kept)
            side = tables.sides[0]
            step("Valuing")
            outcome = evaluate(side.rules, side.schools, tables.pupils, blocks=chunks_of(threads))
            tables = with_notices(_with_who_is_elsewhere(outcome, tables), outcome.notices)
            tables = with_notes_of(tables, [outcome])
            if cost is not None:
                _say_where_a_cost_changes_nothing(outcome, explain, detail)
            tables = with_warnings(tables, [outcome], cost)
            step("Writing")
            if explain is None:
                rows = _rows(outcome, detail, Division(schedule), cost)
                reasons = [*outcome_reasons(outcome), *row_reasons(rows)]
                others: dict[str, Any] = {"missing": reasons}
                if schools_left_out := _left_out(outcome, detail):
                    others["left_out"] = schools_left_out
                write_result(output, rows, tables, [total_rows(outcome)], cost=cost, **others)
        if explain is not None:
            _explain(outcome, explain, cost, output, tables)
        elif output.is_for_screen:
            refuse_changes(tables.files)
            _show(outcome, rows, detail, Division(schedule), tables)


value.__doc__ = f"{value.__doc__}\n\n{CODES}"


def _with_who_is_elsewhere(outcome: "Outcome", tables: "Tables") -> "Tables":
    """Say how many pupils are counted at no school, because no valued school has their number, and keep it as a notice."""
    from engine.notices import Notice

    if tables.pupils is None or outcome.notional is None:
        return tables
    urns = outcome.notional.schools.urn
    note = tables.pupils.elsewhere_note(urns)
    if note is None:
        return tables
    say([note])
    number = tables.pupils.elsewhere(urns)
    notice = Notice("at-no-school", note.removesuffix("."), number, table="pupils")
    return replace(tables, notices=(*tables.notices, notice))


def _say_where_a_cost_changes_nothing(outcome: "Outcome", subject: str | None, detail: str) -> None:
    """Say why a cost of SEN support is not used: no needs are given, or none are answered."""
    from engine.statement import school_workings, why_cost_is_unused

    why = why_cost_is_unused(outcome)
    if why is None and subject is None and detail not in {"schools", "targeted"}:
        why = f"--detail {detail} has no expected costs; schools and targeted have"
    elif why is None and subject is not None and not school_workings(outcome, subject):
        why = "this working has no school of which needs are given"
    say([] if why is None else [f"--sen-support-cost changes nothing: {why}."])


def _rows(outcome: "Outcome", detail: str, schedule: "Division", cost: int | None) -> "Rows":
    """Return the rows of a detail, or refuse what these tables do not give."""
    from engine.errors import PairRefused, Problem
    from engine.statement import detail_rows

    rows = detail_rows(outcome, detail, schedule, cost)
    if rows is None:
        needs = "pupils" if detail in {"pupils", "schedule"} else "schools"
        needs += " and rules with targeted funding" if detail == "targeted" else ""
        sentence = f"--detail {detail} needs {needs}, and there are none here"
        raise PairRefused([Problem(sentence, "nothing-to-show")])
    return rows


def _left_out(outcome: "Outcome", detail: str) -> list[dict[str, object]]:
    """Return how many schools the formula, or targeted funding, leaves out and why, and say it."""
    from engine.statement import left_out, not_funded

    find = left_out if detail == "targeted" else not_funded
    counts = () if outcome.notional is None else find(outcome.notional)
    for one in counts:
        plural = "" if one.number == 1 else "s"
        part = f"{one.part[:1].upper()}{one.part[1:]}"
        say([f"{part}: {one.number:,} school{plural} left out, as {one.why}."])
    return [{"of": "school", **one._asdict()} for one in counts]


def _show(
    outcome: "Outcome", rows: "Rows", detail: str, schedule: "Division", tables: "Tables"
) -> None:
    from app.commands.display import console, heading, show_rows
    from engine.export import payment_totals
    from engine.rows import Rows
    from engine.schedule import payment_schedule
    from engine.statement import outcome_reasons

    screen = console()
    screen.print(heading(tables.sides[0]))
    if detail == "schedule" and outcome.top_ups is not None:
        totals = payment_totals(outcome.top_ups, payment_schedule(outcome.top_ups, schedule))
        show_rows(totals, "Payments")
        return
    if detail != "totals":
        show_rows(rows)
        return
    for part in ("schools", "pupils"):
        these = Rows(part, rows.shapes, rows.frame.filter(part=part))
        if len(these):
            show_rows(these, part.capitalize(), frozenset({"part"}))
    reasons = outcome_reasons(outcome)
    absent = sum(int(one["number"]) for one in reasons)
    parts = (
        f"{absent:,} part{'s are' if absent != 1 else ' is'} not known and left out of the sums."
    )
    screen.print(parts if absent else "All parts are known.")
    for one in reasons:
        number, what = one["number"], one["of"]
        plural = "" if number == 1 else "s"
        screen.print(f"  {one['part']}: {one['why']} ({number:,} {what}{plural})")


def _explain(
    outcome: "Outcome", subject: str, cost: int | None, output: "Output", tables: "Tables"
) -> None:
    """Show or write the whole working of a school, with the calls on its budget, or of a pupil."""
    from app.commands.display import put_working
    from engine.explain import explain
    from engine.statement import school_workings

    calls = school_workings(outcome, subject, cost)
    put_working(output, explain(outcome, subject), tables, calls, cost)
