"""One name for each thing, a readable public API, and tests that all run."""

import ast
import re
from collections.abc import Iterator

import pytest

import engine
from tests.house.sources import ROOT, Function, named, offences, python_files, tree_of

REFUSED = re.compile(r"(^|_)(manager|helper|util|handler|processor)s?(_|$)")
PARTICIPLES = {
    *("given", "gathered", "worked", "decided", "told", "taken", "asked", "wanted", "held", "made"),
    *("written", "listed", "settled", "shown", "spoken", "said", "kept"),
}
"""Words that say what was done to a thing and leave out what the thing is."""

WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
LEAVING_OUT = {"skip", "skipif", "xfail", "importorskip"}
# The one place that leaves a test out, for want of a program and never under CI.
MAY_LEAVE_OUT = "tests/programs.py"
Offence = tuple[int, str]


def leaving_out_offences(tree: ast.AST) -> Iterator[Offence]:
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name) if name in LEAVING_OUT:
                owner = ast.unparse(node.value).split(".")[-1]
                if owner in {"pytest", "mark"}:
                    yield node.lineno, f"{owner}.{name} leaves a test out"


def printing_offences(tree: ast.AST) -> Iterator[Offence]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"print", "pprint"}:
            yield node.lineno, "the engine speaks by what it returns"


def unfinished_offences(tree: ast.AST) -> Iterator[Offence]:
    for node in ast.walk(tree):
        match node:
            case ast.Raise(exc=ast.AST() as raised) if "NotImplemented" in ast.unparse(raised):
                yield node.lineno, "a stub stands here"


def has_participle(name: str) -> bool:
    """Return whether a name is made of what was done to a thing, such as ``Worked`` or ``rows_taken``."""
    return not PARTICIPLES.isdisjoint(word.lower() for word in WORD.findall(name))


def participle_offences(tree: ast.AST) -> Iterator[Offence]:
    """Find classes, functions and names of a module that say only what was done to a thing."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | Function) and has_participle(node.name):
            yield node.lineno, f"{node.name} is no noun of the field"
    for node in getattr(tree, "body", []):
        if isinstance(node, ast.Assign):
            names = [one.id for one in node.targets if isinstance(one, ast.Name)]
            yield from ((node.lineno, f"{one} is no noun") for one in names if has_participle(one))


def is_refused(name: str) -> bool:
    """Return whether a file's name says less than what the file holds."""
    return REFUSED.search(name) is not None


def test_no_file_has_a_name_that_says_nothing():
    names = [named(path) for path in python_files("app", "engine", "tests", "migrations")]
    assert not [name for name in names if any(map(is_refused, re.split(r"[/.]", name)))]


def test_files_classes_and_functions_are_called_by_nouns_of_the_field():
    paths = python_files("app", "engine", "evenband")
    assert not [named(path) for path in paths if has_participle(path.stem)]
    assert not offences(participle_offences, paths)


@pytest.mark.parametrize("name", ["Worked", "rows_taken", "given.py", "NOT_KEPT", "_shownRows"])
def test_a_name_that_says_only_what_was_done_is_seen(name):
    assert has_participle(name)
    assert list(participle_offences(ast.parse(f"class {name.partition('.')[0]}: ...")))


def test_the_public_names_of_the_engine_are_there_and_sorted():
    public = getattr(engine, "__all__", [])
    assert list(public) == sorted(public, key=str.casefold)
    assert all(hasattr(engine, name) for name in public)


def test_no_test_is_left_out():
    paths = [path for path in python_files("tests") if named(path) != MAY_LEAVE_OUT]
    assert not offences(leaving_out_offences, paths)


def test_the_engine_prints_nothing():
    assert not offences(printing_offences, python_files("engine"))


def test_no_stub_stands_anywhere():
    assert not offences(unfinished_offences, python_files("app", "engine"))


def test_no_test_folder_is_a_package():
    assert not list((ROOT / "tests").rglob("__init__.py"))


def test_every_module_says_what_it_is_for():
    silent = [
        named(path)
        for path in python_files("app", "engine")
        if path.name != "__init__.py" and not ast.get_docstring(tree_of(path))
    ]
    assert not silent


@pytest.mark.parametrize("name", ["rule_manager", "utils", "helpers", "pupil_processor"])
def test_an_empty_name_is_found(name):
    assert is_refused(name)


@pytest.mark.parametrize(
    ("check", "source"),
    [
        (leaving_out_offences, "@pytest.mark.skip\ndef test_a(): ..."),
        (leaving_out_offences, 'pytest.importorskip("numba")'),
        (printing_offences, 'print("a")'),
        (unfinished_offences, "raise NotImplementedError"),
    ],
)
def test_a_breach_is_found(check, source):
    assert list(check(ast.parse(source)))
