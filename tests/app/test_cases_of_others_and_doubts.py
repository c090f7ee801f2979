"""Tables of cases are read as tables are: rows of other authorities set apart, codes by their days, figures questioned."""

import pytest
from typer.testing import CliRunner

import evenband as eb
from app.cli import app
from engine.errors import TableRefused

TELFORD, NORTHUMBERLAND = "telford-and-wrekin-2025-26", "northumberland-2025-26"
OWN = {"la": "894", "sen_provision": "E", "setting": "mainstream", "band": "12"}
OTHER = {**OWN, "la": "893", "band": "any word"}
SCHOOL = {"phase": "primary", "units_basic_entitlement_primary": "210"}


def of_python(rules, cases, tmp_path, client, **more):
    (report,) = eb.try_cases(eb.read_rules(rules), cases, **more).reports["cases"]
    return report.counts, report.notices


def of_api(rules, cases, tmp_path, client, **more):
    answer = client.post(
        "/v1/what-ifs/cases", json={"rule_set": rules, "cases": cases, **more}
    ).json()
    (table,) = answer["tables"]
    return {name: one for name, one in table.items() if isinstance(one, int)}, table["notices"]


def of_command(rules, cases, tmp_path, client, **more):
    file = tmp_path / "cases.csv"
    names = list(dict.fromkeys(name for one in cases for name in one))
    lines = [",".join(names), *(",".join(one.get(name, "") for name in names) for one in cases)]
    file.write_text("\n".join(lines), encoding="utf-8")
    options = ["--other-authorities", more["other_authorities"]] if more else []
    answer = CliRunner().invoke(app, ["rules", "test", rules, str(file), *options])
    assert answer.exit_code in {0, 1}, answer.output
    counts = {"set_apart": 0}
    for words in ("as expected", "different", "set apart"):
        before = answer.stdout.rpartition(f" {words}")[0]
        if before:
            counts[words.replace(" ", "_")] = int(before.split()[-1])
    return counts, answer.stderr.splitlines()


WAYS = {"Python": of_python, "API": of_api, "command": of_command}


@pytest.mark.parametrize("way", WAYS)
def test_cases_of_another_authority_are_set_apart_and_said(way, tmp_path, client):
    cases = [{**OTHER, "paid": "1.00"}, {**OWN, "paid": "4179.40"}]
    counts, said = WAYS[way](TELFORD, cases, tmp_path, client)
    assert (counts["as_expected"], counts["different"], counts["set_apart"]) == (1, 0, 1)
    assert any("1 set apart: 1 of 893 (Shropshire), another authority's" in one for one in said)


@pytest.mark.parametrize("way", WAYS)
def test_they_are_valued_where_that_is_stated(way, tmp_path, client):
    cases = [{**OTHER, "band": "9", "paid": "1044.85"}, {**OWN, "paid": "4179.40"}]
    counts, _ = WAYS[way](TELFORD, cases, tmp_path, client, other_authorities="valued")
    assert (counts["as_expected"], counts["set_apart"]) == (2, 0)


@pytest.mark.parametrize("way", WAYS)
def test_figures_of_cases_that_may_be_wrong_are_questioned_by_their_row(way, tmp_path, client):
    cases = [
        {**SCHOOL, "units_fsm6_primary": "48", "expected_pupils": "210"},
        {**SCHOOL, "units_fsm6_primary": "500", "expected_pupils": "210"},
    ]
    counts, said = WAYS[way](NORTHUMBERLAND, cases, tmp_path, client)
    assert counts["as_expected"] == 2
    (found,) = [one for one in said if "500 is more than the school's 210 primary pupils" in one]
    assert f"check: row {3 if way == 'command' else 2}: " in found


def test_a_question_names_the_row_of_the_table_though_another_row_is_refused():
    cases = [
        {**SCHOOL, "units_fsm6_primary": "many", "expected_pupils": "210"},
        {**SCHOOL, "units_fsm6_primary": "500", "expected_pupils": "210"},
    ]
    (report,) = eb.try_cases(eb.read_rules(NORTHUMBERLAND), cases).reports["cases"]
    first = report.results[0].row
    assert report.cases_different == 1
    said = [one for one in report.notices if "500 is more than the school's" in one]
    assert [one.split(": ")[1] for one in said] == [f"row {first + 1}"]


def test_a_table_of_cases_of_which_no_row_is_the_rules_own_is_refused_with_the_way_out():
    with pytest.raises(TableRefused, match='other_authorities="valued"'):
        eb.try_cases(eb.read_rules(TELFORD), [{**OTHER, "paid": "1.00"}])


def test_a_row_that_is_refused_is_a_result_though_all_others_are_set_apart():
    cases = [{**OWN, "band": "99", "paid": "refused"}, {**OTHER, "paid": "1.00"}]
    (report,) = eb.try_cases(eb.read_rules(TELFORD), cases).reports["cases"]
    assert report.counts == {
        "cases": 2, "as_expected": 1, "different": 0, "nothing_expected": 0, "set_apart": 1,
    }  # fmt: skip
    assert any(
        "no row is of the rules' authority" in one and "893 (Shropshire)" in one
        for one in report.notices
    )


def test_a_table_of_cases_without_authorities_is_of_the_rules_own():
    case = {name: one for name, one in OWN.items() if name != "la"}
    (report,) = eb.try_cases(eb.read_rules(TELFORD), [{**case, "paid": "4179.40"}]).reports["cases"]
    assert (report.cases_as_expected, report.set_apart) == (1, 0)
