from xml.etree import ElementTree as ET

from app.pages.chart import Bar, bar_chart

NAMES = ["chart-title", "chart-description"]


def drawn(*bars: Bar) -> ET.Element:
    # What is read here was drawn here.
    return ET.fromstring(bar_chart("chart", "By factor", "Bars", bars))  # noqa: S314


def texts(chart: ET.Element, kind: str) -> list[str]:
    return ["".join(one.itertext()) for one in chart.iter("text") if one.get("class") == kind]


def test_a_chart_has_a_name_and_a_description_for_who_cannot_see_it():
    chart = drawn(Bar("Lump sum", 5, "£0.05"))
    assert chart.get("role") == "img"
    assert chart.get("aria-labelledby").split() == NAMES
    assert [one.get("id") for one in chart][:2] == NAMES


def test_the_longest_bar_leaves_room_for_its_figure_and_others_are_in_proportion():
    widths = [one.get("width") for one in drawn(Bar("a", 200, ""), Bar("b", 100, "")).iter("rect")]
    assert widths == ["50.0%", "25.0%"]


def test_even_a_penny_has_a_bar():
    widths = [one.get("width") for one in drawn(Bar("a", 10**9, ""), Bar("b", 1, "")).iter("rect")]
    assert widths[1] == "0.3%"


def test_money_taken_back_is_told_by_its_figure_and_not_by_colour_alone():
    chart = drawn(Bar("Scaling", -100, "−£1.00"))
    assert next(chart.iter("rect")).get("width") == "50.0%"
    assert texts(chart, "app-chart__figure") == ["−£1.00"]


def test_a_long_label_is_broken_and_nothing_of_it_is_lost():
    label = "Income deprivation (IDACI) band F (key stage 3)"
    chart = drawn(Bar(label, 1, ""))
    lines = [one.text for one in chart.iter("tspan")]
    assert len(lines) == 2
    assert " ".join(lines) == label
    assert int(chart.get("height")) > 20 * 2 + 22


def test_a_label_is_never_read_as_markup():
    assert texts(drawn(Bar("<b>&", 1, "")), "app-chart__label") == ["<b>&"]
