"""Figures that may be wrong, on standard error and in manifests: counted, and never a pupil's value."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from app.commands.exits import say

if TYPE_CHECKING:
    from engine.run import Outcome
    from engine.statement import Warnings


def say_warnings(outcomes: "Iterable[Outcome]", cost: int | None = None) -> list[dict[str, object]]:
    """Print a line for each figure that may be wrong, or for all of a kind, and return the counts for a manifest.

    What is wrong under two rule sets alike is said once. ``cost`` is pence for a pupil on SEN support.
    """
    from engine.statement import outcome_warnings

    return say_each([one for outcome in outcomes for one in outcome_warnings(outcome, cost)])


def say_each(found: "Sequence[Warnings]") -> list[dict[str, object]]:
    """Print a line for each figure that may be wrong, or for all of a kind, and return the counts for a manifest."""
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
    return list(records.values())
