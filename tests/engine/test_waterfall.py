"""A waterfall: bars begin where the one before ended, and the last is the last total."""

import re

from hypothesis import given
from hypothesis import strategies as st

from engine.charts import WaterfallStep, waterfall

AMOUNTS = st.integers(-(10**9), 10**9)


def bars(drawn) -> list[tuple[float, float]]:
    """Return where each bar begins and ends, in per cent of the width."""
    found = re.findall(r'<rect class="[^"]+" x="([\d.]+)%" y="\d+" width="([\d.]+)%"', str(drawn))
    return [(float(at), float(at) + float(wide)) for at, wide in found]


def test_a_step_is_drawn_from_where_the_last_one_ended():
    ends = WaterfallStep("then", 100, "£1"), WaterfallStep("now", 120, "£1.20")
    steps = [WaterfallStep("up", 60, "+"), WaterfallStep("down", -40, "−")]
    first, up, down, last = bars(waterfall("w", "From", ends, steps).drawn)
    assert first[1] == up[0]
    assert up[1] == down[1]
    assert down[0] == last[1]


def test_totals_far_above_their_change_are_cut_and_the_cut_is_said():
    ends = WaterfallStep("then", 10_000, ""), WaterfallStep("now", 10_010, "")
    chart = waterfall("w", "From", ends, [WaterfallStep("up", 10, "")])
    assert 9_900 < chart.start < 10_000
    _, up, last = bars(chart.drawn)
    assert up[1] - up[0] > 20
    assert last[1] == up[1]


@given(st.lists(AMOUNTS, max_size=6), AMOUNTS)
def test_all_bars_lie_within_the_chart(changes, before):
    totals = [WaterfallStep("end", one, "") for one in (before, before + sum(changes))]
    chart = waterfall(
        "w", "From", (totals[0], totals[1]), [WaterfallStep("a", one, "") for one in changes]
    )
    assert len(bars(chart.drawn)) == len(changes) + 2
    assert all(0 <= left < right <= 63 for left, right in bars(chart.drawn))
    assert chart.start <= min(0, *(one.change for one in totals)) or chart.start > 0
