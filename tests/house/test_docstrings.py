"""Docstrings of public functions name the errors that they raise themselves."""

import ast
from collections.abc import Iterator
from functools import cache

import engine.errors
from tests.house.sources import Function, functions, named, python_files, tree_of

REFUSALS = {
    name
    for name, one in vars(engine.errors).items()
    if isinstance(one, type) and issubclass(one, engine.errors.Refusal)
}
FOLDERS = ("engine", "evenband")


def makers_in(tree: ast.Module) -> dict[str, str]:
    """Return the functions of a module that return a refusal to be raised, with its class."""
    return {
        one.name: one.returns.id
        for one in functions(tree)
        if isinstance(one.returns, ast.Name) and one.returns.id in REFUSALS
    }


@cache
def public_makers() -> dict[str, str]:
    """Return the functions of all modules that return a refusal and that others may call."""
    trees = map(tree_of, python_files(*FOLDERS))
    return {name: one for tree in trees for name, one in makers_in(tree).items() if name[0] != "_"}


def public_functions(tree: ast.Module) -> Iterator[Function]:
    """Yield the public functions of a module, and the public methods of its public classes."""
    bodies = [
        tree.body,
        *(one.body for one in tree.body if isinstance(one, ast.ClassDef) and one.name[0] != "_"),
    ]
    for body in bodies:
        yield from (one for one in body if isinstance(one, Function) and one.name[0] != "_")


def raised(function: Function, known: dict[str, str]) -> set[str]:
    """Return the names of the errors that a function raises itself, refusals by their class."""
    names = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Raise) and node.exc is not None:
            made = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            name = ast.unparse(made).rpartition(".")[2]
            names.add(known.get(name, name))
    return names


def unnamed(function: Function, known: dict[str, str], wanted: set[str] | None) -> list[str]:
    """Return the errors of a function that its docstring does not name."""
    said = ast.get_docstring(function) or ""
    names = {one for one in raised(function, known) if one[0].isupper()}
    return sorted(one for one in (names if wanted is None else names & wanted) if one not in said)


def offences(folder: str, wanted: set[str] | None) -> list[str]:
    return [
        f"{named(path)}:{one.lineno} {one.name}: say in its docstring when it raises {', '.join(missing)}"
        for path in python_files(folder)
        for known in [public_makers() | makers_in(tree_of(path))]
        for one in public_functions(tree_of(path))
        if (missing := unnamed(one, known, wanted))
    ]


def test_a_public_function_of_the_engine_names_the_refusals_that_it_raises():
    found = offences("engine", REFUSALS)
    assert not found, "\n".join(found)


def test_a_public_function_of_the_package_names_every_error_that_it_raises():
    found = offences("evenband", None)
    assert not found, "\n".join(found)


def test_an_error_that_is_not_named_is_found():
    text = (
        'def read():\n    """Return a table."""\n    raise refusal("rule", "sentence") from None\n'
    )
    [function] = public_functions(ast.parse(text))
    assert unnamed(function, public_makers(), REFUSALS) == ["TableRefused"]
    assert unnamed(function, {}, REFUSALS) == []
    text = text.replace("Return a table.", "Return a table, or raise ``TableRefused``.")
    [function] = public_functions(ast.parse(text))
    assert unnamed(function, public_makers(), REFUSALS) == []
