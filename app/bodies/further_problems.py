"""What else is wrong with a body that is refused: it is answered again without what was refused, for its problems alone."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from app.bodies.sound_fields import LEFT_OUT, NOTHING, Wrong, certain, with_defaults
from app.errors import MOST_PROBLEMS, InputRefused, Refused
from engine.errors import OverrideRefused, Problem, Refusal

OF_ANSWERS = {"outside-effective": "on"}
"""Fields that are refused when a body is answered, by the rule of the problem."""

_BODY = "body."


async def with_every_problem(
    first: InputRefused | Refusal,
    value: object,
    wrong: Wrong,
    answer: Callable[[object], Awaitable[object]],
) -> InputRefused | Refusal:
    """Return the refusal of a body with what is refused next, by what it says without what was refused.

    ``value`` is the rest of a body, without what is ``wrong`` with it; ``NOTHING`` is where the answer refused it. Of fields whose values are refused
    by the answer itself the defaults are tried; what depends on them is left out.
    """
    problems, total = list(first.problems), first.total
    tried: set[str] = set()
    newest = first if wrong is NOTHING else None
    while True:
        if newest is not None:
            names = _fields_refused(newest) - tried
            if not names:
                break
            tried |= names
            value = with_defaults(value, names)
            wrong = replace(wrong, fields=wrong.fields | {(name,) for name in names})
        try:
            await answer(value)
        except (InputRefused, Refusal) as more:
            newest = more
        except Refused:
            # What no field of the body says, such as a rule set that is not found, is said when the body is sound.
            break
        else:
            break
        kept, number = certain(newest.problems, newest.total, wrong)
        problems += kept
        total += number
    if total == first.total:
        return first
    listed = problems[:MOST_PROBLEMS]
    if isinstance(first, InputRefused):
        return InputRefused(first.sentence, listed, first.headers, total)
    return type(first)(listed, total)


def _fields_refused(refusal: InputRefused | Refusal) -> set[str]:
    """Return the fields that all problems of a refusal are of, where others can be looked at without them; else none."""
    of_overrides = isinstance(refusal, OverrideRefused)
    names = {"overrides" if of_overrides else _field_of(one) for one in refusal.problems}
    return names if names <= LEFT_OUT else set()


def _field_of(problem: Problem) -> str:
    place = problem.place or ""
    of_body = place.removeprefix(_BODY).partition(".")[0] if place.startswith(_BODY) else ""
    return OF_ANSWERS.get(problem.rule, of_body)
