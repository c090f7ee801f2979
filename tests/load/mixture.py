"""Twenty thousand requests of every kind, in an order of chance that is always the same."""

import random
from collections.abc import Iterator

from app.what_ifs.examples import COMPARISON, NOTIONAL_SEN, TOP_UPS
from tests.load.callers import Request, request

CELL = "/v1/cells/northumberland-2015-16/factor?line=fsm_primary&units={}&part=notional"
WHAT_IF = "/v1/what-ifs/"
EXAMPLE = NOTIONAL_SEN["one_school"]["value"]


def schools(number: int, **asked: object) -> dict[str, object]:
    """Return a what-if of so many schools."""
    (school,) = EXAMPLE["schools"]
    records = [{**school, "urn": str(900_001 + at)} for at in range(number)]
    rules = {"rule_set": EXAMPLE["rule_set"], "absent_lines": "zero"}
    return {**rules, "schools": records, **asked}


def pupils(number: int, **asked: object) -> dict[str, object]:
    """Return a what-if of so many pupils."""
    example = TOP_UPS["autumn_term"]["value"]
    pupil = example["pupils"][0]
    records = [{**pupil, "pupil_key": f"pupil-{at}"} for at in range(number)]
    return {"rule_set": example["rule_set"], "pupils": records, **asked}


def kinds() -> dict[str, tuple[int, list[Request]]]:
    """Return each kind's share in a hundred, and its requests."""
    notional, top_ups = f"{WHAT_IF}notional-sen", f"{WHAT_IF}top-ups"
    (comparison, *_) = (one["value"] for one in COMPARISON.values())
    large = request(notional, schools(60, working="whole"))
    return {
        "small what-ifs": (
            36,
            [
                request(notional, schools(1)),
                request(notional, schools(3, working="whole")),
                request(top_ups, pupils(1)),
                request(top_ups, pupils(30)),
                request(f"{WHAT_IF}comparison", comparison),
            ],
        ),
        "cells": (34, [request(CELL.format(at)) for at in range(40)]),
        "pages": (
            10,
            [
                request("/"),
                request("/notional-sen/northumberland-2015-16?phase=primary"),
                request("/v1/rule-sets"),
            ],
        ),
        "refusals": (
            12,
            [
                request(notional, b"{"),
                request(notional, {"rule_set": EXAMPLE["rule_set"], "schools": [{"urn": "x"}]}),
                request(notional, schools(1), media="text/plain"),
                request(top_ups, {"rule_set": "nowhere-2025-26", "pupils": [{"pupil_key": "a"}]}),
                request("/nowhere"),
                request(CELL.format("many")),
            ],
        ),
        "heavier what-ifs": (
            2,
            [
                request(notional, schools(300)),
                request(notional, schools(100, working="lines")),
                request(top_ups, pupils(300)),
                large,
            ],
        ),
        "callers who go away": (
            6,
            [
                request(notional, schools(30))._replace(cut=2_000),
                request(top_ups, pupils(30))._replace(dropped=100),
                large._replace(dropped=300_000),
            ],
        ),
    }


def mixture(number: int) -> Iterator[tuple[str, Request]]:
    """Yield so many requests with the name of their kind."""
    chance, every = random.Random(number), kinds()
    shares = [share for share, _ in every.values()]
    for kind in chance.choices(list(every), shares, k=number):
        yield kind, chance.choice(every[kind][1])
