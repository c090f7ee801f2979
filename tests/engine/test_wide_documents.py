"""A document of a megabyte is read or refused in a few seconds, its problems counted and the first worded."""

import pytest

from engine.errors import RuleRefused, TableRefused
from engine.input_file import MOST_DOCUMENT_BYTES
from engine.reading.layout import load_layout
from engine.rules.load import load_rule_set
from engine.rules.override import override
from engine.rules.yaml_source import LONGEST_NAME, MOST_PROBLEMS, read_yaml
from engine.vocabulary import FIXTURES
from engine.yaml_nodes import DEEPEST, MOST_VALUES
from tests.work import counted_work

TOY = (FIXTURES / "rules" / "toy" / "toy-2025-26.yaml").read_text(encoding="utf-8")
TABLE = (FIXTURES / "rules" / "toy" / "toy-table-2025-26.yaml").read_text(encoding="utf-8")
LAYOUT = "about: invented\nsource: invented\ncolumns: {la: LA}\n"

MOST_CALLS = 25_000_000
"""What a megabyte of anything takes, and as much again."""


def lines(form: str, number: int) -> str:
    return "".join(form.format(at) + "\n" for at in range(number))


def with_rows(rows: str) -> str:
    """Return the rules of a decision table with other rows."""
    before, _, rest = TABLE.partition("      rows:\n")
    after = rest[rest.index("  tariff:\n") :]
    ranges = [f'"{100_000 + 2 * at}"' for at in range(980)]
    costs = [f'"{2 * at}"' for at in range(980)]
    start = before[: before.index("      inputs:")].replace("unique", "first")
    widest = f"        - {{when: {{urn: [{', '.join(ranges)}], assessed_cost: [{', '.join(costs)}]}}, band: Hours}}\n"
    return f"{start}      inputs: [urn, assessed_cost]\n      rows:\n{widest}{rows}{after}"


LONG = {
    "unknown fields": f"{TOY}{lines('u{}: 1', 90_000)}",
    "brackets": "[" * 1_000_000,
    "brackets that are closed": "[" * 400_000 + "]" * 400_000,
    "groups within each other": "{a: " * 250_000,
    "lists within each other": "- " * 500_000,
    "indented more and more": "\n".join(f"{' ' * depth}a:" for depth in range(1_400)),
    "questions": "? " * 500_000,
    "a number": f"{TOY}x: {'9' * 1_000_000}\n",
    "a text": f"{TOY}about: {'x' * 1_000_000}\n",
    "a name": f"{TOY}{'x' * 1_000_000}: 1\n",
    "a name of lines": f'{TOY}? "{"x " * 400_000}"\n: 1\n',
    "a comment": f"#{'x' * 1_000_000}",
    "nothing but lines": "\n" * 1_000_000,
    "documents": "--- a\n" * 150_000,
    "aliases": f"{TOY}x: [&a 1{', *a' * 100_000}]\n",
    "bands": TOY.replace("bands: [", f"bands: [{', '.join(f'b{at}' for at in range(100_000))}, "),
    "values": f"{TOY}x: [{'1, ' * 300_000}1]\n",
    "rows that fit all of a large grid": with_rows("        - {band: Hours}\n" * 5_000),
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_megabyte_of_anything_is_refused_in_a_few_seconds_and_lines(text):
    with counted_work() as work, pytest.raises(RuleRefused) as caught:
        load_rule_set(text)
    assert work.calls < MOST_CALLS
    assert len(caught.value.problems) <= MOST_PROBLEMS
    assert max(map(len, map(str, caught.value.problems))) < 1_000


MANY = {
    "unknown fields": (lines("unknown_{}: 1", 10_000), "extra_forbidden"),
    "duplicate fields": (lines("title: {}", 10_000), "duplicate-key"),
    "numbers that are not in quotes": (f"x: [{'1.5, ' * 10_000}]\n", "float"),
    "numbers that are too long": (f"x: [{'1234567890123456789, ' * 10_000}]\n", "digits"),
    "empty fields": (lines("x{}:", 10_000), "empty"),
    "dates that are not in the calendar": (f"x: [{'2025-02-30, ' * 10_000}]\n", "date"),
}


@pytest.mark.parametrize(("text", "rule"), MANY.values(), ids=MANY)
def test_ten_thousand_problems_are_counted_and_the_first_worded(text, rule):
    with pytest.raises(RuleRefused) as caught:
        load_rule_set(f"{TOY}{text}")
    assert caught.value.total == 10_000
    assert len(caught.value.problems) == MOST_PROBLEMS
    assert {problem.rule for problem in caught.value.problems} == {rule}
    assert str(caught.value).endswith("and 9980 more")


def test_a_value_whose_source_is_not_listed_is_counted_however_often_it_is_there():
    values = "".join(
        f"        - {{band: '4', pounds: '{at}', source: none}}\n" for at in range(600)
    )
    text = TOY.replace("    prices:\n", f"    prices:\n{values}", 1)
    with pytest.raises(RuleRefused) as caught:
        load_rule_set(text)
    assert len(caught.value.problems) <= MOST_PROBLEMS


def test_the_bounds_of_a_document_are_where_they_say():
    # The list itself is one.
    assert len(read_yaml(f"[{'a, ' * (MOST_VALUES - 1)}]").value) == MOST_VALUES - 1
    with pytest.raises(RuleRefused, match=rf"at most {MOST_VALUES:,} fields and values"):
        read_yaml(f"[{'a, ' * MOST_VALUES}]")
    deep = DEEPEST - 1
    assert read_yaml(f"{'[' * deep}a{']' * deep}").value
    with pytest.raises(RuleRefused, match="too many levels of nesting"):
        read_yaml(f"{'[' * (deep + 1)}a{']' * (deep + 1)}")
    comment = "#" * (MOST_DOCUMENT_BYTES - len("a: b\n"))
    assert read_yaml(f"a: b\n{comment}").value == {"a": "b"}
    with pytest.raises(RuleRefused, match="a document may have at most 1 MiB"):
        read_yaml(f"a: b\n{comment}#")


def test_a_name_that_is_too_long_for_a_line_is_cut():
    with pytest.raises(RuleRefused) as caught:
        load_rule_set(f"{TOY}{'x' * (LONGEST_NAME + 1)}: 1\n")
    [problem] = caught.value.problems
    assert problem.place == f"{'x' * LONGEST_NAME}…"


WIDE_LAYOUTS = {
    "different fields, each twice": lines("a{}: 1", 7_000) * 2,
    "unknown fields": lines("a{}: 1", 7_000),
    "more fields than may be": lines("a{}: 1", 80_000),
    "brackets": f"x: {'[' * 1_000_000}",
    "codes that are lists": f"values: {{la: {{{', '.join(f'c{at}: []' for at in range(9_000))}}}}}\n",
}


@pytest.mark.parametrize("text", WIDE_LAYOUTS.values(), ids=WIDE_LAYOUTS)
def test_a_layout_is_bounded_as_rules_are(text, tmp_path):
    path = tmp_path / "layout.yaml"
    path.write_text(LAYOUT + text)
    with counted_work() as work, pytest.raises(TableRefused) as caught:
        load_layout(path)
    assert work.calls < MOST_CALLS
    assert len(caught.value.problems) <= MOST_PROBLEMS
    assert max(map(len, map(str, caught.value.problems))) < 3_000
    assert {problem.rule for problem in caught.value.problems} == {"layout"}


def test_a_thousand_values_tried_in_one_place_are_one_problem():
    with counted_work() as work, pytest.raises(RuleRefused) as caught:
        override(load_rule_set(TOY), [(f"no.{at}", "1") for at in range(20_000)] * 2)
    assert work.calls < MOST_CALLS
    assert caught.value.total == 60_000
    assert len(caught.value.problems) == MOST_PROBLEMS
