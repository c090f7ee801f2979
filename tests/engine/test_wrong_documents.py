"""Every field of every document, given something wrong: what is said is plain, and names the place."""

import re

import pytest
import yaml

from engine.errors import RuleRefused, TableRefused
from engine.reading.layout import Layout, load_layout
from engine.rules.load import MOST_PROBLEMS, json_schema, load_rule_set, plain, rule_set_from
from engine.rules.values import DatedValue
from engine.rules.yaml_source import EMPTY
from tests.builders import rule_set
from tests.plain_words import WRONG, certainly_wrong, example_of, fault_of, fields, with_value
from tests.storm_size import in_turn

RULES = json_schema()
GIVEN = DatedValue.model_json_schema(by_alias=True)
DATED = [{"type": "string"}, {"additionalProperties": {"type": "string"}, "type": "object"}]
"""How the schema writes the short and the long form of a value."""


def rule_fields():
    """Return every field of a rule document once for each place that words it differently."""
    found, seen = [], {}
    for path, forms in fields(RULES, RULES["$defs"]):
        is_value = all(form in forms for form in DATED)
        if path[-1] != 0 and is_value:
            found += [((*path, name), inner) for (name,), inner in fields(GIVEN, GIVEN["$defs"])]
        # A line of one phase is a line of every other: two of them say all.
        kind = (path[-1], path[-2] if len(path) > 1 else "", str(forms)[:200])
        seen[kind] = seen.get(kind, 0) + 1
        if seen[kind] <= 2:
            found.append((path, forms))
    return found


FIELDS = rule_fields()


def base():
    """Return what a rule document must have, and no parts."""
    return example_of(RULES, RULES["$defs"])


def problems(document, *, as_text=False):
    """Return what is wrong with a rule document, read as plain values or as the text of a file."""
    read = load_rule_set if as_text else rule_set_from
    with pytest.raises(RuleRefused) as caught:
        read(yaml.safe_dump(document, allow_unicode=True) if as_text else document)
    assert fault_of(str(caught.value).replace("\u00a7 wrong", "")) is None, str(caught.value)
    return caught.value.problems


def dotted(path):
    return ".".join(map(str, path))


def test_the_schema_is_walked_whole():
    assert len(FIELDS) > 200
    assert {path[0] for path, _ in FIELDS} == set(RULES["properties"])


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_of_a_rule_document_is_refused_in_plain_words_at_its_place(name):
    for path, forms in [field for field, met in in_turn(FIELDS, list(WRONG), 3) if met == name]:
        as_text = name == "integer"
        found = problems(with_value(base(), path, WRONG[name]), as_text=as_text)
        assert not as_text or all(one.line for one in found), path
        if certainly_wrong(name, forms):
            here = [one for one in found if (one.place or "").startswith(dotted(path[:-1]))]
            assert here, (path, [str(one) for one in found])


def test_an_unknown_field_is_named_with_what_could_be_meant():
    for path, forms in FIELDS:
        if not any("properties" in form for form in forms):
            continue
        where = dotted((*path, "surprise"))
        (found,) = [
            one
            for one in problems(with_value(base(), (*path, "surprise"), "x"))
            if one.place == where
        ]
        assert re.match("unknown field; (did you mean|the fields here are) ", found.sentence), where


def test_a_misspelt_field_is_answered_with_its_spelling():
    wrong = with_value(base(), ("schools_formula", "factor"), {})
    assert "schools_formula.factor: unknown field; did you mean factors?" in " ".join(
        map(str, problems(wrong))
    )


def test_a_field_left_out_is_named():
    for path, forms in FIELDS:
        for form in forms:
            if required := form.get("required"):
                found = problems(with_value(base(), path, {}))
                missed = {one.place for one in found if one.sentence}
                assert {dotted((*path, name)) for name in required} <= missed, path


@pytest.mark.parametrize("name", ["Bad Name", "x" * 200, "_", "\u00a7", "1"])
def test_a_name_that_an_author_chooses_is_refused_in_plain_words(name):
    for path, forms in FIELDS:
        if any(isinstance(form.get("additionalProperties"), dict) for form in forms):
            problems(with_value(base(), (*path, name), "x"))


SPELT = [
    ("5%", "no percent sign"), ("1,200", "comma"), ("£140000", "pound sign"), ("1e3", "plain number"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "said"), SPELT)
def test_a_number_as_people_write_it_is_answered_with_how_to_write_it(value, said):
    path = ("top_up_rule", "threshold", "pounds")
    found = {one.place: one.sentence for one in problems(with_value(base(), path, value))}
    assert said in found[dotted(path)]


def layout_problems(tmp_path, document):
    path = tmp_path / "layout.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    with pytest.raises(TableRefused) as caught:
        load_layout(path)
    return caught.value.problems


def test_a_wrong_layout_is_refused_in_plain_words_at_its_place(tmp_path):
    schema = Layout.model_json_schema()
    whole = example_of(schema, {})
    for path, forms in fields(schema, {}):
        for name, value in WRONG.items():
            if name in {"array", "object"} and certainly_wrong(name, forms):
                found = layout_problems(tmp_path, with_value(whole, path, value))
                assert [one for one in found if (one.place or "").startswith(dotted(path))], path
                assert all(fault_of(one.sentence) is None for one in found), found


TORN = [
    "a: [1", "a: b: c", "\t- a", "a: 'x", "b: *y", "%YAML 3\n", "{a: 1", "- a\nb: 2", 'a: "\\q"',
    "@a: 1", "a: |x\n", "a:\n\t- b", "\x07", "--- 1\n--- 2", "", "a: 1\na: 2", "a: ~", "a: 1.5",
    "? [a]\n: b", "a: 2025-13-01", "[" * 3_000, "a: &x 1\nb: *x", "3", "- 1", "a: !!python/none x",
]  # fmt: skip


@pytest.mark.parametrize("text", TORN)
def test_a_text_that_is_not_yaml_is_refused_in_plain_words(text):
    with pytest.raises(RuleRefused) as caught:
        load_rule_set(text)
    assert all(fault_of(one.sentence) is None for one in caught.value.problems), caught.value


def test_the_problems_of_a_document_are_counted_and_the_first_put_into_words():
    with pytest.raises(RuleRefused) as refused:
        load_rule_set("\n".join(f"unknown_{at}: 1" for at in range(2 * MOST_PROBLEMS)))
    assert len(refused.value.problems) <= MOST_PROBLEMS
    assert refused.value.total > 2 * MOST_PROBLEMS


def with_factor(**more):
    """Return a schools formula of one factor."""
    factor = {"label": "Meals", "counts": "pupils", "primary": {"unit_value": "5"}, **more}
    return {"schools_formula": {"pupils_counted_by": "meals", "factors": {"meals": factor}}}


@pytest.mark.parametrize(
    ("part", "path", "sentence"),
    [
        (
            {"effective": {"first": "2025-04-01", "last": "2026-03-31", 1: "2"}},
            "effective.1",
            "the name of a field must be text; the fields here are first, last",
        ),
        (
            {"effective": {"first": "2025-04-01", "last": "2026-03-31", None: "2"}},
            "effective",
            "the name of a field must be text; the fields here are first, last",
        ),
        ({"authority": None}, "authority", EMPTY),
        (with_factor(where={"fsm": None}), "schools_formula.factors.meals.where.fsm", EMPTY),
        (with_factor(where=None), "schools_formula.factors.meals.where", EMPTY),
    ],
)
def test_a_plain_document_is_refused_in_the_words_of_what_is_wrong(part, path, sentence):
    stated = {"from": "2025-04-01", "source": "example", "standing": "proposed"}
    whole = {**plain(rule_set(**with_factor())), "provenance": stated}
    with pytest.raises(RuleRefused) as caught:
        rule_set_from({**whole, **part})
    assert [(one.place, one.sentence) for one in caught.value.problems] == [(path, sentence)]
