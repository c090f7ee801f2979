"""A report's figures, its texts and its page, without a run: what is hidden, what is rounded, what no text breaks."""

import re
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from engine.candidates.run import Plan
from engine.disclosure import disclosure_profile
from engine.report import Report, Section, Table, page_of
from engine.report.cliffs import band_steps
from engine.report.figures import NOTHING, Figures, Shares, _numbers, _shares
from engine.report.labels import _plan_shares
from engine.report.texts import (
    change_text,
    percent_change,
    percent_text,
    pounds_text,
    short_pounds,
)
from engine.rules import compile_rules
from engine.rules.load import load_rule_file
from engine.vocabulary import FIXTURES

NAMES = ("number", "before", "after", "change", "winners", "losers", "unchanged", "not_known")
HOSTILE = '</style><script>alert("1")</script>{{ 123 * 9 }}'


def a_report(text: str) -> Report:
    table = Table(text, (text, text), [(text, text)])
    section = Section("one", text, [text], (), [table])
    return Report(text, text, text, [(text, text)], [section], [(text, text)])


def test_no_text_of_a_report_is_read_as_a_page_or_as_a_template():
    page = page_of(a_report(HOSTILE)).decode()
    assert "<script" not in page
    assert "1107" not in page
    assert page.count("&lt;script&gt;") > 10
    assert page_of(a_report(HOSTILE)).decode() == page


def test_amounts_are_rounded_half_away_from_zero_and_say_what_is_not_known():
    assert [pounds_text(one) for one in (50, -50, 49, None)] == ["£1", "−£1", "£0", "not known"]
    assert [change_text(one) for one in (100, 0, -100, 40)] == ["+£1", "£0", "−£1", "£0"]
    assert [percent_change(change, 1000) for change in (125, 0, -5)] == ["+12.5%", "0%", "−0.5%"]
    assert percent_change(5, 0) == "–"
    assert percent_change(None, 5, "c") == "c"
    assert percent_text(-1) == "−0.01%"
    assert [short_pounds(one) for one in (-2_500_000_000, 99_999)] == ["−£25m", "£1,000"]


def test_what_a_publication_hides_is_none_and_its_amounts_are_pence():
    profile = disclosure_profile()
    shown = {key: ["12", profile.symbol] for key in NAMES}
    frame = pl.DataFrame(
        shown | {"before": ["-3000.00", None], "after": ["1000.00", profile.symbol]}
    )
    found = {one.name: one.to_list() for one in _numbers(frame, profile)}
    assert found["winners"] == [12, None]
    assert found["before"] == [-300_000, None]
    assert found["after"] == [100_000, None]


def test_loss_and_spread_are_of_the_regions_that_are_shown_and_need_two():
    regions = pl.DataFrame({"before": [1000, 2000, None, 0], "change": [-50, 100, 900, 5]})
    assert _shares(regions) == (500, 1000)
    assert _shares(regions[1:]) == NOTHING
    assert _shares(None) == NOTHING


def test_the_front_is_of_those_that_are_shown_and_keep_to_what_they_must():
    totals = pl.DataFrame({"after": [10, 20, 30, None], "losers": [9, 5, 5, 1]})
    known = np.ones(4, bool)
    shares = Shares("authority", np.zeros(4, np.int64), np.zeros(4, np.int64), known)
    figures = Figures(np.asarray([2, 3, 5, 7]), totals, pl.DataFrame(), shares)
    losers, shown = totals["losers"].to_numpy(), totals["after"].is_not_null().to_numpy()
    assert figures.front(losers, shown, np.ones(8, bool)).tolist() == [2, 3]
    keeps = np.ones(8, bool)
    keeps[2] = False
    assert figures.front(losers, shown, keeps).tolist() == [3]


@pytest.mark.parametrize(
    ("rules", "where", "steps"),
    [
        ("2025-26/three-band-guide.yaml", "", [("A", "B", 200_000), ("B", "C", 300_000)]),
        (
            "2026-27/national-profile-candidate.yaml", "setting alternative provision",
            [
                ("Universal", "Targeted", 0), ("Targeted", "Targeted plus", 150_000),
                ("Targeted plus", "Specialist 1", 650_000), ("Specialist 1", "Specialist 2", 300_000),
                ("Specialist 2", "Specialist 3", 400_000), ("Specialist 3", "Specialist 4", 600_000),
                ("Specialist 4", "Specialist 5", 800_000),
            ],
        ),
    ],
)  # fmt: skip
def test_steps_between_bands_are_those_of_the_printed_prices(rules, where, steps):
    compiled = compile_rules(load_rule_file(FIXTURES / "rules" / rules), None)
    found = [
        (one.low, one.high, one.after - one.before)
        for one in band_steps(compiled)
        if one.where == where
    ]
    assert found == steps


def test_pupils_by_path_are_shares_of_all_of_them_where_numbers_may_be_small():
    plan = Plan(1, 200, 0, 3, 0, 497, 1, 499)
    said = _plan_shares(SimpleNamespace(plan=plan))
    paths = [one for one in Plan._fields if one not in ("structures", "candidates", "in_lanes")]
    assert len(said.split(", ")) == len(paths)
    assert said.startswith(
        "under 1% in lanes, none by the closed form, 50% by share of the year, under 1% one by one"
    )
    assert not re.search(r"\b(3|1) ", said)
