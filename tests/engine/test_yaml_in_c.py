"""The library in C reads a document as the one in Python does, to the line; what it may not is left to that one."""

from itertools import islice

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine import yaml_nodes
from engine.rules.load import load_rule_set, plain
from engine.yaml_nodes import FAST, BoundedLoader, is_plain, nodes_of
from tests.rule_library import RULE_FILES
from tests.storm_size import draws

PIECES = [
    text[at : at + 900]
    for file in RULE_FILES.values()
    for text in [file.read_text(encoding="utf-8")]
    for at in range(0, len(text), 900)
]
SIGNS = [
    *"{}[]:,#&*!|>'\"%@`-?~ \n=\t\\", ": ", "- ", "\n- ", "\n  ", "<<: ", "|\n", ">-\n", "...\n", "---\n",
    "&a ", "*a", "a:1", "''", "é", "£", "\u2028",
]  # fmt: skip


def nodes(node):
    """Return a node with all below it: kind, value, style, line and tag."""
    held = node.value
    if isinstance(node, yaml.MappingNode):
        held = [(nodes(key), nodes(value)) for key, value in held]
    elif isinstance(node, yaml.SequenceNode):
        held = [nodes(one) for one in held]
    style = node.style if isinstance(node, yaml.ScalarNode) else None
    return type(node).__name__, held, style, node.start_mark.line, node.tag


def read(loader, text):
    """Return the documents of a text, None where it is refused."""
    try:
        return [one and nodes(one) for one in islice(yaml.compose_all(text, Loader=loader), 2)]
    except yaml.YAMLError:
        return None


@pytest.mark.parametrize("name", RULE_FILES)
def test_every_published_document_is_read_alike(name):
    text = RULE_FILES[name].read_text(encoding="utf-8")
    assert read(FAST, text) == read(BoundedLoader, text)


@settings(max_examples=draws(300))
@given(st.data(), st.sampled_from(PIECES))
def test_a_spoilt_text_that_c_reads_is_read_the_same_in_python(data, text):
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, len(text)))
        left_out = data.draw(st.integers(0, 2))
        text = text[:at] + data.draw(st.sampled_from(["", *SIGNS])) + text[at + left_out :]
    assume(is_plain(text))
    found = read(FAST, text)
    if found is not None and len(found) == 1:
        assert found == read(BoundedLoader, text)


@pytest.mark.parametrize(
    "text",
    ["a: {b?c: 1}", "a: [!b, c]", "a:\t1", "a: >-# b\n  c", "%YAML 1.1\n---\na: 1", "a: \u2028"],
)
def test_what_the_two_libraries_may_read_otherwise_is_left_to_python(text):
    assert not is_plain(text)


@pytest.mark.parametrize("name", RULE_FILES)
def test_a_document_is_the_same_where_the_library_in_c_is_not_installed(name, monkeypatch):
    text = RULE_FILES[name].read_text(encoding="utf-8")
    before = plain(load_rule_set(text))
    monkeypatch.setattr(yaml_nodes, "FAST", None)
    assert plain(load_rule_set(text)) == before
    assert len(nodes_of(text)) == 1
