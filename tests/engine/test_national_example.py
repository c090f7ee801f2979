"""The example of one document for all authorities: its file of adjustments, its checks, and what it pays."""

import shutil
from functools import cache

import pytest

from engine.authority_codes import authority_codes
from engine.data import FIXTURES
from engine.errors import RuleRefused
from engine.explain import explain
from engine.lab.atlas.prices import price_cell, tariff_answers
from engine.lab.atlas.top_up_rule import top_up_answers
from engine.rules.compile import compile_rules
from engine.rules.load import digest, load_rule_file, load_rule_set, plain, rule_set_from
from engine.rules.notes import document_notes
from engine.rules.override import override
from engine.rules.paths import Paths
from engine.run import evaluate
from engine.vocabulary import Reason
from tests.builders import pupil, pupil_table

EXAMPLES = FIXTURES / "examples"
FILE = EXAMPLES / "national-by-authority.yaml"
AREA = "band_profile.tariff.area_cost_adjustment"
KENT = f"{AREA}.rows.la:886.value"


@cache
def national():
    """Return the example, read once."""
    return load_rule_file(FILE)


def paid(document, **given):
    record = pupil(**{"sen_provision": "E", "setting": "mainstream", "year_group": 3, **given})
    return evaluate(compile_rules(document), pupils=pupil_table([record], ("A", "B", "C")))


@pytest.fixture
def folder(tmp_path):
    """Return a folder with a copy of the example."""
    for name in (FILE.name, "national-by-authority.csv"):
        shutil.copy(EXAMPLES / name, tmp_path)
    return tmp_path


def refused(folder, **changes):
    """Return the problems of the example with lines of its file replaced."""
    table = folder / "national-by-authority.csv"
    text = table.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    table.write_text(text, encoding="utf-8")
    with pytest.raises(RuleRefused) as caught:
        load_rule_file(folder / FILE.name)
    return [str(one) for one in caught.value.problems]


def test_the_example_has_a_row_for_each_of_153_authorities_and_nothing_to_note():
    area = national().band_profile.tariff.area_cost_adjustment
    assert len(area.rows) == 153
    assert document_notes(national()) == []


def test_its_rows_are_part_of_the_document_and_of_its_digest(folder):
    assert digest(rule_set_from(plain(national()))) == digest(national())
    table = folder / "national-by-authority.csv"
    table.write_text(table.read_text().replace("1.008433", "1.008434"))
    assert digest(load_rule_file(folder / FILE.name)) != digest(national())


def test_a_pupil_of_kent_is_paid_by_the_adjustment_of_kent_and_the_working_says_so():
    outcome = paid(national(), la=886, band="A")
    # 7,300 × 1.008433 = 7,361.56, less the first 6,000
    assert outcome.top_ups.amount.tolist() == [136_156]
    rows = [row for one in explain(outcome, "pupil-1").workings for row in one.rows]
    assert [(row.value, row.standing) for row in rows if row.label == "Area cost adjustment of Kent"] == [
        ("1.008433", "unconfirmed")
    ]  # fmt: skip
    assert rows[0].value == "A"
    assert ("Authority", "886 Kent") in [(row.label, row.value) for row in rows]


def test_first_part_floor_and_cap_are_those_of_the_pupil_s_authority_and_band():
    assert paid(national(), la=202, band="A").top_ups.amount.tolist() == [886_070 - 650_000]
    capped = paid(national(), la=886, band="C", setting="special").top_ups
    assert (capped.amount.tolist(), capped.reason.tolist()) == ([2_350_000], [Reason.cap])
    other = paid(national(), la=202, band="C", setting="special").top_ups
    assert other.amount.tolist() == [2_600_000]


def test_a_what_if_names_the_row_of_an_authority_and_the_published_number_changes_nothing():
    assert KENT in Paths(national()).names
    same = override(national(), [(KENT, "1.008433")])
    assert paid(same, la=886, band="A").top_ups.amount.tolist() == [136_156]
    more = override(national(), [(KENT, "1.1")])
    assert paid(more, la=886, band="A").top_ups.amount.tolist() == [203_000]
    assert (
        paid(more, la=887, band="A").top_ups.amount
        == paid(national(), la=887, band="A").top_ups.amount
    )


def test_authorities_without_a_row_are_counted_and_named_by_the_check(folder):
    table = folder / "national-by-authority.csv"
    lines = table.read_text().splitlines()
    table.write_text("\n".join(one for one in lines if not one.startswith(("202,", "942,"))))
    document = load_rule_file(folder / FILE.name)
    [note] = document_notes(document)
    assert (note.type, note.place, note.example["la"]) == ("no-value", AREA, "202")
    assert note.sentence == (
        f"{AREA} has no value for 2 of 153 authorities: 202 Camden, 942 Cumberland; the amount of their"
        " pupils is not known"
    )
    outcome = paid(document, la=942, band="A").top_ups
    assert (outcome.absent, outcome.reason.tolist()) == (1, [Reason.no_value])
    working = explain(paid(document, la=942, band="A"), "pupil-1")
    assert working.sentence == (
        f"The amount is not known: the rules have no value for this pupil. No row fits in {AREA}."
    )


def test_a_row_of_an_authority_that_is_no_more_is_never_used(folder):
    table = folder / "national-by-authority.csv"
    with table.open("a") as file:
        file.write("909,Cumbria,1.1,,,\n")
    [note] = document_notes(load_rule_file(folder / FILE.name))
    assert (note.type, note.place) == ("unreachable-value", f"{AREA}.rows.la:909")


def test_all_that_is_wrong_in_a_file_is_said_at_once_with_its_rows(folder):
    wrong = {
        "\n202,Camden,1.213794": "\n222,Camden,1.213794",
        "\n886,Kent,1.008433": "\n886,Kent,1.0%",
    }
    found = refused(folder, **wrong)
    assert len(found) == 2
    assert any(
        "national-by-authority.csv, row 3: '222' is not the three-digit code" in one
        for one in found
    )
    assert any(", row 127: must be a plain number" in one for one in found)


@pytest.mark.parametrize(
    ("changes", "meant"),
    [
        ({"la,authority,adjustment,": "la,authority,adjustments,"}, "column not found; its columns of values are"),
        ({"la,authority,": "la_,authority,"}, "unknown column la_ (did you mean la?)"),
    ],
)  # fmt: skip
def test_columns_that_are_not_there_are_refused_with_what_could_be_meant(folder, changes, meant):
    (found,) = refused(folder, **changes)
    assert meant in found


def test_a_file_that_is_not_there_and_a_document_without_its_folder_are_refused(folder):
    (folder / "national-by-authority.csv").unlink()
    with pytest.raises(RuleRefused, match="file not found beside the document"):
        load_rule_file(folder / FILE.name)
    with pytest.raises(RuleRefused, match="is a file beside the document"):
        load_rule_set(FILE.read_text(encoding="utf-8"))


def test_every_code_of_the_file_is_an_authority_s():
    codes = {
        int(code)
        for row in national().band_profile.tariff.area_cost_adjustment.rows
        for code in row.when["la"]
    }
    assert codes <= set(authority_codes())


def test_the_atlas_says_from_what_to_what_a_value_goes_and_never_one_row_for_all():
    rows = [*top_up_answers(compile_rules(national())), *tariff_answers(compile_rules(national()))]
    said = {one.entry.measure: one.cell.value for one in rows}
    assert said["area cost adjustment"] == "1 to 1.213794, by authority (153 rows)"
    assert said["threshold"] == "6000.00 to 6500.00, by authority (2 rows)"
    assert said["floor"] == "12000.00, by band (1 row), otherwise none"
    assert price_cell(compile_rules(national()).top_ups, "B", "special", ()).value == (
        "11000.00 to 16000.00, by setting and phase (3 rows), before area cost adjustment"
    )


def test_rows_with_the_same_conditions_and_no_days_are_refused_as_that(folder):
    again = {"\n886,Kent,": "\n886,Kent,1.02,proposal,proposed,Invented\n886,Kent,"}
    [problem] = refused(folder, **again)
    assert (
        "national-by-authority.csv, row 128: has the same conditions as the row above it; keep one,"
        in problem
    )
