"""Refusals in the words of the request, and as text where the request asks for it."""

from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import orjson
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse
from fastapi.routing import APIRoute

from app.errors import Refused
from app.http.queries import refuse_repeats
from app.problems import responses
from engine.errors import PairRefused, Problem, Refusal
from engine.reading import why_not_valued
from engine.refusals import Refusals
from engine.rules import CompiledRules
from engine.rules.authorities import commissioners_of
from engine.vocabulary import ABSENT_SYMBOLS

SYMBOLS = ABSENT_SYMBOLS.keys() - {""}
LONGEST = 2_000
"""Characters of a refusal as text; a spreadsheet takes 32,767."""


MISSING = "missing-column"
OVERRIDE = "override"
"""The one name of an address that may be given several times."""

GIVE_IT = "is missing; give it (0 if there is none)"


def refuse_symbols(given: Mapping[str, object]) -> None:
    """Refuse the symbols with which a table says why a cell is empty: a cell of a sheet has none of them."""
    sentence = "must be a number or a word of the rules; leave it empty where it is not known"
    wrong = [
        Problem(sentence, "symbol", place=name)
        for name, value in given.items()
        if isinstance(value, str) and value.strip() in SYMBOLS
    ]
    if wrong:
        raise PairRefused(wrong)


def refuse_other_authority(rules: CompiledRules, code: object) -> None:
    """Refuse a case of an authority whose pupils and schools the rules do not value; a run sets them apart."""
    commissioners = commissioners_of([rules], {})
    why = None if code is None else why_not_valued(str(code), commissioners)
    if why is not None:
        raise PairRefused([Problem(why, "other-authority", place="la")])


def named_places(refusals: Refusals) -> frozenset[str]:
    """Return the parts of the address that were refused already."""
    refused = (one for one in refusals.found if isinstance(one, Refusal))
    return frozenset(problem.place or "" for one in refused for problem in one.problems)


@contextmanager
def but_for(known: frozenset[str]) -> Iterator[None]:
    """Let a refusal leave out the parts of the address that were refused already; none of others is no refusal."""
    try:
        yield
    except Refusal as refusal:
        problems = [one for one in refusal.problems if one.place not in known]
        # Where all is said already, an earlier refusal is raised.
        raise PairRefused(problems) from None


@contextmanager
def naming_parameters(names: Mapping[str, str]) -> Iterator[None]:
    """Let a refusal of the engine name the parts of the address in place of columns."""
    try:
        yield
    except Refusal as refusal:
        problems = [
            Problem(
                GIVE_IT if one.rule == MISSING else one.sentence,
                one.rule,
                place=names.get(one.column or "", one.column or one.place),
            )
            for one in refusal.problems
        ]
        raise PairRefused(problems, refusal.total) from None


class CellRoute(APIRoute):
    """A cell's address: each name once, and refusals as text where ``errors=text`` asks for them."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request, around the framework's own."""
        answer = super().get_route_handler()

        async def cell(request: Request) -> Response:
            try:
                refuse_repeats(request, OVERRIDE)
                return await answer(request)
            except (Refused, Refusal, RequestValidationError) as error:
                if request.query_params.get("errors") != "text":
                    raise
                return PlainTextResponse(f"ERROR: {one_line(request, error)}"[:LONGEST])

        return cell


def one_line(request: Request, error: Exception) -> str:
    """Return a refusal as one line: the same problems that its answer would list."""
    match error:
        case RequestValidationError():
            response = responses.refused_input(request, error)
        case Refusal():
            response = responses.refused_by_engine(request, error)
        case _:
            response = responses.refused_by_service(request, error)
    problem = orjson.loads(response.body)
    lines = [
        ": ".join(part for part in (_place(one), one["sentence"]) if part)
        for one in problem["problems"]
    ]
    return " ".join("; ".join(lines or [problem["detail"]]).split())


def _place(problem: Mapping[str, Any]) -> str:
    return str(problem["place"] or problem["column"] or "").removeprefix("query.")
