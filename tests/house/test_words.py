"""What people read is plain present-day English: a list of phrases that had to be read twice is refused.

It covers messages, help, pages, docstrings, comments and documentation. Each phrase has what to say
instead. ``INSTEAD`` holds everywhere, ``IN_NOTES`` for docstrings, comments and documentation.
"""

import ast
import io
import re
import tokenize

import pytest

from tests.house.sources import ROOT, named, python_files, tree_of

INSTEAD = {
    r"stands? (?:here|there)\b": "is here, or name the thing itself",
    r"stands? (?:here )?twice": "duplicate",
    r"stands? beside|lies? beside": "is beside, or is in",
    r"nothing stands": "not found",
    r"belongs? here": "unknown field",
    r"\bnought\b": "0, or none",
    r"\b(?:is|are|be|found) wanting": "is missing",
    r"\bwhoever\b": "name the person: the user, a school",
    r"\bcomes? of (?:it|them)\b": "the result",
    r"what comes of": "the result of",
    r"take(?:s|n)? it away|take the \w+ away": "download, or save",
    r"h[oe]ld (?:it |a \w+ |the \w+ )?against": "compare with",
    r"as far as it is known": "partial result",
    r"\b(?:is|are|be) told\b": "say what is shown",
    r"\bspoken (?:of|form)|\bspeaks? of\b": "describes",
    r"\bsaid of (?:it|them|the)\b": "notes on",
    r"runs? backwards": "the first is larger than the last",
    r"found once a\b": "cached for each",
    r"as the kernel takes": "as kernel arrays",
    r"half as long again": "1.5 times as long",
    r"somebody else's": "another's, or a source's",
    r"what a (?:whole )?year is due": "the amount of a year",
    r"meets what is already": "conflicts with",
    r"is no (?:column|line|place|word) of": "unknown column, line or place",
    r"as they need": "as needed",
    r"\bwhosoever\b|\bwhence\b|\bhither\b|\bthereof\b|\bunto\b|\bbetwixt\b": "an everyday word",
    r"\bthe house way\b": "the project's way",
    r"\badded by itself\b": "added automatically",
    r"Input should|Field required|String should match": "engine.wording has the sentence",
}
IN_NOTES = {
    r"(?:plain )?twins?\b": "reference implementation",
    r"front door": "outermost layer, or reverse proxy",
    r"(?:a|the|other|each|this) rooms?\b": "package",
    r"nobody\b|somebody\b": "no pupil, no user; or say it without a person",
    r"stands? (?:for|at|in|before|between|beside|under|whole|to the right)\b": "is, means, is in",
    r"what stands\b": "what is, or the value",
    r"is asked of|are asked of|asked by POST": "is requested from, uses",
    r"in words? of its own|of its own words": "in its own words",
    r"held to (?:it|its|the|what)\b": "compared with",
    r"who says (?:so|it|a|each|those)\b": "the source of",
    r"(?:is|are|was|were) bearable": "is fast enough",
    r"without a word\b": "silently",
    r"no (?:mistake|fault) of\b": "is not a mistake of",
    r"for good\b": "permanently",
}
"""Phrases of notes alone: some are right in a message or in the data of a test."""


def patterns(phrases):
    """Return phrases as patterns, each with what to say instead."""
    return {re.compile(rf"(?<![\w-]){one}", re.IGNORECASE): said for one, said in phrases.items()}


PHRASES = patterns(INSTEAD)
NOTES = patterns(INSTEAD | IN_NOTES)
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "fixtures").glob("*/README.md")),
    *sorted((ROOT / "app" / "pages" / "templates").glob("*.html")),
]


def odd_phrases(text, phrases=PHRASES):
    """Yield each refused phrase of a text with its line, counted from 0, and what to say instead."""
    for phrase, instead in phrases.items():
        for found in phrase.finditer(text):
            yield text.count("\n", 0, found.start()), found[0], instead


def texts(tree):
    """Yield every text of a module, docstrings and messages, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.lineno, node.value


def notes(source):
    """Yield every docstring and comment of Python source, with its line."""
    for node in ast.walk(ast.parse(source)):
        for one in (
            getattr(node, "body", None) if isinstance(node, ast.Module | DEFINITIONS) else ()
        ):
            if isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant):
                yield one.lineno, str(one.value.value)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


DEFINITIONS = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def test_no_docstring_or_comment_has_a_word_that_only_the_project_knows():
    found = [
        f"{named(path)}:{line + at}: {phrase!r}; say: {instead}"
        for path in python_files("app", "engine", "evenband", "migrations", "tests")
        for line, text in notes(path.read_text(encoding="utf-8"))
        for at, phrase, instead in odd_phrases(text, NOTES)
        if named(path) not in {"engine/wording.py", "tests/house/test_words.py"}
    ]
    assert not found, "\n".join(found)


def test_a_comment_and_a_docstring_are_both_read():
    source = '"""A twin."""\n\nX = "a twin"  # nobody\n'
    assert [
        (line, phrase) for line, text in notes(source) for _, phrase, _ in odd_phrases(text, NOTES)
    ] == [(1, "twin"), (3, "nobody")]


def test_no_message_or_docstring_has_a_phrase_that_must_be_read_twice():
    found = [
        f"{named(path)}:{line + at}: {phrase!r}; say: {instead}"
        for path in python_files("app", "engine", "evenband")
        for line, text in texts(tree_of(path))
        for at, phrase, instead in odd_phrases(text)
        if named(path) != "engine/wording.py"
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_no_page_of_the_documentation_has_one(path):
    found = [
        f"{named(path)}:{at + 1}: {phrase!r}; say: {instead}"
        for at, phrase, instead in odd_phrases(path.read_text(encoding="utf-8"), NOTES)
    ]
    assert not found, "\n".join(found)


def test_a_breach_is_found_by_its_line():
    assert list(odd_phrases("is missing\nstands here twice")) == [
        (1, "stands here", INSTEAD[r"stands? (?:here|there)\b"]),
        (1, "stands here twice", "duplicate"),
    ]
    assert not list(odd_phrases("duplicate; keep one"))
