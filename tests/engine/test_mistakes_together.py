"""Mistakes of one group of a document are named together: none hides another, none makes another."""

from hypothesis import given
from hypothesis import strategies as st

from tests.banded_document import refusals

OF_BANDS = {
    "band_profile.bands.1": ("bands: [A, B, C]", "bands: [A, 'B ', C]"),
    "band_profile.tariff.prices.0.band": ("{band: A, p", "{band: Z, p"),
    "band_profile.tariff.prices.2.band": ("{band: C, p", "{band: 3, p"),
    "band_profile.tariff.modifiers.0.band": ("More, band: B", "More, band: Y"),
    "top_up_rule.pays_when.sen_provision": ("[E]", "[F]"),
    "band_profile.tariff.prices.1.pounds": ('"7300"', '"73.005"'),
}


@given(st.sets(st.sampled_from(sorted(OF_BANDS)), min_size=1))
def test_all_mistakes_of_bands_are_named_at_once_and_none_makes_another(places):
    """A wrong name among the bands hid every other band that was not found, and rows were named one at a time."""
    found = refusals(*(OF_BANDS[one] for one in places))
    assert {place for _, place, _ in found} == places
    assert len(found) == len(places)


def test_a_band_that_is_spelled_otherwise_is_asked_after():
    found = refusals(
        ("bands: [A, B, C]", "bands: [Alpha, Beta, Beta, x]"),
        ("{band: A, p", "{band: Alpah, p"), ("{band: B, p", "{band: Beta, p"),
        ("{band: C, p", "{band: Gamma, p"), ("More, band: B", "More, band: Beta"),
    )  # fmt: skip
    assert found == [
        (14, "band_profile.bands.2", "duplicate band; keep one of each name"),
        (14, "band_profile.bands.3", "x is how tables write a value that is missing; give the band another name, such as C"),
        (18, "band_profile.tariff.prices.0.band", "band not found: Alpah; did you mean Alpha? Otherwise add it to 'bands'"),
        (20, "band_profile.tariff.prices.2.band", "band not found: Gamma; add it to 'bands'"),
    ]  # fmt: skip


def test_all_values_of_one_price_that_are_wrong_are_named():
    series = '[{from: 2025-04-01, value: "999999999999"}, {from: 2025-04-01, value: "5"}, {from: 2025-09-01, value: "5.123"}]'
    places = [place for _, place, _ in refusals(('"7300"', series))]
    price = "band_profile.tariff.prices.1.pounds"
    assert sorted(places) == [f"{price}.0.value", f"{price}.1.from", f"{price}.2.value"]


def test_steps_that_overlap_hide_no_gap_and_a_band_that_is_not_found_neither():
    steps = "{points: {steps: [{band: A, from: 0, to: 5}, {band: Z, from: 8, to: 9}, {band: C, from: 9, to: 12}]}}"
    found = refusals(("{label_given: true}", steps))
    assert [(line, place) for line, place, _ in found] == [
        (15, "band_profile.assignment.points.steps.1.band"),
        (15, "band_profile.assignment.points.steps.1"),
        (15, "band_profile.assignment.points.steps"),
    ]
    assert "rows 2 and 3 both fit points 9" in found[1][2]
    assert "no row covers points 6-7" in found[2][2]


def test_every_row_that_reads_an_input_which_is_not_declared_is_named():
    rows = "[{when: {setting: [special]}, band: A}, {when: {phase: [primary], score: '1-2'}, band: B}, {band: C}]"
    table = f"{{table: {{hit_policy: first, inputs: [sen_provision], rows: {rows}, covers: {{urn: '1'}}}}}}"
    where = "band_profile.assignment.table"
    assert [place for _, place, _ in refusals(("{label_given: true}", table))] == [
        f"{where}.rows.0.when.setting", f"{where}.rows.1.when.phase", f"{where}.rows.1.when.score", f"{where}.covers.urn",
    ]  # fmt: skip


def test_every_period_that_does_not_follow_the_one_before_it_is_named_with_its_line():
    periods = """\
      - {name: One, first: 2025-04-01, last: 2025-08-31, presence: calendar_days}
      - {name: Two, first: 2025-09-02, last: 2025-12-31, presence: school_days}
      - {name: Three, first: 2026-02-01, last: 2026-03-31, presence: calendar_days}"""
    whole = "      - {name: Year, first: 2025-04-01, last: 2026-03-31, presence: calendar_days}"
    assert [(line, place.rpartition("calendar")[2]) for line, place, _ in refusals((whole, periods))] == [
        (25, ""), (30, ".periods.1.first"), (31, ".periods.2.first")
    ]  # fmt: skip


def test_a_price_that_cannot_be_none_is_named_beside_a_wrong_value_of_its_table_and_hides_no_other():
    rows = "{rows: [{when: {setting: [special]}, value: 'x'}, {value: '6'}], otherwise: none}"
    found = refusals(('"7300"', rows), ("[E]", "[F]"))
    price = "band_profile.tariff.prices.1.pounds"
    assert {place for _, place, _ in found} == {
        f"{price}.rows.0.value", f"{price}.otherwise", "top_up_rule.pays_when.sen_provision",
    }  # fmt: skip
