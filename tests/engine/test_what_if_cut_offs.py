"""A cut-off that is tried moves on both its sides, and leaves no pupil without a band."""

import pytest

from engine.errors import OverrideRefused
from engine.rules.compile_trials import compile_what_if
from engine.rules.override import what_if
from engine.run import evaluate
from tests.builders import banded, pupil, pupil_table, rule_set

STEPS = "band_profile.assignment.points.steps"
ROWS = "band_profile.assignment.table.rows"
PRICES = [
    {"band": "A", "pounds": "100"},
    {"band": "B", "pounds": "200"},
    {"band": "C", "pounds": "300"},
]


def stepped(*steps, **points):
    """Return a document that cuts points into steps."""
    named = [dict(zip(("band", "from", "to", "when"), one, strict=False)) for one in steps]
    return rule_set(**banded(PRICES, "ABC", {"points": {"steps": named, **points}}))


def table(*rows, inputs=("score",), hit_policy="unique", **parts):
    """Return a document of a decision table."""
    named = [{"band": band, "when": when} for band, when in rows]
    form = {"hit_policy": hit_policy, "inputs": list(inputs), "rows": named, **parts}
    return rule_set(**banded(PRICES, "ABC", {"table": form}))


def moved(published, *pairs):
    """Return every end that moves, with what it was and is."""
    trials = what_if(published, pairs).trials
    found = [(one.path, one.published, one.value) for of in trials for one in of.replaced]
    return {path.removeprefix("band_profile.assignment."): (was, now) for path, was, now in found}


def refused(published, *pairs):
    with pytest.raises(OverrideRefused) as caught:
        what_if(published, pairs)
    return [(one.place, one.sentence) for one in caught.value.problems]


POINTS = stepped(("A", 0, 9), ("B", 10, 19), ("C", 20, 40))


@pytest.mark.parametrize(("path", "value"), [("B.from", "12"), ("A.to", "11"), ("1.from", "12")])
def test_an_edge_between_two_bands_is_one_cut_off_whichever_side_is_said(path, value):
    ends = moved(POINTS, (f"{STEPS}.{path}", value))
    assert ends == {"points.steps.A.to": ("9", "11"), "points.steps.B.from": ("10", "12")}


@pytest.mark.parametrize(("points", "band"), [(11, "A"), (12, "B"), (19, "B"), (20, "C")])
def test_pupils_are_in_the_band_that_the_cut_off_gives_them(points, band):
    rules = compile_what_if(POINTS, [(f"{STEPS}.B.from", "12")])
    top_ups = evaluate(rules, None, pupil_table([pupil(points=points)])).top_ups
    assert top_ups.total == {"A": 100_00, "B": 200_00, "C": 300_00}[band]


def test_the_other_side_given_as_well_is_a_duplicate():
    [(place, sentence)] = refused(POINTS, (f"{STEPS}.B.from", "12"), (f"{STEPS}.A.to", "11"))
    assert (place, sentence) == (
        f"{STEPS}.A.to",
        f"duplicate of {STEPS}.B.from; give each number once",
    )


def test_two_edges_of_a_band_may_move_past_where_it_was():
    ends = moved(POINTS, (f"{STEPS}.B.from", "25"), (f"{STEPS}.B.to", "30"))
    assert ends["points.steps.B.from"] == ("10", "25")
    assert ends["points.steps.C.from"] == ("20", "31")


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ((f"{STEPS}.B.from", "20"), "leaves nothing of band_profile.assignment.points.steps.B, which is 10-19"),
        ((f"{STEPS}.B.from", "0"), "leaves nothing of band_profile.assignment.points.steps.A, which is 0-9"),
        ((f"{STEPS}.A.from", "3"), "no row covers points 0-2; a cut-off may not leave a gap"),
        ((f"{STEPS}.C.to", "39"), "no row covers points 40"),
        ((f"{STEPS}.B.from", "ten"), "must be one number that points may be, such as 20"),
        ((f"{STEPS}.B.from", "10-12"), "must be one number that points may be, such as 20"),
        ((f"{STEPS}.B.from", "1001"), "must be one number that points may be, such as 20"),
    ],
)  # fmt: skip
def test_a_cut_off_that_leaves_a_gap_or_no_band_is_refused_with_the_counterexample(pair, said):
    [(place, sentence)] = refused(POINTS, pair)
    assert place == pair[0]
    assert sentence.startswith(said)


def test_the_last_band_may_go_on_further_than_it_does():
    assert moved(POINTS, (f"{STEPS}.C.to", "60")) == {"points.steps.C.to": ("40", "60")}


def test_a_published_gap_stays_and_only_the_edge_that_is_named_moves():
    gap = stepped(("A", 0, 9), ("B", 12, 19), gaps=True)
    assert moved(gap, (f"{STEPS}.B.from", "13")) == {"points.steps.B.from": ("12", "13")}


def test_steps_of_other_settings_keep_their_own_cut_offs():
    mainstream, special = {"setting": "mainstream"}, {"setting": "special"}
    settings = stepped(
        ("A", 0, 9, mainstream),
        ("B", 10, 40, mainstream),
        ("A", 0, 9, special),
        ("B", 10, 40, special),
        gaps=True,
    )
    ends = moved(settings, (f"{STEPS}.B.special.from", "20"))
    assert ends == {
        "points.steps.B.special.from": ("10", "20"),
        "points.steps.A.special.to": ("9", "19"),
    }


def test_a_band_that_meets_two_of_different_settings_moves_with_both():
    shared = stepped(
        ("A", 0, 9), ("B", 10, 40, {"setting": "mainstream"}), ("C", 10, 40, {"setting": "special"}),
        gaps=True,
    )  # fmt: skip
    assert set(moved(shared, (f"{STEPS}.B.from", "20"))) == {
        "points.steps.A.to", "points.steps.B.from", "points.steps.C.from",
    }  # fmt: skip


SCORES = table(
    ("A", {"score": ["0-39"]}), ("B", {"score": ["40-69"]}), ("C", {"score": ["70-100"]})
)
HOURS = table(
    ("A", {"support_hours": ["0-9.99"]}),
    ("B", {"support_hours": ["10-19.99"]}),
    ("C", {"support_hours": ["20+"]}),
    inputs=("support_hours",),
)
GROUPS = table(
    ("A", {"group_size": ["1-3"]}), ("B", {"group_size": ["4-8"]}), inputs=("group_size",)
)


@pytest.mark.parametrize(
    ("published", "path", "value", "other", "now"),
    [
        (SCORES, "B.when.score.from", "45", "A.when.score.to", "44"),
        (SCORES, "B.when.score.to", "80", "C.when.score.from", "81"),
        (HOURS, "C.when.support_hours.from", "25", "B.when.support_hours.to", "24.99"),
        (HOURS, "B.when.support_hours.from", "12.5", "A.when.support_hours.to", "12.49"),
        (GROUPS, "B.when.group_size.from", "3", "A.when.group_size.to", "2"),
    ],
)
def test_ranges_of_scores_hours_and_groups_are_cut_offs_too(published, path, value, other, now):
    ends = moved(published, (f"{ROWS}.{path}", value))
    assert ends[f"table.rows.{other}"][1] == now


def test_a_range_without_an_upper_end_has_none_to_try():
    [(_, sentence)] = refused(HOURS, (f"{ROWS}.C.when.support_hours.to", "30"))
    assert sentence.startswith("not found in the rule set; the nearest path is band_profile.")


def test_conditions_of_prices_and_of_payment_are_cut_offs():
    prices = [
        {"band": "A", "when": {"year_group": ["0-6"]}, "pounds": "1"},
        {"band": "A", "when": {"year_group": ["7-14"]}, "pounds": "2"},
        {"band": "B", "when": {"year_group": ["7-14"]}, "pounds": "3"},
    ]
    published = rule_set(**banded(prices, "AB", pays_when={"year_group": ["0-11"]}))
    ends = what_if(published, [("band_profile.tariff.prices.A.7-14.when.year_group.from", "8")])
    assert [one.path.removeprefix("band_profile.tariff.prices.") for one in ends.trials[0].replaced] == [
        "A.7-14.when.year_group.from", "A.0-6.when.year_group.to",
    ]  # fmt: skip
    [trial] = what_if(published, [("top_up_rule.pays_when.year_group.to", "13")]).trials
    assert trial.replaced[0].published == "11"


def test_one_of_several_ranges_of_a_row_is_named_by_its_text():
    published = table(("A", {"score": ["0-9", "20-29"]}), ("B", {"score": ["10-19", "30-100"]}))
    ends = moved(published, (f"{ROWS}.A.when.score.20-29.from", "25"))
    assert ends == {
        "table.rows.A.when.score.20-29.from": ("20", "25"),
        "table.rows.B.when.score.10-19.to": ("19", "24"),
    }
