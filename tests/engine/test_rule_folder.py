"""Rule documents of a folder are found by their identifier; one that is not there is refused with its like."""

import pytest

from engine.input_file import MOST_DOCUMENT_BYTES
from engine.rules.folder import (
    content_digest,
    files_by_identifier,
    names_file,
    not_published,
    rule_files,
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "later").mkdir()
    texts = {
        "b.yaml": "format: x\nidentifier: one\n",
        "a.yaml": 'identifier: "two"  \n',
        "later/c.yaml": "version: 2\nidentifier: 'one'\n",
        "d.yaml": "title: none\n",
        "e.yaml": "part:\n  identifier: inside\n",
        "f.txt": "identifier: three\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "g.yaml").write_bytes(b"\xff\xfe\nidentifier: four\n")
    (tmp_path / "h.yaml").mkdir()
    return tmp_path


def test_the_files_of_a_folder_and_of_those_in_it_are_in_the_order_of_their_names(folder):
    names = [str(path.relative_to(folder)) for path in rule_files(folder)]
    assert names == ["a.yaml", "b.yaml", "d.yaml", "e.yaml", "g.yaml", "h.yaml", "later/c.yaml"]


def test_each_identifier_has_the_files_of_its_versions_and_a_file_without_one_is_of_none(folder):
    found = files_by_identifier(folder)
    assert {name: [path.name for path in paths] for name, paths in found.items()} == {
        "two": ["a.yaml"], "one": ["b.yaml", "c.yaml"], "four": ["g.yaml"],
    }  # fmt: skip


def test_a_file_that_is_too_large_for_a_document_has_no_identifier(tmp_path):
    start = b"identifier: large\n#"
    (tmp_path / "a.yaml").write_bytes(start.ljust(MOST_DOCUMENT_BYTES, b"x"))
    assert list(files_by_identifier(tmp_path)) == ["large"]
    (tmp_path / "a.yaml").write_bytes(start.ljust(MOST_DOCUMENT_BYTES + 1, b"x"))
    assert files_by_identifier(tmp_path) == {}


@pytest.mark.parametrize(
    ("name", "is_file"),
    [
        ("devon-2025-26", False),
        ("devon.yaml", True),
        ("devon.yml", True),
        ("devon.txt", False),
        ("rules/devon", True),
        ("/devon", True),
        ("./devon", False),
    ],
)
def test_a_name_with_a_folder_or_the_ending_of_a_document_is_a_file(name, is_file):
    assert names_file(name) is is_file


KNOWN = ["devon-2025-26", "devon-2024-25", "devon-2023-24", "devon-2022-23", "surrey-2025-26"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Devon", "; did you mean devon-2022-23 or devon-2023-24 or devon-2024-25"),
        ("surrey", "; did you mean surrey-2025-26"),
        ("surry-2025-26", "; did you mean surrey-2025-26"),
        ("zzz", ""),
        ("", ""),
    ],
)
def test_an_identifier_that_is_not_published_is_refused_with_up_to_three_that_hold_it(name, hint):
    sentence = not_published(name, KNOWN)
    start = f"no published rule set is called {name!r}"
    assert sentence.startswith(start)
    if name != "surry-2025-26":
        assert sentence == start + hint
    else:
        # Of those spelled nearly so the nearest comes first.
        assert sentence.startswith(start + hint)


def test_a_document_is_another_where_a_file_that_it_names_is(tmp_path):
    path = tmp_path / "rules.yaml"
    content = b"cap: {table: caps.csv, column: cap}"
    path.write_bytes(content)
    digests = {content_digest(path, content, "digest")}
    for text in ("la,cap\n201,1\n", "la,cap\n201,2\n"):
        (tmp_path / "caps.csv").write_text(text)
        digests.add(content_digest(path, content, "digest"))
    assert len(digests) == 3
    assert content_digest(path, b"cap: '1'", "digest") == "digest"
