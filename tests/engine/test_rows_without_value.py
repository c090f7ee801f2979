"""A row of a table of values in a file that has no value is refused; it may say none or not printed, where that holds."""

import pytest

from engine.errors import RuleRefused
from engine.rules.load import load_rule_file
from engine.rules.rows_without_value import BLANK
from tests.banded_document import BASE

CAP = "top_up_rule:\n  cap: {{table: caps.csv, column: cap{more}}}"
OTHERWISE = ", otherwise: none"
NAMES = "la,setting,cap\n"


def rows_of(folder, rows, more=OTHERWISE, names=NAMES):
    """Return the rows of the cap that a file gives, as conditions and values."""
    (folder / "caps.csv").write_text(names + rows, encoding="utf-8")
    document = folder / "rules.yaml"
    document.write_text(BASE.replace("top_up_rule:", CAP.format(more=more)), encoding="utf-8")
    cap = load_rule_file(document).top_up_rule.cap
    return [(dict(row.when), row.value[0].value) for row in cap.rows]


def refusal(folder, rows, more=OTHERWISE, names=NAMES):
    with pytest.raises(RuleRefused) as caught:
        rows_of(folder, rows, more, names)
    return [(one.rule, one.sentence) for one in caught.value.problems]


def test_a_blank_value_is_refused_with_the_words_for_what_it_may_mean(tmp_path):
    found = refusal(tmp_path, "201,,100\n202,,\n203,,300\n")
    assert found == [("no-value", f"caps.csv: row 3 has no value in column 'cap'; {BLANK}")]
    many = "".join(f"{201 + at},,\n" for at in range(9)) + "301,,5\n"
    assert "rows 2, 3, 4, 5, 6 and 4 more have no value" in refusal(tmp_path, many)[0][1]


def test_a_value_that_is_not_printed_is_one_and_none_leaves_the_row_out(tmp_path):
    found = rows_of(tmp_path, "201,,100\n202,,not printed\n203,,none\n")
    assert [value for _, value in found] == ["100", "not printed"]


def test_none_needs_a_table_that_says_what_pupils_without_a_row_have(tmp_path):
    ((rule, sentence),) = refusal(tmp_path, "201,,100\n202,,none\n", more="")
    assert rule == "no-value"
    assert "row 3: none in column 'cap' needs 'otherwise: none'" in sentence


def test_wrong_columns_of_a_file_and_rows_without_value_are_named_together(tmp_path):
    found = refusal(tmp_path, "201,,100\n202,,\n203,,none\n", names="la,seting,cap\n")
    assert [rule for rule, _ in found] == ["table-file", "no-value"]
    assert "unknown column seting (did you mean setting?)" in found[0][1]
    assert "row 3 has no value" in found[1][1]
    found = refusal(tmp_path, "201,,100\n", names="la,seting,capp\n")
    assert [rule for rule, _ in found] == ["table-file", "table-file"]
    assert "column not found" in found[0][1]
    assert "unknown column seting" in found[1][1]


@pytest.mark.parametrize(
    ("rows", "holds"),
    [
        ("202,,none\n,,100\n", False),
        ("202,,none\n,special,100\n", False),
        ("202,special,none\n202,,100\n", False),
        ("202,special,none\n202,special,100\n", False),
        ("202,special,none\n202,mainstream,100\n", True),
        ("202,,none\n203,,100\n", True),
        ("202,,100\n202,,none\n", False),
        (",,100\n202,,none\n", False),
        ("202,,100\n202,special,none\n", False),
        ("202,special,100\n202,,none\n", True),
    ],
)
def test_none_holds_only_where_no_other_row_gives_the_same_pupils_a_value(tmp_path, rows, holds):
    if holds:
        assert [value for _, value in rows_of(tmp_path, rows)] == ["100"]
        return
    ((_, sentence),) = refusal(tmp_path, rows)
    assert "does not hold, as another row gives the same pupils a value" in sentence
