"""Figures that may be wrong, on standard error and in manifests: counted, and never a pupil's value."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app.commands.exits import say
from app.commands.inputs import Tables

if TYPE_CHECKING:
    from engine.run import Outcome
    from engine.statement import Warnings


def with_warnings(tables: Tables, outcomes: "Iterable[Outcome]", cost: int | None = None) -> Tables:
    """Say each figure of some outcomes that may be wrong, and return tables whose manifest counts them.

    What is wrong under two rule sets alike is said once. ``cost`` is pence for a pupil on SEN support.
    """
    from engine.statement import outcome_warnings

    found = [one for outcome in outcomes for one in outcome_warnings(outcome, cost)]
    return with_each_warning(tables, found)


def with_each_warning(tables: Tables, found: "Sequence[Warnings]") -> Tables:
    """Print a line for each figure that may be wrong, or for all of a kind, and return tables whose manifest counts them."""
    lines = dict.fromkeys(line for one in found for line in one.lines())
    say([f"check: {line}" for line in lines])
    records: dict[tuple[object, ...], dict[str, object]] = {}
    for one in (count for warnings in found for count in warnings.counts()):
        record = {
            "of": one.of,
            "kind": str(one.kind),
            "number": one.number,
            "rows": one.rows,
            "sentence": one.sentence,
        }
        records.setdefault(tuple(record.values()), record)
    return replace(tables, warnings=tuple(records.values()))
