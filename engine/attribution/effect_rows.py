"""What clauses bring as rows for any kind of file: each place, then what they do to each other, then the whole change."""

from engine.attribution.clause_effects import ClauseEffects
from engine.rows import Rows, Shape

Record = dict[str, str | int | None]
EFFECT = {
    "part": Shape.text,
    "place": Shape.text,
    "before": Shape.text,
    "after": Shape.text,
    "alone": Shape.pounds,
    "last": Shape.pounds,
    "records": Shape.whole,
    "not_known": Shape.whole,
}
OTHERS, INTERACTION, CHANGE = "all other differences", "interaction", "whole change"
"""What rows are called that are no place of both rule sets."""


def effect_rows(effects: dict[str, ClauseEffects]) -> Rows:
    """Return one row a clause of each part (schools, pupils); ``alone`` and ``last`` each add to the row of the whole change."""
    records: list[Record] = []
    for part, found in effects.items():
        counts: Record = {
            "part": part,
            "records": found.records,
            "not_known": found.not_known,
        }
        for one in found.clauses:
            words = {
                name: " and ".join(map(str, getattr(one, name))) for name in ("before", "after")
            }
            records.append(
                {
                    **counts,
                    **words,
                    "place": " and ".join(one.places),
                    "alone": one.alone,
                    "last": one.last,
                }
            )
        others = found.others
        ends = [
            *([] if others is None else [(OTHERS, others.alone, others.last)]),
            (INTERACTION, found.interaction_alone, found.interaction_last),
            (CHANGE, found.change, found.change),
        ]
        records += [
            {**counts, "place": place, "before": None, "after": None, "alone": alone, "last": last}
            for place, alone, last in ends
        ]
    return Rows.of_records("effects", EFFECT, records)
