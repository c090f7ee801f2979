"""What is explained of a pupil: the values that decide the band, which row decides, each spell, and what is not known."""

from datetime import date

import pytest

from engine.errors import NotReconciled
from engine.explain import explain_pupil
from engine.modules.top_ups.working import UNEQUAL_STEPS
from engine.rules.compile import compile_rules
from engine.run import evaluate
from tests.builders import banded, pupil, pupil_table, rule_set
from tests.engine.test_explain_rows import row_text

ASSIGNMENT = "band_profile.assignment."
LEVELS = {"learning": {"weight": 3, "highest": 4}, "physical": {"weight": 5, "highest": 3}}
STEPS = [{"band": "A", "from": 0, "to": 15}, {"band": "B", "from": 16, "to": 30}]
ADDED = {"points": {"dimensions": LEVELS, "combine": "sum", "steps": STEPS}}
HIGHEST = {"points": ADDED["points"] | {"combine": "highest"}}
ROWS = [{"when": {"setting": ["special"]}, "band": "A"}, {"when": {"score": "0-20"}, "band": "B"}]
TABLE = {
    "table": {"hit_policy": "first", "inputs": ["score", "setting", "support_hours"], "rows": ROWS}
}
VALUES = {"score": 5, "setting": "resourced_provision", "support_hours": "12.5"}
FULL = {"level_learning": 4, "level_physical": 2}


def explained(*records, assignment=None, price=None, **rule):
    prices = [{"band": band, "pounds": "12000"} | (price or {}) for band in ("A", "B")]
    rules = compile_rules(rule_set(**banded(prices, ["A", "B"], assignment, **rule)))
    table = pupil_table([pupil(**record) for record in records], ["A", "B"])
    return explain_pupil(evaluate(rules, pupils=table).top_ups, "pupil-1")


@pytest.mark.parametrize(
    ("assignment", "record", "expected"),
    [
        pytest.param(
            {"label_given": True}, {"band": "B"},
            ["start Band: B text", "decides Band: B text [band_profile.bands]"],
            id="a label",
        ),
        pytest.param(
            ADDED, FULL,
            [
                "start Level learning: 4 text", "start Level physical: 2 text",
                "equals Points: levels times weights, added: 22 text [points.dimensions]",
                "decides Band: B text [points.steps.1]",
            ],
            id="levels that are added",
        ),
        pytest.param(
            HIGHEST, FULL,
            [
                "start Level learning: 4 text", "start Level physical: 2 text",
                "equals Points: levels times weights, the highest: 12 text [points.dimensions]",
                "decides Band: A text [points.steps.0]",
            ],
            id="the highest level",
        ),
        pytest.param(
            ADDED, FULL | {"level_learning": 0},
            [
                "start Level learning: 0 text", "start Level physical: 2 text",
                "equals Points: levels times weights, added: 10 text [points.dimensions]",
                "decides Band: A text [points.steps.0]",
            ],
            id="a level of nothing",
        ),
        pytest.param(
            ADDED, FULL | {"level_learning": None},
            [
                "start Level learning: None text", "start Level physical: 2 text",
                "equals Points: levels times weights, added: None text [points.dimensions]",
            ],
            id="a level that is not known",
        ),
        pytest.param(
            TABLE, VALUES,
            [
                "start Score: 5 text", "start Setting: resourced provision text",
                "start Support hours: 12.5 text", "decides Band: B text [table.rows.1]",
            ],
            id="the second row of a table",
        ),
        pytest.param(
            TABLE, VALUES | {"setting": "special", "score": None},
            [
                "start Score: None text", "start Setting: special text",
                "start Support hours: 12.5 text", "decides Band: A text [table.rows.0]",
            ],
            id="the first row of a table",
        ),
    ],
)  # fmt: skip
def test_what_decides_a_band_is_said_with_the_values_that_it_was_decided_on(
    assignment, record, expected
):
    band = explained({"sen_provision": "E"} | record, assignment=assignment).workings[0]
    assert [row_text(row, ASSIGNMENT) for row in band.rows] == expected


SPRING = {"band": "A", "start": date(2025, 4, 1), "end": date(2025, 6, 30)}
AUTUMN = {"band": "A", "start": date(2025, 9, 1)}


def test_two_spells_are_numbered_and_their_top_ups_are_added():
    explanation = explained(SPRING, AUTUMN)
    assert [(one.name, one.label) for one in explanation.workings] == [
        ("band", "Band, spell 1 of 2"), ("top_up", "Top-up, spell 1 of 2"),
        ("band", "Band, spell 2 of 2"), ("top_up", "Top-up, spell 2 of 2"),
    ]  # fmt: skip
    assert [(one.label, one.value) for one in explanation.totals] == [
        ("Top-up for the year, spell 1 of 2", "2991.78"),
        ("Top-up for the year, spell 2 of 2", "6969.86"),
        ("Top-up for the year, all 2 spells", "9961.64"),
    ]
    assert explanation.absent == 0
    assert "not known" not in explanation.sentence


def days(first, last):
    """Return the rows of a spell's first and last day."""
    return [f"start First day paid: {first} text", f"start Last day paid: {last} text"]


def test_spells_are_numbered_in_the_order_of_time_and_say_their_school_and_days():
    """The table has them in another order: by authority and school."""
    spells = [
        {"urn": 900_003, "start": date(2025, 9, 1), "end": date(2026, 3, 31), "la": 203},
        {"urn": 900_001, "start": date(2025, 9, 1), "end": date(2025, 12, 31), "la": 202},
        {"urn": 900_002, "start": date(2025, 4, 1), "end": date(2025, 8, 31), "la": 202},
        {"urn": 900_004, "start": date(2025, 9, 1), "end": None, "la": 201},
        {"urn": None, "start": None, "end": date(2025, 4, 2), "la": 204},
    ]
    explanation = explained(*({"band": "A"} | one for one in spells))
    bands = [one for one in explanation.workings if one.name == "band"]
    assert [one.label for one in bands] == [f"Band, spell {at} of 5" for at in range(1, 6)]
    assert [[row_text(row, "") for row in one.rows[:3]] for one in bands] == [
        [*days("no first day", "2025-04-02"), "start School: None text"],
        [*days("2025-04-01", "2025-08-31"), "start School: 900002 text"],
        [*days("2025-09-01", "2025-12-31"), "start School: 900001 text"],
        [*days("2025-09-01", "2026-03-31"), "start School: 900003 text"],
        [*days("2025-09-01", "no last day"), "start School: 900004 text"],
    ]


def test_one_spell_says_no_school_and_days_beside_its_band():
    band = explained(SPRING).workings[0]
    assert not {"School", "First day paid", "Last day paid"} & {row.label for row in band.rows}


@pytest.mark.parametrize(
    ("unknown", "words"), [(1, "1 of them is not known"), (2, "2 of them are not known")]
)
def test_spells_of_which_one_is_not_known_come_to_no_sum(unknown, words):
    later = [
        {"band": None, "start": date(2025, 8 + at, 1), "end": date(2025, 8 + at, 9)}
        for at in range(unknown)
    ]
    explanation = explained(SPRING, *later)
    assert explanation.totals[-1].value is None
    assert explanation.absent == unknown
    assert f"{words}, so the sum is not known" in explanation.sentence
    assert [one.absent for one in explanation.workings if one.name == "top_up"] == [0, 1, 1][
        : unknown + 1
    ]


NO_STEPS = {
    "The rule does not pay for this pupil: the conditions of pays_when are not met.": (
        {"sen_provision": "K"}, {"pays_when": {"sen_provision": ["E"]}}, "0.00",
    ),
    "The amount is not known: the rules have no price for this band here.": (
        {"setting": "special"}, {"price": {"when": {"setting": ["mainstream"]}}}, None,
    ),
    "The amount is not known. Not supplied: hours.": (
        {"hours": None}, {"part_time": {"full_time_hours": "32.5"}}, None,
    ),
    "The amount is not known. Not supplied: band, hours.": (
        {"hours": None, "band": None}, {"part_time": {"full_time_hours": "32.5"}}, None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("sentence", NO_STEPS)
def test_a_top_up_without_a_price_says_why_and_shows_no_steps(sentence):
    record, rule, value = NO_STEPS[sentence]
    explanation = explained({"band": "A"} | record, **rule)
    [row] = explanation.workings[-1].rows
    assert (row.label, row.value, row.note) == ("Top-up for the year", value, sentence)
    assert explanation.sentence == explanation.totals[0].note == sentence
    assert explanation.absent == explanation.workings[-1].absent == int(value is None)


def test_a_pupil_who_is_not_on_roll_is_shown_the_part_of_the_year():
    explanation = explained({"band": "A", "start": date(2026, 5, 1)})
    assert [(row.label, row.value) for row in explanation.workings[-1].rows[-2:]] == [
        ("Part of the year on roll", "0 of 365"), ("Top-up for the year", "0.00"),
    ]  # fmt: skip
    assert explanation.sentence == "The pupil is not on roll on any counted day of the year."


def test_an_explanation_names_its_rules_and_not_its_pupil():
    explanation = explained({"band": "A"})
    assert (explanation.subject, explanation.rule_set, explanation.version) == (
        "pupil",
        "invented",
        1,
    )
    assert repr(explanation) == "<Explanation of a pupil under invented>"
    start = explanation.workings[-1].rows[0]
    assert (start.source, start.standing) == ("Invented for tests", "proposed")


def test_steps_that_do_not_come_to_what_is_paid_are_not_printed(monkeypatch):
    assert explained({"band": "A"}).workings
    monkeypatch.setattr("engine.modules.top_ups.working.work_known", lambda *_: 1)
    with pytest.raises(NotReconciled, match=UNEQUAL_STEPS):
        explained({"band": "A"})
