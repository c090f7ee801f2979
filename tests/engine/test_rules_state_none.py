"""A rule document states in which columns a blank means none, for every table that it values."""

import json

import polars as pl
import pytest
from typer.testing import CliRunner

import evenband as eb
from app.cli import app
from engine.errors import RuleRefused
from engine.reading import pupil_table, school_table
from engine.rules.compile import compile_rules, pupil_columns, pupil_reads
from engine.rules.load import digest, load_rule_set
from engine.run import evaluate
from engine.vocabulary import SecondaryNeed
from tests.banded_document import BASE, refusals
from tests.engine.test_last_year import rules_of

MORE = "{label: More, band: B, pounds"
SUPPLEMENT = BASE.replace(MORE, "{label: More, when: {secondary_need: [HI]}, pounds")
STATED = SUPPLEMENT.replace("about:", "blank_means_none: [secondary_need, prior_budget]\nabout:")
PUPILS = "pupil_key,la,band,sen_provision,secondary_need\na,202,A,E,HI\nb,202,A,E,\nc,202,A,E,x\n"
PAID = ["3750.00", "3650.00", None]


@pytest.fixture
def files(tmp_path):
    (tmp_path / "rules.yaml").write_text(STATED)
    (tmp_path / "plain.yaml").write_text(SUPPLEMENT)
    (tmp_path / "pupils.csv").write_text(PUPILS)
    return tmp_path


def test_a_blank_means_none_where_the_rules_state_it_and_a_symbol_still_does_not():
    rules = compile_rules(load_rule_set(STATED))
    frame = pl.read_csv(PUPILS.encode(), infer_schema=False)
    table = pupil_table(frame, pupil_columns(rules, counting=False))
    assert table.columns["secondary_need"].tolist()[1] == SecondaryNeed.none
    assert str(table.notices[0]).startswith("pupils: 1 cell is not supplied")
    assert "1 cell is blank, which means none as was stated (secondary_need 1)" in str(
        table.notices
    )
    outcome = evaluate(rules, None, table).top_ups
    assert outcome.absent == 1


def test_a_new_school_is_known_by_its_blanks_where_the_rules_state_it():
    rules = rules_of()
    wanted = rules.wanted.__class__(
        rules.wanted.required, rules.wanted.known, blank_means_none=frozenset({"prior_budget"})
    )
    record = {
        "urn": "900001",
        "phase": "primary",
        "units_basic": "100",
        "prior_budget": "",
        "prior_pupils": "",
    }
    table = school_table(pl.DataFrame([record]), wanted)
    assert evaluate(rules, table).notional.protection_absent.tolist() == [0]


def test_the_statement_is_in_the_digest_and_a_document_without_it_keeps_its_own():
    plain, stated = load_rule_set(SUPPLEMENT), load_rule_set(STATED)
    assert digest(plain) != digest(stated)
    assert digest(
        load_rule_set(SUPPLEMENT.replace("about:", "blank_means_none: []\nabout:"))
    ) == digest(plain)


def test_the_list_of_what_is_read_says_what_a_blank_means():
    reads = pupil_reads(compile_rules(load_rule_set(STATED)), counting=False)
    [blank] = {one.blank for one in reads if one.column == "secondary_need"}
    assert blank == "none, as the rules state (blank_means_none)"


def test_command_and_python_read_a_table_as_the_rules_state_it(files):
    out = files / "out.json"
    command = [
        "value",
        "--rules",
        files / "rules.yaml",
        "--pupils",
        files / "pupils.csv",
        "--detail",
        "pupils",
        "--out",
        out,
    ]
    ran = CliRunner().invoke(app, list(map(str, command)))
    assert ran.exit_code == 0, ran.output
    assert "1 cell is blank, which means none as was stated (secondary_need 1)" in ran.stderr
    assert [row["top_up"] for row in json.loads(out.read_text())] == PAID
    manifest = json.loads((files / "out.json.manifest.json").read_text())
    [read] = [one for one in manifest["inputs"] if one["part"] == "pupils"]
    assert read["blank_means_none"] == ["prior_budget", "secondary_need"]
    rules = eb.read_rules(files / "rules.yaml")
    with pytest.warns(UserWarning, match="1 cell is not supplied"):
        pupils = eb.read_pupils(files / "pupils.csv", rules)
    assert "which means none as was stated (secondary_need 1)" in " ".join(pupils.notices)
    paid = eb.value(rules, pupils=pupils).to_polars("pupils")["top_up"].to_list()
    assert [None if one is None else str(one) for one in paid] == PAID


def test_what_any_of_the_rules_of_a_table_states_counts_for_it(files):
    plain, stated = (eb.read_rules(files / name) for name in ("plain.yaml", "rules.yaml"))
    with pytest.warns(UserWarning, match="1 cell is not supplied"):
        pupils = eb.read_pupils(files / "pupils.csv", plain, stated)
    paid = eb.value(plain, pupils=pupils).to_polars("pupils")["top_up"].to_list()
    assert [None if one is None else str(one) for one in paid] == PAID


def test_a_column_without_a_word_for_none_is_refused_at_its_line():
    found = refusals(
        ("about:", "blank_means_none: [secondary_need, band, nothing, secondary_need]\nabout:")
    )
    assert [(line, place) for line, place, _ in found] == [
        (9, f"blank_means_none.{at}") for at in (1, 2, 3)
    ]
    sentences = [sentence for *_, sentence in found]
    assert sentences[0].startswith("band has no word for none; the columns are ")
    assert sentences[1].startswith("nothing is an unknown column; the columns are ")
    assert sentences[2] == "duplicate; name each column once"
    with pytest.raises(RuleRefused, match="blank_means_none: must be a list"):
        load_rule_set(BASE.replace("about:", "blank_means_none: secondary_need\nabout:"))
