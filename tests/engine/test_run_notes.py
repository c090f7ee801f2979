"""The notes on a document that concern a run: those of the sections that it values, few of a kind, and the rest counted."""

from decimal import Decimal

import pytest

from engine.errors import OverrideRefused
from engine.export import numbers_of
from engine.rules import notes as notes_module
from engine.rules.compile import compile_rules
from engine.rules.compile_trials import compile_what_if
from engine.rules.notes import document_notes, notes
from engine.rules.run_notes import MOST, run_notes
from engine.rules.tariff_coverage import coverage_of
from tests.builders import banded, rule_set
from tests.rule_library import compiled, naming

LINE = {"label": "Basic", "counts": "pupils", "primary": {"unit_value": "not printed"}}
FORMULA = {"pupils_counted_by": "basic_entitlement", "factors": {"basic_entitlement": LINE}}
LATER = [{"from": "2025-04-01", "value": "1000"}, {"from": "2025-09-01", "value": "1100"}]


def document(bands=("A", "B"), priced="A", pounds="1000", prices=None, **parts):
    return rule_set(**banded(prices or [{"band": priced, "pounds": pounds}], bands), **parts)


def types(rules, *modules):
    return [one.type for one in run_notes(rules, modules)]


def test_a_run_is_told_the_notes_of_what_it_values_and_of_nothing_else():
    rules = compile_rules(document(schools_formula=FORMULA))
    assert types(rules, "schools_formula") == ["not-printed"]
    assert types(rules, "band_profile") == ["no-price"]
    assert types(rules, "places") == []
    both = run_notes(rules)
    assert [one.sentence for one in both] == [
        one.sentence for one in document_notes(rules.document)
    ]


def test_a_run_is_told_nothing_that_its_answer_says_otherwise():
    changing = document(pounds=LATER, title="Invented for 2019-20")
    kinds = {one.type for one in document_notes(changing)}
    assert kinds == {"no-price", "changes", "year"}
    for day in (None, changing.effective.first):
        assert set(types(compile_rules(changing, day), "band_profile")) == {"no-price"}


def test_what_is_tried_has_notes_of_its_own():
    plain = document(bands=("A",))
    assert run_notes(compile_rules(plain)) == ()
    capped = rule_set(**banded([{"band": "A", "pounds": "1000"}], ["A"], floor="500", cap="400"))
    assert types(compile_rules(capped), "band_profile") == ["cap-below-floor"]


def test_many_notes_of_a_kind_are_counted():
    bands = [f"B{at}" for at in range(30)]
    days = [f"2025-{month:02}-{day}" for month in range(4, 10) for day in range(11, 16)]
    rows = [
        {
            "band": band,
            "pounds": [{"from": "2025-04-01", "value": "1"}, {"from": day, "value": "not printed"}],
        }
        for band, day in zip(bands, days, strict=True)
    ]
    rules = compile_rules(rule_set(**banded(rows, bands)))
    found = run_notes(rules, ["band_profile"])
    assert len(found) == MOST + 1
    assert found[-1].sentence == (
        "and 20 more notes of the kind not-printed: evenband rules check names each"
    )


def test_notes_that_differ_by_their_rows_alone_are_one_that_lists_them():
    """Each percentage that a source leaves out was a note of its own: 30 lines of one check."""
    bands = [f"B{at}" for at in range(30)]
    rules = compile_rules(
        rule_set(
            **banded(
                [{"band": one, "pounds": "not printed"} for one in bands], bands, cap="not printed"
            )
        )
    )
    said = (
        "pounds of 30 rows of band_profile.tariff.prices is not printed from 2025-04-01: an amount that depends on it is"
        " not known"
    )
    cap = (
        "top_up_rule.cap is not printed from 2025-04-01: an amount that depends on it is not known"
    )
    assert notes(rules.document) == [f"{said} ({', '.join(bands)})", cap]
    assert [str(one) for one in run_notes(rules)] == [
        f"{said} ({', '.join(bands[:MOST])} and 20 more)",
        cap,
    ]
    each = [one.place for one in document_notes(rules.document)]
    assert each == [
        *(f"band_profile.tariff.prices.{one}.pounds" for one in bands),
        "top_up_rule.cap",
    ]


def test_notes_are_apart_by_field_day_and_section():
    later = [{"from": "2025-04-01", "value": "1"}, {"from": "2025-09-01", "value": "not printed"}]
    rows = [{"band": "A", "pounds": "not printed"}, {"band": "B", "pounds": later}, {"band": "C", "pounds": later},
            {"band": "D", "pounds_each": "not printed", "each": "hours"}]  # fmt: skip
    told = notes(document(("A", "B", "C", "D"), prices=rows))
    prices = "band_profile.tariff.prices"
    parts = (
        "each part of the year is paid at its own value; --on DAY uses one day's for the whole year"
    )
    unknown = "an amount that depends on it is not known"
    assert sorted(told) == sorted([
        f"{prices}.A.pounds is not printed from 2025-04-01: {unknown}",
        f"pounds of 2 rows of {prices} is not printed from 2025-09-01: {unknown} (B, C)",
        f"{prices}.D.pounds_each is not printed from 2025-04-01: {unknown}",
        f"pounds of 2 rows of {prices} changes on 2025-09-01: {parts} (B, C)",
    ])  # fmt: skip


def test_what_is_never_used_is_one_note_however_much_it_is():
    rows = [{"band": "A", "pounds": str(at)} for at in range(1000, 1006)]
    rules = compile_rules(rule_set(**banded(rows, ["A"])))
    (one,) = run_notes(rules, ["band_profile"])
    prices = "band_profile.tariff.prices"
    assert one.sentence == (
        f"{prices}.1, {prices}.2, {prices}.3 and 2 more are never used: evenband rules check says why of each"
    )
    few = compile_rules(rule_set(**banded(rows[:2], ["A"])))
    assert [note.sentence for note in run_notes(few)] == [
        note.sentence for note in document_notes(few.document)
    ]


BY_SCORE = [
    {"band": "A", "when": {"score": ["10-20"]}, "pounds": "1000"},
    {"band": "A", "when": {"score": ["40+"]}, "pounds": "2000"},
    {"band": "B", "pounds": "3000"},
]


def test_who_has_no_price_is_looked_for_once_for_all_numbers_tried_in_one_rule_set(monkeypatch):
    looked = []

    def counted(*parts):
        looked.append(parts)
        return coverage_of(*parts)

    monkeypatch.setattr(notes_module, "coverage_of", counted)
    published = compile_rules(document(prices=BY_SCORE))
    expected = [str(one) for one in run_notes(published)]
    assert expected
    for value in ("1", "1234.56", "9000"):
        tried = compile_what_if(
            published.document, [("band_profile.tariff.prices.0.pounds", value)], None, published
        )
        assert [str(one) for one in run_notes(tried)] == expected
    assert len(looked) == 1


@pytest.mark.parametrize("name", sorted(naming("band_profile")))
def test_a_number_tried_has_the_notes_of_a_document_that_says_it(name):
    published = compiled(name)
    run_notes(published)
    numbers = [one for one in numbers_of(published.document) if one.path.startswith("band_profile")]
    tried_of = set()
    # Of each kind of number a few: the first, the last, and what lies between.
    for kind in {one.kind for one in numbers}:
        of_kind = [one for one in numbers if one.kind is kind and is_number(one.value)]
        for number in of_kind[:: max(1, len(of_kind) // 4)]:
            path = f"{number.path}@*" if number.dated else number.path
            pair = (path, str(Decimal(number.value) + 1))
            try:
                tried = compile_what_if(published.document, [pair], None, published)
            except OverrideRefused:
                continue
            tried_of.add(kind)
            alone = compile_rules(tried.document)
            assert list(map(str, run_notes(tried))) == list(map(str, run_notes(alone)))
    assert tried_of


def is_number(text):
    return text is not None and text.replace(".", "", 1).isdecimal()
