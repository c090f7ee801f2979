"""The notes on a document that concern a run: those of the sections that it values, few of a kind, and the rest counted."""

from engine.rules.compile import compile_rules
from engine.rules.notes import document_notes
from engine.rules.run_notes import MOST, run_notes
from tests.builders import banded, rule_set

LINE = {"label": "Basic", "counts": "pupils", "primary": {"unit_value": "not printed"}}
FORMULA = {"pupils_counted_by": "basic_entitlement", "factors": {"basic_entitlement": LINE}}
LATER = [{"from": "2025-04-01", "value": "1000"}, {"from": "2025-09-01", "value": "1100"}]


def document(bands=("A", "B"), priced="A", pounds="1000", **parts):
    return rule_set(**banded([{"band": priced, "pounds": pounds}], bands), **parts)


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
    rows = [{"band": band, "pounds": "not printed"} for band in bands]
    rules = compile_rules(rule_set(**banded(rows, bands)))
    found = run_notes(rules, ["band_profile"])
    assert len(found) == MOST + 1
    assert found[-1].sentence == (
        "and 20 more notes of the kind not-printed: evenband rules check names each"
    )
    one_more = compile_rules(rule_set(**banded(rows[: MOST + 1], bands[: MOST + 1])))
    assert len({one.place for one in run_notes(one_more)}) == MOST + 1


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
