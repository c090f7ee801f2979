"""One school or pupil explained by its reference number or key."""

from engine.errors import PairRefused, Problem
from engine.explain.pupils import explain_pupil
from engine.explain.rows import Explanation
from engine.explain.schools import explain_school
from engine.money import is_digits
from engine.run import Outcome

LONGEST_URN = 9
"""Digits of the longest number that is looked for among schools; a key may be of any length."""


def explain(outcome: Outcome, subject: str) -> Explanation:
    """Return the working of a school by its reference number, else of a pupil by the key.

    Raises ``PairRefused``, which names no pupil, where neither was valued.
    """
    notional, top_ups = outcome.notional, outcome.top_ups
    wanted = []
    if notional is not None:
        wanted.append("school with this reference number")
        if (
            is_digits(subject)
            and len(subject) <= LONGEST_URN
            and int(subject) in notional.schools.urn
        ):
            return explain_school(notional, int(subject))
    if top_ups is not None:
        wanted.append("pupil with this key")
        if (top_ups.pupils.keys == subject).any():
            return explain_pupil(top_ups, subject)
    sentence = f"not found: no {' and no '.join(wanted)} was valued"
    raise PairRefused([Problem(sentence, "unknown-subject")])
