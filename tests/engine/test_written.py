"""What people write in YAML is read as they meant it, or refused with its line."""

from datetime import date

import pytest

from engine.errors import RuleRefused
from engine.rules.yaml_source import read_yaml


def refusals(text):
    with pytest.raises(RuleRefused) as caught:
        read_yaml(text)
    return [(one.rule, one.line) for one in caught.value.problems]


def test_numbers_in_quotes_stay_text_to_the_last_digit():
    assert read_yaml('value: "4404.50"').value == {"value": "4404.50"}


def test_whole_numbers_days_and_flags_are_read_as_such():
    text = "version: 2\nfirst: 2025-04-01\ninside: true\npays: false"
    assert read_yaml(text).value == {
        "version": 2,
        "first": date(2025, 4, 1),
        "inside": True,
        "pays": False,
    }


@pytest.mark.parametrize("word", ["yes", "no", "on", "off", "N", "Y", "NO"])
def test_a_word_that_some_take_for_a_flag_stays_a_word(word):
    assert read_yaml(f"code: {word}").value == {"code": word}


@pytest.mark.parametrize("number", ["0.05", "4404.", ".5", "1e5", "007", "-.5", ".inf"])
def test_a_number_that_would_pass_through_a_float_is_refused_with_its_line(number):
    assert refusals(f"about: text\nvalue: {number}") == [("float", 2)]


def test_the_refusal_of_a_float_shows_how_to_write_it():
    with pytest.raises(RuleRefused) as caught:
        read_yaml("value: 0.05")
    assert str(caught.value) == 'line 1: value: must be in quotes, as a plain number such as "12.5"'


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        pytest.param("a: 1\nb: 2\na: 3", "duplicate-key", 3, id="a key that stands twice"),
        pytest.param("a: &x {b: 1}\nc: *x", "alias", 2, id="a value that is written elsewhere"),
        pytest.param("a: 1\n<<: {b: 2}", "key", 2, id="a merge of two mappings"),
        pytest.param("a: 1\n[b, c]: 2", "key", 2, id="a key that is not a word"),
        pytest.param("a: 1\nb:", "empty", 2, id="a key without a value"),
        pytest.param("a: ~", "empty", 1, id="a sign for nothing"),
        pytest.param("a: 2025-02-30", "date", 1, id="a day that is not in the calendar"),
        pytest.param("a: 1\n  b: 2", "yaml", 2, id="a line that does not stand where it should"),
        pytest.param("a: 1\n---\nb: 2", "yaml", None, id="two documents"),
        pytest.param("", "yaml", None, id="no document"),
        pytest.param("# only a comment", "yaml", None, id="a comment and no document"),
        pytest.param("a: \x07", "yaml", 1, id="a character that cannot be printed"),
    ],
)
def test_is_refused(text, rule, line):
    assert (rule, line) in refusals(text)


def test_every_problem_of_the_writing_is_named_at_once():
    text = "a: 0.1\nb:\nc: 1\nc: 2\nd: [x, 0.2]"
    assert refusals(text) == [("float", 1), ("empty", 2), ("duplicate-key", 4), ("float", 5)]


def test_a_place_without_a_line_has_the_line_of_what_holds_it():
    written = read_yaml("a: 1\nb:\n  c:\n    - d: 2\n    - e: 3")
    assert written.line_of(("b", "c", 1, "e")) == 5
    assert written.line_of(("b", "c", 1, "left", "out")) == 5
    assert written.line_of(("b", "left")) == 2
    assert written.line_of(("left",)) == 1
