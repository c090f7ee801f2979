"""Whose pupils and schools are valued: codes by their days, other authorities, and what lies outside England."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.authority_codes import authority_codes, countries
from engine.errors import NotReconciled, RuleRefused, TableRefused
from engine.reading import Commissioners, Entry, Habits, mapping_of, pupil_table, school_table
from engine.reading.files import read_table_file
from engine.reading.text import records
from engine.rules.authorities import OtherAuthorities, commissioners_of
from engine.rules.compile import compile_rules, pupil_columns
from engine.rules.load import load_rule_set
from engine.run import evaluate
from engine.tables.rows_apart import RowCounts, RowsApart, Why
from engine.vocabulary import local_authorities
from tests.builders import banded, rule_set

RULES = """
format: evenband-rules/1
identifier: example-2025-26
version: 1
title: Example
authority: {code: "942", name: Cumberland}
funding_year: "2025-26"
year_kind: financial
effective: {first: 2025-04-01, last: 2026-03-31}
standing: proposed
about: Two bands.
sources: {page: {title: Page}}
provenance: {source: page, standing: proposed}
band_profile:
  bands: [A, B]
  assignment: {label_given: true}
  tariff:
    prices: [{band: A, pounds: "3650"}, {band: B, pounds: "7300"}]
top_up_rule:
  pays_when: {sen_provision: [E]}
  calendar:
    source: page
    standing: proposed
    periods: [{name: Year, first: 2025-04-01, last: 2026-03-31, presence: calendar_days}]
schools_formula:
  pupils_counted_by: basic_entitlement
  factors:
    basic_entitlement:
      label: Basic entitlement
      counts: pupils
      primary: {unit_value: "4000", notional_percent: "5"}
"""
OF_2022 = RULES.replace("2025-26", "2022-23").replace("2025", "2022").replace("2026", "2023")
OWN = 942


def rules_of(text=RULES, **changed):
    for old, new in changed.items():
        text = text.replace(old, new)
    return compile_rules(load_rule_set(text))


def pupils(codes, rules=None, **choices):
    rules = rules or rules_of()
    rows = [
        {"pupil_key": f"p{at}", "la": code, "sen_provision": "E", "band": "A"}
        for at, code in enumerate(codes)
    ]
    mapping, others = choices.pop("la_map", {}), choices.pop("others", OtherAuthorities.apart)
    commissioners = commissioners_of([rules], mapping, others, Entry.command)
    columns = pupil_columns(rules, counting=False)
    return pupil_table(records(rows), columns, commissioners=commissioners, **choices)


def refusal(codes, rules=None, **choices):
    with pytest.raises(TableRefused) as refused:
        pupils(codes, rules, **choices)
    return str(refused.value)


def apart(table):
    return {(one.why.value, one.code or one.name): one.number for one in table.apart}


def test_a_pupil_of_another_authority_is_counted_by_its_name_and_not_valued():
    table = pupils(["942", "943", "201", "943", "942"])
    assert apart(table) == {
        ("another authority's", "943"): 2,
        ("another authority's", "201"): 1,
    }
    assert table.rows.tolist() == [2, 6]
    outcome = evaluate(rules_of(), pupils=table).top_ups
    assert outcome.total == 2 * 365_000
    assert table.row_counts.sentence == (
        "5 rows read, 2 valued, 3 set apart: 2 of 943 (Westmorland and Furness), "
        "1 of 201 (City of London), another authority's"
    )
    assert [one.rule for one in table.notices] == ["rows-set-apart"]
    assert table.notices[0].rows == (3, 4, 5)


@pytest.mark.parametrize("code", ["660", "675", "681", "W06000015", "w06000015", "Wales", "WAL"])
def test_a_welsh_commissioner_is_set_apart_and_no_reason_to_refuse_the_file(code):
    assert apart(pupils(["942", code])) == {("outside England", "Wales"): 1}


@pytest.mark.parametrize("code", ["S12000033", "Scotland", "SCO"])
def test_a_scottish_commissioner_is_set_apart(code):
    rules = rules_of(**{'authority: {code: "942", name: Cumberland}\n': ""})
    assert apart(pupils(["201", "942", code], rules)) == {("outside England", "Scotland"): 1}


OFFSHORE = "the Channel Islands, the Isle of Man or overseas"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("702", "British forces overseas"),
        ("708", "Gibraltar"),
        ("Jersey", "Jersey"),
        ("Guernsey Offshore Establishments", "Guernsey"),
        ("isle of man", "Isle of Man"),
        ("M99999999", "Isle of Man"),
        ("L99999999", "Channel Islands"),
        *((code, OFFSHORE) for code in ("701", "703", "705", "706", "707")),
    ],
)
def test_an_offshore_commissioner_is_set_apart_and_no_reason_to_refuse_the_file(code, name):
    assert apart(pupils(["942", code])) == {("outside England", name): 1}


@pytest.mark.parametrize("code", ["709", "000", "E99999999", "X99999999"])
def test_a_code_that_is_of_nobody_is_refused(code):
    with pytest.raises(TableRefused):
        pupils(["942", code])


def test_rules_of_no_authority_value_pupils_of_all():
    rules = rules_of(**{'authority: {code: "942", name: Cumberland}\n': ""})
    assert pupils(["201", "942"], rules).apart == ()


def test_rules_that_pay_for_others_value_their_pupils():
    rules = rules_of(**{"name: Cumberland}": "name: Cumberland, pays_for_others: true}"})
    assert pupils(["201", "942"], rules).apart == ()
    assert pupils(["201", "942"], others=OtherAuthorities.valued).apart == ()


def test_both_sides_of_a_comparison_value_pupils_of_either_authority():
    other = rules_of(**{'"942", name: Cumberland': '"943", name: Westmorland and Furness'})
    commissioners = commissioners_of([rules_of(), other], {})
    assert commissioners.own == {942, 943}


def test_a_row_set_apart_may_be_in_the_words_of_its_own_authority():
    rows = [
        {"pupil_key": "p", "la": "942", "sen_provision": "E", "band": "A"},
        {"pupil_key": "q", "la": "943", "sen_provision": "E", "band": "Ladder 3"},
        {"pupil_key": "q", "la": "943", "sen_provision": "?", "band": ""},
    ]
    columns = pupil_columns(rules_of(), counting=False)
    table = pupil_table(records(rows), columns, commissioners=commissioners_of([rules_of()], {}))
    assert (len(table), table.row_counts.read) == (1, 3)


def test_a_wrong_column_name_is_not_blamed_on_the_rows_that_are_set_apart(tmp_path):
    path = tmp_path / "pupils.csv"
    path.write_text("Pupil_key,la,sen_provision,band\np,942,E,A\nq,943,E,A\n", "utf-8")
    columns = pupil_columns(rules_of(), counting=False)
    with pytest.raises(TableRefused) as refused:
        pupil_table(
            read_table_file(path)[0], columns, commissioners=commissioners_of([rules_of()], {})
        )
    assert [one.row for one in refused.value.problems] == [1]
    assert "write pupil_key for 'Pupil_key'" in str(refused.value)


def test_a_code_that_ended_before_the_year_stops_the_run_with_counts_and_the_way_out():
    found = refusal(["909", "942", "909", "928"])
    assert (
        "la: 2 rows have 909 (Cumbria), which ended on 31 March 2023; say which code replaces it, "
        "942 (Cumberland) or 943 (Westmorland and Furness): --la-map 909=942" in found
    )
    assert "1 row has 928 (Northamptonshire), which ended on 31 March 2021" in found
    assert "row 2" not in found


def test_where_all_authorities_are_valued_an_ended_code_drops_nobody_and_is_said():
    everyone = rules_of(**{'authority: {code: "942", name: Cumberland}\n': ""})
    for table in (
        pupils(["928", "909", "928"], everyone),
        pupils(["928", "909", "928"], others=OtherAuthorities.valued),
    ):
        assert (len(table), table.apart) == (3, ())
        said = {one.rule: one.number for one in table.notices}
        assert said == {"authority-not-in-use": 2}
        assert "2 rows have 928 (Northamptonshire), which ended on 31 March 2021" in (
            table.notices[-1].sentence
        )


def test_a_code_that_has_not_begun_stops_the_run_too():
    rules = rules_of(OF_2022, **{'"942", name: Cumberland': '"909", name: Cumbria'})
    assert "1 row has 942 (Cumberland), which begins on 1 April 2023" in refusal(["942"], rules)
    assert pupils(["909"], rules).apart == ()


def test_an_ended_code_is_read_as_the_one_that_is_said_to_replace_it():
    table = pupils(["909", "942"], la_map={"909": "942"})
    assert table.columns["la"].tolist() == [942, 942]
    assert apart(pupils(["909", "942"], la_map={"909": "943"})) == {
        ("another authority's", "943"): 1
    }


def test_how_many_rows_have_a_code_that_is_replaced_is_said():
    table = pupils(["909", "942", "909", "999"], la_map={"909": "942", "999": "942"})
    assert [(one.rule, one.number) for one in table.notices] == [("authority-replaced", 3)]
    assert table.notices[0].sentence == (
        "3 rows with a code of an authority that is replaced, as was stated: 909 by 942 in 2, another code by 942 in 1"
    )
    assert [(one.rule, one.sentence) for one in pupils(["942"], la_map={"909": "942"}).notices] == [
        ("mapping-unused", "--la-map 909=942 changes nothing: no row has this code of an authority")
    ]
    own = pupils(["E06000063"], la_map={"E06000063": "942"})
    assert [one.rule for one in own.notices] == []


@pytest.mark.parametrize("new", ["909", "999", "x", "660"])
def test_a_code_is_not_replaced_by_one_that_is_not_in_use(new):
    found = refusal(["909", "942"], la_map={"909": new})
    assert "is no code of an authority in England in the rules' year" in found


@pytest.mark.parametrize("new", ["660", "928", "999"])
def test_nothing_is_said_of_a_code_that_only_a_wrong_mapping_brings_in(new):
    found = refusal(["942", "909"], la_map={"909": new})
    assert len(found.splitlines()) == 2
    assert f"{new} replaces 909, and is no code of an authority" in found
    assert f"has {new}" not in found
    assert "row 3" not in found
    assert "1 row has 909 (Cumbria), which ended on 31 March 2023; say which code" in found


def test_an_unknown_code_is_refused_by_row_unless_it_is_mapped():
    assert "row 3: la: must be the three-digit code of a local authority in England" in refusal(
        ["942", "999"]
    )
    assert pupils(["942", "999"], la_map={"999": "942"}).apart == ()
    way = "say which code is read in the place of its own: --la-map CODE=929"
    assert way in refusal(["942", "999"], habits=Habits(entry=Entry.command))


def test_a_rule_document_of_an_invented_authority_is_told_which_code_to_take():
    with pytest.raises(RuleRefused) as caught:
        rule_set(**banded([{"pounds": "1"}], ["A"]), authority={"code": "999", "name": "Example"})
    assert "such as 929, with the name that you want" in str(caught.value.problems[0])
    named = {"code": "929", "name": "Example"}
    assert rule_set(**banded([{"pounds": "1"}], ["A"]), authority=named).authority.name == "Example"


def test_nine_character_codes_of_england_are_read():
    assert (
        pupils(["E06000063", "E10000006"], la_map={"909": "942"}).columns["la"].tolist()
        == [942] * 2
    )


def test_a_table_of_which_no_row_is_of_the_rules_authority_is_refused_by_names():
    found = refusal(["201", "943", "201"])
    assert (
        "la: no row is of the rules' authority, 942 (Cumberland): 1 of 943 (Westmorland and Furness), "
        "2 of 201 (City of London)"
        in found
        or "2 of 201 (City of London), 1 of 943" in found
    )
    assert "--other-authorities valued" in found


def test_schools_of_another_authority_are_set_apart_alike():
    rules = rules_of()
    rows = [
        {"urn": f"90000{at}", "la": code, "phase": phase, "units_basic_entitlement_primary": units}
        for at, (code, phase, units) in enumerate(
            [
                ("942", "primary", "100"),
                ("943", "infant", "many"),
                ("675", "primary", "x"),
                ("", "primary", "50"),
            ]
        )
    ]
    table = school_table(records(rows), rules.wanted, commissioners=commissioners_of([rules], {}))
    assert apart(table) == {("another authority's", "943"): 1, ("outside England", "Wales"): 1}
    assert table.urn.tolist() == [900000, 900003]
    outcome = evaluate(rules, table).notional
    assert outcome.notional_total.tolist() == [2_000_000, 1_000_000]


def test_schools_without_a_code_beside_others_that_have_one_are_said():
    rules = rules_of()
    row = {"phase": "primary", "units_basic_entitlement_primary": "100"}

    def said(*codes) -> list[str]:
        rows = [{**row, "urn": str(900_001 + at), "la": la} for at, la in enumerate(codes)]
        whose = commissioners_of([rules], {})
        found = school_table(records(rows), rules.wanted, commissioners=whose).notices
        return [str(one) for one in found if one.rule == "authority-blank"]

    assert said("942", "942") == said("", "") == []
    [sentence] = said("942", "", "")
    assert "rows without a code, taken for the authority's own: 2" in sentence


def test_typed_columns_of_frames_are_sorted_too():
    frame = pl.DataFrame(
        {"pupil_key": ["a", "b"], "la": [942, 943], "sen_provision": ["E", "E"], "band": ["A", "?"]}
    )
    columns = pupil_columns(rules_of(), counting=False)
    table = pupil_table(frame, columns, commissioners=commissioners_of([rules_of()], {}))
    assert table.keys.to_list() == ["a"]


@pytest.mark.parametrize("text", ["909", "909=", "=942", ["909=942", "909=943"][0] + ",909=943"])
def test_a_mapping_that_cannot_be_read_is_refused_in_words(text):
    with pytest.raises(ValueError, match=r"must be OLD=NEW|to two codes"):
        mapping_of(text.split(","))


def test_codes_have_the_days_of_the_authorities_that_changed():
    codes = authority_codes()
    assert codes.keys() == local_authorities().keys()
    assert codes[909].last == date(2023, 3, 31)
    assert codes[909].successors == (942, 943)
    assert {one for code in codes.values() for one in code.successors} <= codes.keys()
    for code in codes.values():
        for one in code.successors:
            assert (codes[one].first - code.last).days == 1
    assert not any(country.has(str(code)) for country in countries() for code in codes)


def test_rows_that_do_not_add_are_a_fault_of_the_engine():
    with pytest.raises(NotReconciled):
        RowCounts(3, 1, (RowsApart(Why.other_authority, "201", "City of London", 1),)).reconcile()


CODES = ["942", "943", "201", "660", "Wales", "S12000033", "E06000064"]


@given(st.lists(st.sampled_from(CODES), max_size=30))
def test_law_8_what_is_read_is_valued_or_set_apart_by_reason(codes):
    rules = rules_of()
    table = pupils(["942", *codes])
    counts = table.row_counts
    assert counts.read == 1 + len(codes)
    assert counts.valued == len(table) == 1 + codes.count("942")
    assert counts.read == counts.valued + sum(one.number for one in counts.apart)
    outcome = evaluate(rules, pupils=table).top_ups
    assert outcome.total == counts.valued * 365_000
    numbers = {code: codes.count(code) for code in CODES[1:] if code in codes}
    of_943 = numbers.pop("943", 0) + numbers.pop("E06000064", 0)
    of_wales = numbers.pop("660", 0) + numbers.pop("Wales", 0)
    found = {one.code or one.name: one.number for one in counts.apart}
    expected = {"943": of_943, "Wales": of_wales, "201": numbers.get("201", 0)}
    expected["Scotland"] = numbers.get("S12000033", 0)
    assert found == {name: number for name, number in expected.items() if number}


def test_without_a_year_nothing_is_sorted():
    assert Commissioners().own == frozenset()
    columns = pupil_columns(rules_of(), counting=False)
    frame = records([{"pupil_key": "p", "la": "909", "sen_provision": "E", "band": "A"}])
    assert pupil_table(frame, columns).apart == ()


@pytest.mark.parametrize("new", ["928", "x", ""])
@pytest.mark.parametrize("code", ["909", "XYZ"])
def test_a_wrong_mapping_hides_no_other_mistake_of_its_rows_and_makes_none_of_their_code(code, new):
    """A row of a code that ended was set apart by it, and one of no code refused for that again."""
    rules = rules_of()
    row = {"la": code, "sen_provision": "E", "band": "Z"}
    rows = [row | {"pupil_key": "a"}, row | {"pupil_key": "b", "band": "A"}]
    with pytest.raises(TableRefused) as refused:
        pupil_table(
            records(rows),
            pupil_columns(rules, counting=False),
            commissioners=commissioners_of([rules], {code: new}),
        )
    found = [(one.rule, one.row) for one in refused.value.problems]
    assert ("unknown-label", 2) in found
    about_codes = {"authority-mapping", "authority-not-in-use"} if new else set()
    assert {rule for rule, _ in found} <= {"unknown-label", *about_codes}
