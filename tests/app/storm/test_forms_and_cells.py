"""The service answers any value in a box of a page or a parameter of a cell, and soon."""

import asyncio
import itertools
import time
from urllib.parse import urlencode

import pytest

from app.access import OWNER
from app.pages.fields import fields_of, formula_of
from app.rule_sets import service as rule_sets
from app.warm_up import ask_first_questions
from engine.modules import phases_counted
from tests.storm_size import some

MOST_SECONDS = 1.0
"""Processor time of one answer, over which a service of one core stands still for all."""

ODD = (
    "",
    " ",
    "-1",
    "1e9",
    "1e999",
    "nan",
    "inf",
    "0x10",
    "1_000",
    "1,000.50",
    "٣",
    "\uff11\uff12",
    "²",
    "½",
    "−5",
    "=1+1",
    "\uff1d1+1",
    "\u200b1",
    "'; DROP TABLE rule_set; --",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "%00",
    "\u0000",
    "\u202e1",
    "9" * 30,
    "9" * 5_000,
    "0." + "0" * 400 + "1",
    "2025-13-45",
    "0000-00-00",
    "true",
    "\n1",
    "é" * 900,
    "🧮",
    "null",
    "[]",
    "../../etc/passwd",
)
CASE = ("setting", "phase", "year_group", "support_hours", "level", "group_size", "urn")
CELLS = {
    "notional-sen": (
        {"phase": "primary", "ehc_plans": "1"},
        ("phase", "on", "version", "v", "errors", "others", "ehc_plans", "units_fsm_primary"),
    ),
    "factor": (
        {"line": "fsm6_primary", "units": "1"},
        ("line", "units", "amount", "part", "on", "version", "errors"),
    ),
    "tariff": ({"band": "A"}, ("band", "on", "errors", *CASE)),
    "band-pays": (
        {"band": "A", "start": "2025-09-01", "end": "2025-12-31"},
        ("band", "start", "end", "parts_on_roll", "hours", "sen_provision", *CASE),
    ),
}
"""A question that a rule set can answer, and its parameters."""


def forms(caller) -> list[tuple[str, str]]:
    """Return each question of each rule set and phase with an odd value, as an address and answers."""
    found = []
    with caller.app.state.database.reading() as session:
        for one in rule_sets.every_published(OWNER, session):
            rules = rule_sets.compiled_on(one)
            formula = formula_of(rules)
            for phase in phases_counted(formula) if formula is not None else ():
                names = [field.name for field in fields_of(formula, phase)]
                found += [
                    (f"/notional-sen/{one.identifier}", urlencode({"phase": phase.name, name: odd}))
                    for name, odd in zip(names, itertools.cycle(ODD), strict=False)
                ]
    return found


def cells(caller) -> list[tuple[str, str]]:
    """Return each parameter of each cell of each rule set with each odd value."""
    with caller.app.state.database.reading() as session:
        names = [one.identifier for one in rule_sets.every_published(OWNER, session)]
    return [
        (f"/v1/cells/{name}/{cell}", urlencode({**question, parameter: odd}))
        for cell, (question, parameters) in CELLS.items()
        for parameter in parameters
        for odd in ODD
        for name in names[:5]
    ]


class Slowest:
    """The longest answer in processor time, and every failure."""

    def __init__(self) -> None:
        self.seconds, self.asked, self.failures = 0.0, 0, []

    def ask(self, question, *arguments, **options):
        before = time.process_time()
        answer = question(*arguments, **options)
        seconds = time.process_time() - before
        self.seconds = max(self.seconds, seconds)
        self.asked += 1
        if answer.status_code >= 500 or seconds > MOST_SECONDS:
            self.failures.append((arguments, answer.status_code, round(seconds, 2)))
        return answer

    def tell(self, what: str) -> None:
        print(f"{what}: {self.asked} asked, slowest {self.seconds:.3f} s of processor")
        assert not self.failures


@pytest.fixture
def slowest(client):
    # As at the start of the service: no question waits for a compiler.
    with client.app.state.database.reading() as session:
        rule_sets.compile_every(OWNER, session)
    assert set(asyncio.run(ask_first_questions(client.app))) == {200}
    for one in forms(client)[::40]:
        client.get("?".join(one))
    return Slowest()


def test_no_odd_answer_of_a_form_fails_or_stalls(client, slowest):
    every = forms(client)
    assert len(every) >= 598
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    for place, (address, answers) in enumerate(some(every, 60)):
        if place % 2:
            slowest.ask(client.get, f"{address}?{answers}")
        else:
            slowest.ask(
                client.post, address, content=answers, headers=headers, follow_redirects=True
            )
    slowest.tell("forms")


def test_no_odd_parameter_of_a_cell_fails_or_stalls(client, slowest):
    every = cells(client)
    assert len(every) >= 4_464
    for address, parameters in some(every, 200):
        slowest.ask(client.get, f"{address}?{parameters}")
    slowest.tell("cells")
