"""All mistakes of a rule document are named at once: none hides another, and nothing else is said."""

import copy
import re
from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import RuleRefused
from engine.rules.load import load_rule_file, load_rule_set, rule_set_from
from engine.rules.yaml_source import read_yaml
from tests import banded_document
from tests.banded_document import with_changes
from tests.plain_words import fault_of
from tests.rule_library import RULE_FILES

RAW = {name: read_yaml(path.read_text(encoding="utf-8")).value for name, path in RULE_FILES.items()}
AMOUNTS = {"unit_value", "pounds", "notional_percent", "percent", "value", "pounds_each", "salary"}
CODES = {"standing", "presence", "counts", "pattern", "hit_policy", "year_kind"}
MONEY = ["£14,600", "14,600", "5%", "1e3"]


def leaves(part, path=()):
    """Yield the place and the value of everything that is no group and no list."""
    if isinstance(part, dict):
        for name, one in part.items():
            yield from leaves(one, (*path, name))
    elif isinstance(part, list):
        for at, one in enumerate(part):
            yield from leaves(one, (*path, at))
    else:
        yield path, part


def mistakes(document):
    """Return places of a document with what is certainly wrong there."""
    found = []
    for path, value in leaves(document):
        name = path[-1]
        if name in AMOUNTS and isinstance(value, str):
            found += [(path, wrong) for wrong in (*MONEY, 12.5, 3650)]
        elif isinstance(value, date):
            found += [(path, wrong) for wrong in ("31/03/2026", 2025)]
        elif name in CODES:
            found.append((path, "surprise"))
        elif name == "source":
            found.append((path, "nowhere"))
    found += [((*path, "surprise"), "x") for path in groups(document)]
    return found


def groups(document):
    """Yield the groups whose fields the format names."""
    yield ()
    for name in ("effective", "top_up_rule", "band_profile", "schools_formula", "targeted_funding"):
        if name in document:
            yield (name,)
    for at, _ in enumerate(document.get("band_profile", {}).get("tariff", {}).get("prices", [])):
        yield ("band_profile", "tariff", "prices", at)


def spoilt(document, chosen):
    document = copy.deepcopy(document)
    for path, wrong in chosen:
        part = document
        for name in path[:-1]:
            part = part[name]
        part[path[-1]] = wrong
    return document


def refusal(document):
    with pytest.raises(RuleRefused) as caught:
        load_rule_set(yaml.safe_dump(document, allow_unicode=True, sort_keys=False))
    return caught.value


def are_apart(paths):
    return not any(one != other and one == other[: len(one)] for one in paths for other in paths)


@given(st.sampled_from(sorted(RAW)), st.data())
def test_refusals_name_the_cause_all_mistakes_of_a_document_at_once_and_no_other(name, data):
    document = RAW[name]
    options = st.sampled_from(mistakes(document))
    chosen = data.draw(
        st.lists(options, min_size=2, max_size=4, unique_by=lambda one: one[0]).filter(
            lambda them: are_apart([path for path, _ in them])
        )
    )
    problems = refusal(spoilt(document, chosen)).problems
    assert {one.place for one in problems} == {".".join(map(str, path)) for path, _ in chosen}
    assert len(problems) == len(chosen)
    lines = [one.line for one in problems]
    assert lines == sorted(lines)
    assert all(fault_of(one.sentence) is None for one in problems)


BASE = with_changes(
    banded_document.BASE,
    ('    modifiers:\n      - {label: More, band: B, pounds: "100"}\n', ""),
    ("  calendar:", '  threshold: {pounds: "6000", inside: false}\n  calendar:'),
)


def said(*changes):
    """Return each problem of the document with some of its text changed: line, place and sentence."""
    text = with_changes(BASE, *changes)
    with pytest.raises(RuleRefused) as caught:
        load_rule_set(text)
    found = [(one.line, one.place, one.sentence) for one in caught.value.problems]
    assert all(fault_of(sentence) is None for *_, sentence in found), found
    return found


def test_money_as_people_write_it_is_refused_each_in_its_own_words():
    found = said(
        ('pounds: "3650"', "pounds: 3650"),
        ('pounds: "7300"', "pounds: 7,300"),
        ('"14600"', '"£14,600"'),
    )
    assert [line for line, *_ in found] == [18, 19, 20]
    assert [place for _, place, _ in found] == [
        f"band_profile.tariff.prices.{at}.pounds" for at in range(3)
    ]
    assert "in quotes" in found[0][2]
    assert found[1][2].endswith('in quotes without one: "7300"')
    assert "pound sign" in found[2][2]


def test_one_wrong_date_hides_nothing():
    found = said(
        ("{first: 2025-04-01, last: 2026-03-31}\nstanding", "{first: 2025-04-31, last: 2026-03-31}\nstanding"),
        ("{source: page}", "{source: pagge}"), ("{band: B,", "{band: D,"), ("inside: false", "inside: maybe"),
        ("    source: page\n", "    source: leaflet\n"),
    )  # fmt: skip
    assert [(line, place) for line, place, _ in found] == [
        (7, "effective.first"), (12, "provenance.source"), (19, "band_profile.tariff.prices.1.band"),
        (23, "top_up_rule.threshold.inside"), (25, "top_up_rule.calendar.source"),
    ]  # fmt: skip


def test_what_values_take_from_above_is_said_once_where_it_is_written():
    assert [place for _, place, _ in said(("{source: page}", "{source: Page 1}"))] == [
        "provenance.source"
    ]
    assert [
        place for _, place, _ in said(("standing: proposed\nabout", "standing: propsed\nabout"))
    ] == ["standing"]
    assert [
        place
        for _, place, _ in said(
            ("effective: {first: 2025-04-01", "effective: {first: 1 April 2025")
        )
    ] == ["effective.first"]


def test_a_wrong_row_adds_nothing_that_is_untrue_of_the_file():
    found = said(
        ('{band: A, pounds: "3650"}', "{band: A}"),
        ('{band: B, pounds: "7300"}', '{band: B, punds: "7300"}'),
    )
    assert [(line, place) for line, place, _ in found] == [
        (18, "band_profile.tariff.prices.0"), (19, "band_profile.tariff.prices.1.punds"),
    ]  # fmt: skip
    assert "did you mean pounds?" in found[1][2]


def test_a_gap_in_the_bands_is_named_beside_other_mistakes():
    points = "{points: {steps: [{band: A, from: 0, to: 5}, {band: B, from: 8, to: 9}, {band: C, from: 10, to: 12}]}}"
    found = said(
        ("{label_given: true}", points),
        ("inside: false", "inside: 1"),
        ("format: evenband-rules/1", "format: 1"),
    )
    assert [place for _, place, _ in found] == [
        "format", "band_profile.assignment.points.steps", "top_up_rule.threshold.inside"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("condition", "meant"), [("dla: [true]", "conditions read sen_provision"), ("primary_ned: [ASD]", "did you mean primary_need?"),
                             ('la: ["202"]', "tables of values alone")],
)  # fmt: skip
def test_a_condition_on_no_column_of_the_rules_is_refused_once(condition, meant):
    ((line, place, sentence),) = said(("{sen_provision: [E]}", f"{{{condition}}}"))
    assert (line, place) == (22, f"top_up_rule.pays_when.{condition.partition(':')[0]}")
    assert meant in sentence


def test_a_code_or_range_that_no_pupil_can_have_is_named_at_its_line_beside_other_mistakes():
    """Conditions were read last, without lines: one of who is paid hid those of prices, and any other mistake hid all."""
    found = said(
        ("2026-03-31}\nstanding", "2026-02-30}\nstanding"),
        ('{band: A, pounds: "3650"', '{band: A, when: {primary_need: [ASC]}, pounds: "£3650"'),
        ("{band: B,", '{band: B, when: {support_hours: ["20-10"]},'),
        ("[E]", "[F]"),
    )  # fmt: skip
    assert [(line, place) for line, place, _ in found] == [
        (7, "effective.last"),
        (18, "band_profile.tariff.prices.0.pounds"),
        (18, "band_profile.tariff.prices.0.when.primary_need"),
        (19, "band_profile.tariff.prices.1.when.support_hours"),
        (22, "top_up_rule.pays_when.sen_provision"),
    ]
    ((line, place, sentence),) = said(("[E]", "[F]"))
    assert (line, place) == (22, "top_up_rule.pays_when.sen_provision")
    assert sentence == "'F' is not a code of sen_provision; the codes are N, K, E"


def test_a_list_in_place_of_a_group_is_answered_with_the_group_s_fields():
    wrong = '[{pounds: "6000", inside: false}, {pounds: "10000", inside: true}]'
    ((_, place, sentence),) = said(('{pounds: "6000", inside: false}', wrong))
    assert place == "top_up_rule.threshold"
    assert "pounds, inside, settings" in sentence


def test_a_quotation_mark_that_is_not_closed_is_named_where_it_opens():
    ((line, _, sentence),) = said(('"3650"', "'3650"))
    assert (line, "quotation mark" in sentence) == (18, True)


def test_a_document_in_another_encoding_is_refused_at_its_line(tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_bytes(BASE.replace("Three bands.", "Three bands, £5.").encode("cp1252"))
    with pytest.raises(RuleRefused) as caught:
        load_rule_file(path)
    assert [str(one) for one in caught.value.problems] == [
        "line 9: is not UTF-8 text; save the file as UTF-8"
    ]


def test_a_band_named_twice_is_said_at_the_second():
    ((line, place, _),) = said(("bands: [A, B, C]", "bands: [A, B, C, B]"))
    assert (line, place) == (14, "band_profile.bands.3")


def test_units_of_a_rate_an_hour_are_answered_with_the_fraction_that_says_them():
    ((_, _, sentence),) = said(
        ('pounds: "3650"', 'units: "1.5", each: hours'),
        ("    prices:", '    unit_value: "4.24"\n    prices:'),
    )
    assert 'fraction: "3/2"' in sentence


@pytest.mark.parametrize("field", ["pot", "gains_percent", "cap", "shared_in_group", "surprise"])
def test_a_field_that_the_format_does_not_have_is_called_unknown(field):
    ((_, place, sentence),) = said(("    prices:", f'    {field}: "1"\n    prices:'))
    assert place == f"band_profile.tariff.{field}"
    assert sentence.startswith("unknown field")


@pytest.mark.parametrize(
    ("written", "rule"),
    [("*p", "alias"), ("~", "empty"), ("null", "empty"), ("1e3", "in quotes"), ("0o17", "plain number"),
     ("0650", "in quotes"), ("12:30", "plain number"), ("yes", "plain number"), ("on", "plain number"),
     ("true", "in quotes"), ("2025-04-01", "in quotes"), ("1_000", "plain number"), (".inf", "in quotes"),
     ("0x1F", "plain number"), ("[1]", "group of named fields"), ("!!int 3", "in quotes")],
)  # fmt: skip
def test_what_yaml_may_read_as_something_else_is_refused_where_money_is_meant(written, rule):
    found = said(('pounds: "3650"', f"pounds: {written}"), ("page: {title", "page: &p {title"))
    assert {line for line, *_ in found} == {18}, found
    assert rule in " ".join(sentence for *_, sentence in found), found


def test_the_same_mistakes_in_plain_values_are_named_at_once_too():
    document = yaml.safe_load(re.sub(r"(\d{4}-\d\d-\d\d)", r"'\1'", BASE))
    stated = {"source": "page", "from": "2025-04-01", "standing": "proposed"}
    document |= {"provenance": stated, "year_kind": None, "version": "1"}
    document["band_profile"]["tariff"]["prices"][1] = {"band": "D", "pounds": "£1"}
    with pytest.raises(RuleRefused) as caught:
        rule_set_from(document)
    assert {one.place for one in caught.value.problems} == {
        "year_kind", "version", "band_profile.tariff.prices.1.pounds", "band_profile.tariff.prices.1.band"
    }  # fmt: skip


def test_what_compiling_would_refuse_next_is_named_beside_other_mistakes():
    found = said(
        ("    periods:", "    parts: {number: 3, part: term}\n    periods:"), ('"7300"', '"£7300"'),
    )  # fmt: skip
    assert [place for _, place, _ in found] == [
        "band_profile.tariff.prices.1.pounds",
        "top_up_rule.calendar.parts",
    ]
