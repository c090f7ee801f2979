"""Charts as SVG: well formed, to scale, without what is hidden, and with nothing that a text could break out of."""

from xml.etree.ElementTree import fromstring

import pytest

from engine.charts import Area, Axis, Point, Sides, area_chart, mark_key, point_chart, sides_chart
from engine.charts.picture import MARKS, rounds, share

AXES = (Axis("Cost", str), Axis("Loss", lambda value: f"{value}%"))
HOSTILE = '</svg><script>alert("1")</script> & "x"'


def tree(drawing):
    """Return the elements of a drawing by their class."""
    found = {}
    for one in fromstring(str(drawing)).iter():  # noqa: S314 - our own drawing
        found.setdefault(one.get("class"), []).append(one)
    return found


def percent(text):
    return float(text.removesuffix("%"))


def test_points_are_to_scale_and_those_of_the_front_are_joined():
    points = [Point(100, 40, front=True, label="A"), Point(150, 20), Point(200, 0, front=True)]
    drawn = tree(point_chart("c", "Title", "Words", points, AXES))
    squares, [dot], [line] = (
        drawn["app-chart__best"],
        drawn["app-chart__point"],
        drawn["app-chart__front"],
    )
    across = [percent(one.get("x")) for one in squares]
    assert abs(percent(dot.get("cx")) - sum(across) / 2) < 0.05
    heights = [float(one.get("y")) for one in squares]
    assert heights[0] < float(dot.get("cy")) < heights[1]
    assert [line.get("x1"), line.get("x2")] == [one.get("x") for one in squares]
    assert "A" in [one.text for one in drawn["app-chart__name"]]


def test_points_that_would_cover_each_other_are_drawn_once_and_one_alone_is_drawn():
    points = [Point(at // 1000, 5) for at in range(100_000)]
    assert len(tree(point_chart("c", "T", "W", points, AXES))["app-chart__point"]) <= 250
    assert (
        len(tree(point_chart("c", "T", "W", [Point(7, 0, front=True)], AXES))["app-chart__best"])
        == 1
    )


def test_bars_of_losers_and_winners_meet_in_the_middle_to_one_scale():
    rows = [Sides("one", 50, 100, ("50", "100")), Sides("two", 0, 25, ("0", "25"))]
    drawn = tree(sides_chart("c", "T", "W", ("Losers", "Winners"), rows))
    left = [one for name, held in drawn.items() if name and name.endswith("--less") for one in held]
    right = drawn["app-chart__bar"]
    assert [percent(one.get("x")) + percent(one.get("width")) for one in left] == [50, 50]
    assert percent(right[0].get("width")) == 2 * percent(left[0].get("width"))
    assert percent(right[1].get("width")) * 4 == percent(right[0].get("width"))


def test_what_is_hidden_has_neither_bar_nor_mark():
    rows = [Sides("one", None, 100, ("c", "100"))]
    drawn = tree(sides_chart("c", "T", "W", ("Losers", "Winners"), rows))
    assert percent(drawn["app-chart__bar app-chart__bar--less"][0].get("width")) == 0
    areas = [Area("Here", None, [5, None, 10]), Area("There", 10, [None] * 3)]
    drawn = tree(area_chart("c", "T", "W", areas))
    assert len(drawn["app-chart__base"]) == 1
    marks = [name for name in drawn if name and "__mark--" in name]
    assert sorted(marks) == ["app-chart__mark--circle", "app-chart__mark--triangle"]


def test_series_differ_by_shape_and_the_key_names_each():
    assert len(set(MARKS)) == 3
    key = str(mark_key("Baseline", ["A (1)", HOSTILE]))
    assert "A (1)" in key
    assert "<script>" not in key


@pytest.mark.parametrize(
    "drawing",
    [
        point_chart("c", HOSTILE, HOSTILE, [Point(1, 2, front=True, label=HOSTILE)], AXES),
        sides_chart(
            "c", HOSTILE, HOSTILE, (HOSTILE, HOSTILE), [Sides(HOSTILE, 1, 2, (HOSTILE, "2"))]
        ),
        area_chart("c", HOSTILE, HOSTILE, [Area(HOSTILE, 1, [2])]),
    ],
    ids=["points", "sides", "areas"],
)
def test_no_text_breaks_out_of_a_chart(drawing):
    elements = fromstring(str(drawing))  # noqa: S314 - our own drawing
    assert not [one for one in elements.iter() if one.tag.endswith("script")]
    assert elements.get("role") == "img"
    assert HOSTILE in [one.text for one in elements.iter()]


def test_ticks_are_round_few_and_within():
    for low, high in ((0, 0), (0, 7), (97, 127), (-5, 3), (9_730_675_000, 12_709_450_000)):
        found = list(rounds(low, high))
        assert 1 <= len(found) <= 5
        assert low <= found[0] <= found[-1] <= high
    assert (share(1, 3), share(0, 0), share(2, 2)) == ("33.33%", "0.00%", "100.00%")
