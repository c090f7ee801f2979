"""The names to copy are those that the service takes: every line, band and code of a rule set."""

import re
from html import unescape

import pytest

from app.pages.names import names_of
from engine.columns import SCHOOL_COLUMNS, pupil_column
from engine.vocabulary import Need, SchoolPhase, SenProvision, Setting
from tests import rule_library

PREFIXES = ("units_", "amount_")


@pytest.fixture(scope="module")
def compiled():
    """Give the rules of every published document."""
    return [rule_library.compiled(name) for name in rule_library.RULE_FILES]


def listed(rules):
    return {kind.title: [one.name for one in kind.names] for kind in names_of(rules)}


def test_every_line_of_every_formula_is_named_once(compiled):
    lines = 0
    for rules in compiled:
        if rules.formula is None:
            assert "Columns for schools" not in listed(rules)
            continue
        names = listed(rules)
        columns, alone = names["Columns for schools"], names.get("Lines without a column", [])
        named = [name.split("_", 1)[1] for name in columns if name.startswith(PREFIXES)]
        expected = [line.name for line in rules.formula.lines]
        assert sorted([*named, *alone]) == sorted(expected)
        assert set(columns) - set(SCHOOL_COLUMNS) <= rules.wanted.known
        assert names["Codes of phase"]
        lines += len(named)
    assert lines > 300


def test_every_band_is_named_and_the_codes_that_its_columns_take(compiled):
    for rules in compiled:
        if rules.top_ups is None:
            continue
        names = listed(rules)
        assert names["Bands"] == list(rules.top_ups.labels)
        assert all(pupil_column(name) for name in names["Columns for pupils"])
        assert names["Codes of primary_need"] == list(Need.__members__)
        assert names["Codes of setting"] == list(Setting.__members__)
        assert names["Codes of sen_provision"] == list(SenProvision.__members__)


def test_codes_of_one_number_keep_their_own_words(compiled):
    words = {
        (kind.title, one.name): one.means
        for rules in compiled
        for kind in names_of(rules)
        for one in kind.names
    }
    assert words["Codes of primary_need", "SPLD"] == "Specific learning difficulty"
    assert words["Codes of setting", "mainstream"] == "Mainstream"
    assert words["Codes of setting", "sen_unit"] == "SEN unit"
    assert words["Codes of sen_provision", "K"] == "SEN support"
    assert words["Codes of phase", SchoolPhase.all_through.name] == "All-through"


def test_a_page_shows_each_name_as_text_that_is_copied_whole(client, compiled):
    for rules in compiled:
        page = client.get(f"/rules/{rules.document.identifier}").text
        shown = [
            unescape(re.sub("<wbr>", "", text))
            for text in re.findall(r"<code class=\"app-code\" data-copy>(.*?)</code>", page)
        ]
        assert shown == [name for names in listed(rules).values() for name in names]
        rows = re.findall(r"<pre [^>]*data-copy=\"all\">(.*?)</pre>", page)
        assert [unescape(row) for row in rows] == [
            kind.row for kind in names_of(rules) if kind.headings
        ]


def test_the_row_of_headings_makes_a_table_that_the_service_takes(client):
    page = client.get("/rules/toy-points-2025-26").text
    headings = unescape(re.search(r"<pre [^>]*>(.*?)</pre>", page)[1]).split("\t")
    record = dict.fromkeys(headings)
    given = {"pupil_key": "one", "la": "894", "points": 12}
    body = {"rule_set": "toy-points-2025-26", "pupils": [{**record, **given}]}
    answer = client.post("/v1/what-ifs/top-ups", json=body)
    assert answer.status_code == 200, answer.text
