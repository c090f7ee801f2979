"""Values that reach a target as rows: one a run of neighbouring values that come to the same."""

from collections.abc import Iterable
from fractions import Fraction

from engine.candidates.halving import Found, Plateau
from engine.candidates.seek import seek
from engine.candidates.seek_pairs import Line, found_along
from engine.candidates.seek_share import FoundShare, seek_share
from engine.errors import PairRefused, Problem
from engine.money import MILLION, half_away
from engine.notices import Notice
from engine.rows import Rows, Shape
from engine.rules.compiled import CompiledRules
from engine.run import Outcome
from engine.tables import PupilTable, SchoolTable

EXACT, BELOW, ABOVE = "exact", "nearest below", "nearest above"
SHAPES = {"is": Shape.text, "path": Shape.text, "from": Shape.figure, "to": Shape.figure}
OF_TOTAL = {"total": Shape.pounds}
OF_SHARE = {
    "notional_sen": Shape.pounds, "formula": Shape.pounds, "share": Shape.percent, "schools_not_known": Shape.whole,
}  # fmt: skip
SECOND = {"second_path": Shape.text, "second": Shape.figure}

Record = dict[str, str | int | None]


def search(
    rules: CompiledRules,
    path: str,
    target: int | Fraction,
    schools: SchoolTable | None,
    pupils: PupilTable | None,
    bounds: tuple[str, str] | None = None,
    line: Line | None = None,
) -> Rows:
    """Return the values of a path that reach a target, as rows: pence of all top-ups, or a share of the formula.

    For each value of ``line``, where there is one. Raises ``PairRefused`` where the rules value no such table, and
    ``OverrideRefused`` for paths and bounds that cannot be.
    """
    name, second = rules.document.identifier, None if line is None else line.place
    if isinstance(target, int):
        if pupils is None or rules.top_ups is None:
            raise PairRefused([Problem(f"{name} pays no pupil", "nothing-to-value")])
        totals = found_along(line, rules, path, lambda one: seek(one, pupils, path, target, bounds))
        return totals_found(path, totals, second)
    if schools is None or rules.formula is None:
        raise PairRefused([Problem(f"{name} has no schools formula", "nothing-to-value")])
    shares = found_along(
        line, rules, path, lambda one: seek_share(one, schools, path, target, bounds)
    )
    return shares_found(path, shares, second)


def unknown_notices(outcome: Outcome) -> tuple[Notice, ...]:
    """Return how many pupils are not known under the rules without the value that is sought, as totals leave them out."""
    number = 0 if outcome.top_ups is None else outcome.top_ups.absent
    if not number:
        return ()
    pupils = "pupil's top-up is" if number == 1 else "pupils' top-ups are"
    sentence = f"{number:,} {pupils} not known under these rules, and left out of every total where no value that is tried makes them known"
    return (Notice("not-known", sentence, number, table="pupils"),)


def totals_found(
    path: str, found: Iterable[tuple[str | None, Found]], second: str | None = None
) -> Rows:
    """Return the runs of values of a path that come to a total, and those nearest to it; for each value of a second path."""
    records = [
        {**_run(path, word, one.first, one.last), "total": one.total, **_second(second, value)}
        for value, of in found
        for word, one in _runs(of)
    ]
    return Rows.of_records("seek", {**SHAPES, **OF_TOTAL, **(SECOND if second else {})}, records)


def shares_found(
    path: str, found: Iterable[tuple[str | None, FoundShare]], second: str | None = None
) -> Rows:
    """Return the same of values at which notional SEN is a share of the formula."""
    records = []
    for value, of in found:
        for word, one in _runs(of.found):
            sums = of.sums(one.first)
            share = half_away(sums.notional * MILLION, sums.formula) if sums.formula else None
            own: Record = {
                "notional_sen": sums.notional, "formula": sums.formula, "share": share, "schools_not_known": sums.left_out,
            }  # fmt: skip
            records.append(
                {**_run(path, word, one.first, one.last), **own, **_second(second, value)}
            )
    return Rows.of_records("seek", {**SHAPES, **OF_SHARE, **(SECOND if second else {})}, records)


def _runs(found: Found) -> list[tuple[str, Plateau]]:
    nearest = ((BELOW, found.below), (ABOVE, found.above))
    return [
        *((EXACT, one) for one in found.exact),
        *((word, one) for word, one in nearest if one is not None),
    ]


def _run(path: str, word: str, first: str, last: str) -> Record:
    return {"is": word, "path": path, "from": first, "to": last}


def _second(path: str | None, value: str | None) -> Record:
    return {} if path is None else {"second_path": path, "second": value}
