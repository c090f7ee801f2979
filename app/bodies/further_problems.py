"""What else is wrong with a body that is refused: it is answered again without what was refused, for its problems alone."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import replace

from pydantic import BaseModel

from app.bodies.sound_fields import ABOVE, LEFT_OUT, NOTHING, Wrong, certain, with_defaults
from app.errors import MOST_PROBLEMS, InputRefused, NotPublished, Refused
from engine.errors import OverrideRefused, Problem, Refusal

OF_ANSWERS = {"outside-effective": "on"}
"""Fields that are refused when a body is answered, by the rule of the problem."""

VERSION, KNOWN = "version", "known"

_BODY = "body."

Answer = Callable[[object], Awaitable[object]]
AnyRefusal = InputRefused | Refusal | NotPublished


async def with_every_problem(
    first: AnyRefusal, value: object, wrong: Wrong, answer: Answer
) -> AnyRefusal:
    """Return the refusal of a body with what is refused next, by what it says without what was refused.

    ``value`` is the rest of a body, without what is ``wrong`` with it; ``NOTHING`` is where the answer refused it. Of fields whose values are refused
    by the answer itself the defaults are tried; what depends on them is left out. A version that is not published is
    any that is: what all of these refuse is wrong.
    """
    if isinstance(first, NotPublished):
        return await _with_other_versions(first, value, wrong, answer)
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
        except NotPublished as more:
            of_version, number = await _of_version(more, value, wrong, answer)
            problems += of_version
            total += number
            break
        except (InputRefused, Refusal) as more:
            newest = more
        except Refused:
            # What no field of the body says is said when the body is sound.
            break
        else:
            break
        kept, number = certain(newest.problems, newest.total, wrong)
        problems += kept
        total += number
    if total == first.total:
        return first
    listed = problems[:MOST_PROBLEMS]
    return _like(first, listed, total)


def _like(first: InputRefused | Refusal, problems: list[Problem], total: int) -> AnyRefusal:
    """Return a refusal with more problems than the first, of its kind; a version that is not published is of a body's form."""
    if isinstance(first, InputRefused):
        return InputRefused(first.sentence, problems, first.headers, total)
    if any(one.rule in NOT_THERE for one in problems):
        return InputRefused(problems=problems, total=total)
    return type(first)(problems, total)


NOT_THERE = frozenset({"no-version", "no-rule-set"})
"""The rules of problems of a version, or of a rule set, that is not published."""


async def _with_other_versions(
    first: NotPublished, value: object, wrong: Wrong, answer: Answer
) -> AnyRefusal:
    """Return the refusal of what is not published with what is wrong whichever published version was meant; as it is where that is nothing."""
    own = _own(first, value)
    common: list[Problem] | None = None
    for version in first.published if own else ():
        rest = _with_version(value, first.fields, version)
        found = await _problems(rest, wrong, answer)
        common = found if common is None else [one for one in common if one in found]
        if not common:
            break
    if not common:
        return first
    problems = [*own, *common]
    return InputRefused(problems=problems[:MOST_PROBLEMS], total=len(problems))


async def _of_version(
    refused: NotPublished, value: object, wrong: Wrong, answer: Answer
) -> tuple[list[Problem], int]:
    """Return the problems of what is not published, and of what is wrong whichever version was meant, and their number."""
    every = await _with_other_versions(refused, value, wrong, answer)
    problems = _own(refused, value) if every is refused else list(every.problems)
    return problems, len(problems) if every is refused else every.total


async def _problems(value: object, wrong: Wrong, answer: Answer) -> list[Problem]:
    """Return everything that is certainly wrong with a body, by its answer."""
    try:
        await answer(value)
    except (InputRefused, Refusal, NotPublished) as refused:
        every = await with_every_problem(refused, value, NOTHING, answer)
        if isinstance(every, NotPublished):
            return _own(every, value)
        return certain(every.problems, every.total, wrong)[0]
    except Refused:
        return []
    return []


def _own(refused: NotPublished, value: object) -> list[Problem]:
    """Return a problem for each place of a body that names what is not published."""
    places = _places(value, refused.fields, _BODY)
    if not refused.published:
        sentence = "rule set not found; GET /v1/rule-sets lists those that are published"
        return [Problem(sentence, "no-rule-set", place=place) for place in places]
    return [Problem(refused.reason, "no-version", place=place) for place in places]


def _places(value: object, fields: Mapping[str, object], above: str) -> Iterator[str]:
    """Yield the places of a body, or of what is below it, that have all of some fields: of the last of these."""
    if isinstance(value, list):
        for at, one in enumerate(value):
            yield from _places(one, fields, f"{above}{at}.")
    elif isinstance(value, BaseModel):
        if _has(value, fields):
            yield f"{above}{list(fields)[-1]}"
        for name in ABOVE:
            yield from _places(getattr(value, name, None), fields, f"{above}{name}.")


def _has(value: BaseModel, fields: Mapping[str, object]) -> bool:
    return all(
        name in type(value).model_fields and getattr(value, name) == held
        for name, held in fields.items()
    )


def _with_version(value: object, fields: Mapping[str, object], version: int) -> object:
    """Return a body with a version in each place that has all of some fields."""
    if isinstance(value, list):
        return [_with_version(one, fields, version) for one in value]
    if not isinstance(value, BaseModel):
        return value
    names = [name for name in ABOVE if name in type(value).model_fields]
    changes = {name: _with_version(getattr(value, name), fields, version) for name in names}
    own = (
        {VERSION: version, **dict.fromkeys(fields.keys() & {KNOWN})} if _has(value, fields) else {}
    )
    return value.model_copy(update={**changes, **own})


def _fields_refused(refusal: InputRefused | Refusal) -> set[str]:
    """Return the fields that all problems of a refusal are of, where others can be looked at without them; else none."""
    of_overrides = isinstance(refusal, OverrideRefused)
    names = {"overrides" if of_overrides else _field_of(one) for one in refusal.problems}
    return names if names <= LEFT_OUT else set()


def _field_of(problem: Problem) -> str:
    place = problem.place or ""
    of_body = place.removeprefix(_BODY).partition(".")[0] if place.startswith(_BODY) else ""
    return OF_ANSWERS.get(problem.rule, of_body)
