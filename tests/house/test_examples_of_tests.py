"""How tests are run: no failure waits to be made smaller, no document is read while tests are collected."""

import ast

import pytest
from hypothesis import Phase, settings

from tests.house.sources import ROOT
from tests.rule_library import DOCUMENTS, naming, with_part

READERS = {"load_rule_file", "compiled", "document", "with_part", "DOCUMENTS"}
"""What reads a published rule document."""


def readers_of(body: list[ast.AST]) -> set[str]:
    """Return the functions of a module that call what reads a document, at one remove."""
    return {
        function.name
        for function in body
        if isinstance(function, ast.FunctionDef)
        and any(isinstance(one, ast.Name) and one.id in READERS for one in ast.walk(function))
    }


def reads_at_import(source: str) -> list[int]:
    """Return the lines of a module that read a published document when it is imported."""
    found = []
    waiting: list[ast.AST] = list(ast.parse(source).body)
    own = {node.name for node in waiting if isinstance(node, ast.FunctionDef)}
    # A function of the module's own that has the name of a reader is one where it reads.
    readers = (READERS - own) | readers_of(waiting)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += node.decorator_list
            continue
        if isinstance(node, ast.Lambda):
            continue
        if isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'":
            continue
        called = node.func if isinstance(node, ast.Call) else None
        held = node.value if isinstance(node, ast.Subscript) else called
        if isinstance(held, ast.Name) and held.id in readers:
            found.append(node.lineno)
        waiting += ast.iter_child_nodes(node)
    return found


@pytest.mark.parametrize("profile", ["everyday", "again"])
def test_what_make_test_runs_makes_no_failing_example_smaller(profile):
    assert Phase.shrink not in settings.get_profile(profile).phases
    assert Phase.shrink in settings.get_profile("shrink").phases


def test_no_test_reads_a_published_document_while_it_is_imported():
    modules = {path: path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py")}
    assert not {
        str(path.relative_to(ROOT)): lines
        for path, source in modules.items()
        if (lines := reads_at_import(source))
    }


def runs_a_loop(source: str) -> bool:
    """Tell whether a module begins an event loop in the thread that calls it."""
    return any(
        isinstance(node, ast.Call) and ast.unparse(node.func) == "asyncio.run"
        for node in ast.walk(ast.parse(source))
    )


def test_no_test_beside_a_browser_begins_an_event_loop_in_the_thread_of_the_tests():
    """A browser that an earlier test of the same process drove keeps one running."""
    modules = [*(ROOT / "tests/clients").rglob("*.py"), *(ROOT / "tests/load").rglob("*.py")]
    assert len(modules) > 20
    assert not [str(one) for one in modules if runs_a_loop(one.read_text(encoding="utf-8"))]
    assert runs_a_loop("def probe():\n    return asyncio.run(again())")


def test_reading_at_import_is_found():
    assert reads_at_import("X = [load_rule_file(one) for one in PATHS]") == [1]
    assert reads_at_import("@parametrize(DOCUMENTS['a'].bands)\ndef test(): pass") == [1]
    assert not reads_at_import("if __name__ == '__main__':\n    load_rule_file('a')")
    assert not reads_at_import("def test():\n    document('a')")
    within = "def rules_of(one):\n    return load_rule_file(one)\n"
    assert reads_at_import(f"{within}DEVON = rules_of('devon')") == [3]
    assert not reads_at_import(f"{within}def test():\n    rules_of('devon')")


@pytest.mark.parametrize(
    "part", ["schools_formula", "band_profile", "places", "high_needs_block", "targeted_funding"]
)
def test_a_part_is_found_by_its_heading_as_it_is_by_reading(part):
    assert tuple(naming(part)) == with_part(part)
    assert set(naming(part)) <= set(DOCUMENTS)
