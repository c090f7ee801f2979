"""What a call warns of: notes on its tables, notes on its rules, and figures that may be wrong."""

import warnings
from collections.abc import Iterable

from engine.notices import Notice
from engine.run import Outcome
from engine.statement import outcome_warnings
from evenband.rules import Rules, notes_on


def warn_of(
    rules: Rules, outcome: Outcome, read: Iterable[Notice], more: Iterable[Notice] = ()
) -> None:
    """Warn, at the line that called the caller, of what is to be known of an outcome.

    ``read`` are the notes that reading the tables gave, which were said then; ``more`` those that the caller adds.
    """
    said = set(read)
    notices = [f"{one}." for one in (*outcome.notices, *more) if one not in said]
    notes = [one for one, changes in notes_on(rules, outcome.outcomes).items() if changes]
    doubts = [f"check: {line}" for part in outcome_warnings(outcome) for line in part.lines()]
    for sentence in dict.fromkeys((*notices, *notes, *doubts)):
        warnings.warn(sentence, stacklevel=3)
