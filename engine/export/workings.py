"""An explanation as rows, and as nested records for JSON."""

from collections.abc import Iterable
from dataclasses import asdict

import polars as pl

from engine.explain import Explanation, Row, Working
from engine.rows import Rows, Shape

TEXTS = (
    "working", "label", "operator", "row", "value", "unit", "place", "source", "standing", "note",
)  # fmt: skip
SHAPES = {**dict.fromkeys(TEXTS, Shape.text), "value": Shape.figure}


def working_rows(explanation: Explanation, after: Iterable[Working] = ()) -> Rows:
    """Return one row a row of the working, the totals after its parts, and then what follows from them."""
    return rows_of((*with_total(explanation), *after))


def with_total(explanation: Explanation) -> tuple[Working, ...]:
    """Return the parts of an explanation, its totals as the last of them."""
    return (*explanation.workings, Working("total", "Total", explanation.totals))


def rows_of(workings: Iterable[Working]) -> Rows:
    """Return one row a row of some workings."""
    records: list[dict[str, str | int | None]] = [
        {
            "working": working.name,
            "label": working.label,
            "operator": row.operator.value,
            "row": row.label,
            "value": row.value,
            "unit": row.unit.value,
            "place": row.place,
            "source": row.source,
            "standing": row.standing,
            "note": row.note,
        }
        for working in workings
        for row in working.rows
    ]
    return Rows.of_records("working", SHAPES, records)


def change_rows(baseline: Explanation, candidate: Explanation, changes: tuple[Row, ...]) -> Rows:
    """Return one row a row of both workings and of what changes, each with its side."""
    sides = {
        "baseline": working_rows(baseline),
        "candidate": working_rows(candidate),
        "change": rows_of([Working("change", "Change", changes)]),
    }
    frames = [
        one.frame.with_columns(side=pl.lit(side)).select("side", *SHAPES)
        for side, one in sides.items()
    ]
    return Rows("working", {"side": Shape.text, **SHAPES}, pl.concat(frames))


def change_record(
    baseline: Explanation, candidate: Explanation, changes: tuple[Row, ...]
) -> dict[str, object]:
    """Return both workings and what changes as plain values."""
    return {
        "baseline": working_record(baseline),
        "candidate": working_record(candidate),
        "change": [_record(row) for row in changes],
    }


def working_record(explanation: Explanation, after: Iterable[Working] = ()) -> dict[str, object]:
    """Return an explanation as plain values: texts, whole numbers, lists; ``after`` follows from its totals."""
    return {
        "subject": explanation.subject,
        "rule_set": explanation.rule_set,
        "version": explanation.version,
        "digest": explanation.digest,
        "semantics": explanation.semantics,
        "values": explanation.values,
        "sentence": explanation.sentence,
        "not_known": explanation.absent,
        "workings": list(map(_working, explanation.workings)),
        "totals": [_record(row) for row in explanation.totals],
        **{working.name: _working(working) for working in after},
    }


def _working(working: Working) -> dict[str, object]:
    return {
        "name": working.name,
        "label": working.label,
        "not_known": working.absent,
        "rows": [_record(row) for row in working.rows],
    }


def _record(row: Row) -> dict[str, object]:
    return {name: None if value is None else str(value) for name, value in asdict(row).items()}
