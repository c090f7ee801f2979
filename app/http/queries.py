"""Queries of addresses: each name is given once, since one of two values would be left out in silence."""

from collections import Counter
from collections.abc import Iterable

from fastapi import Depends, Request

from app.errors import InputRefused
from app.problems.responses import path_part
from engine.errors import Problem


def refuse_repeats(request: Request, *lists: str) -> None:
    """Raise ``InputRefused`` where a name of a query has several values, but for names of lists."""
    refuse_names_twice((name for name, _ in request.query_params.multi_items()), *lists)


def refuse_names_twice(names: Iterable[str], *lists: str) -> None:
    """Raise ``InputRefused`` where a name is repeated, but for names of lists."""
    counted = Counter(names)
    repeated = sorted(name for name, number in counted.items() if number > 1 and name not in lists)
    if repeated:
        raise InputRefused(
            problems=[
                Problem("duplicate; give it once", "repeated", place=path_part(one))
                for one in repeated
            ]
        )


def _each_once(request: Request) -> None:
    refuse_repeats(request)


def _but_rule_sets(request: Request) -> None:
    refuse_repeats(request, "rule_set")


EACH_NAME_ONCE = Depends(_each_once)
"""For routers whose queries have no list."""

EACH_NAME_BUT_RULE_SETS_ONCE = Depends(_but_rule_sets)
"""For routers whose queries may name several rule sets."""
