"""Other names under which a column is read, so that one input has one name in every table of a person's.

A table of schools calls plans ``ehc_plans``; a table of targeted funding called them ``plans``.
"""

import polars as pl

from engine.errors import Problem, TableRefused

TARGETED = {"ehc_plans": "plans"}
"""The names of a school table, with those that a table of targeted funding is checked under."""


def one_name(frame: pl.DataFrame, aliases: dict[str, str]) -> pl.DataFrame:
    """Return a table with each column under its checked name; refuse one that is there under both."""
    twice = [
        Problem(
            f"duplicate: is the same input as {name}; give one of them", "duplicate", column=other
        )
        for other, name in aliases.items()
        if other in frame.columns and name in frame.columns
    ]
    if twice:
        raise TableRefused(twice)
    return frame.rename({other: name for other, name in aliases.items() if other in frame.columns})
