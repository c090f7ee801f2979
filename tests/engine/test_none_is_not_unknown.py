"""None is not unknown: a pupil who is known to have no second need is paid as known, a blank is not, unless it was stated."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.reading import Habits, habits_of, pupil_table
from engine.rules.compile import compile_rules, pupil_columns
from engine.run import evaluate
from engine.vocabulary import NONE_WORDS, Need, Reason
from tests.builders import banded, rule_set

ASSESSED = [need.name for need in Need if need is not Need.NSA]
BASE = 5_000_00
STATED = habits_of(None, ["secondary_need"], ())
NOTHING = Habits()


def sensory(needs, pounds: int):
    """Return rules that pay more for some second needs."""
    parts = banded([{"band": "A", "pounds": "5000"}], ["A"])
    more = {"label": "Sensory", "when": {"secondary_need": list(needs)}, "pounds": str(pounds)}
    parts["band_profile"]["tariff"]["modifiers"] = [more]
    return compile_rules(rule_set(**parts))


def paid(rules, *needs: str | None, habits: Habits = NOTHING) -> list[int | None]:
    """Return the pence of a pupil with each second need as a file has it; None where it is not known."""
    rows = {
        "pupil_key": [f"p{at}" for at in range(len(needs))],
        "la": ["202"] * len(needs),
        "band": ["A"] * len(needs),
        "secondary_need": list(needs),
    }
    frame = pl.DataFrame(rows, schema=dict.fromkeys(rows, pl.String))
    table = pupil_table(frame, pupil_columns(rules, counting=False), habits=habits)
    outcome = evaluate(rules, pupils=table).top_ups
    unknown = [one == Reason.not_supplied for one in outcome.reason.tolist()]
    return [
        None if absent else pence
        for absent, pence in zip(unknown, outcome.amount.tolist(), strict=True)
    ]


@given(
    st.lists(st.sampled_from(ASSESSED), min_size=1, max_size=5, unique=True),
    st.integers(1, 9_000),
    st.sampled_from(NONE_WORDS),
    st.sampled_from(["", None, " "]),
)
def test_none_is_not_unknown(needs, pounds, word, blank):
    rules = sensory(needs, pounds)
    other = next(one for one in ASSESSED if one not in needs)
    more = BASE + pounds * 100
    cells = (word, needs[0], other, blank, "c")
    assert paid(rules, *cells) == [BASE, more, BASE, None, None]
    assert paid(rules, *cells, habits=STATED) == [BASE, more, BASE, BASE, None]


@pytest.mark.parametrize("needs", [["none"], ["none", "HI"]])
def test_rules_may_ask_for_no_second_need(needs):
    amounts = paid(sensory(needs, 100), "none", "HI", "ASD", "")
    assert amounts == [BASE + 10_000, BASE + 10_000 * ("HI" in needs), BASE, None]
