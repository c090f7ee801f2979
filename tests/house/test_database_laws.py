"""Queries are in repositories only, and one place commits."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.sources import named, offences, python_files

QUERIES = {"delete", "insert", "select", "text", "update"}
EXECUTING = {"execute", "exec_driver_sql", "get_one", "scalar", "scalars"}
FOREIGN_CALLS = {
    *((owner, name) for owner in ("sa", "sqlalchemy") for name in QUERIES),
    *((owner, name) for owner in ("connection", "session") for name in EXECUTING),
}
COMMITTING = {"begin", "commit"}
Offence = tuple[int, str]


def may_query(name: str) -> bool:
    """Return whether a file is one of those that hold queries."""
    return name.endswith("/repository.py") or name.startswith(("app/models/", "app/database.py"))


def commit_offences(tree: ast.AST) -> Iterator[Offence]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr=name)) if name in COMMITTING:
                yield node.lineno, f"{ast.unparse(node.func)}() belongs to the session dependency"


def query_offences(tree: ast.AST) -> Iterator[Offence]:
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module)) if module.split(".")[0] == "sqlalchemy":
                if asked := QUERIES & {alias.name for alias in node.names}:
                    yield node.lineno, f"{', '.join(sorted(asked))} belongs to a repository"
            case ast.Call(func=ast.Attribute(attr=name, value=ast.Name(id=owner))):
                if (owner, name) in FOREIGN_CALLS:
                    yield node.lineno, f"{owner}.{name} belongs to a repository"


def test_one_place_commits():
    paths = [path for path in python_files("app") if named(path) != "app/database.py"]
    assert not offences(commit_offences, paths)


def test_queries_stand_in_repositories():
    paths = [path for path in python_files("app") if not may_query(named(path))]
    assert not offences(query_offences, paths)


@pytest.mark.parametrize(
    ("check", "source"),
    [
        (commit_offences, "session.commit()"),
        (commit_offences, "with sessions.begin() as session: pass"),
        (query_offences, "from sqlalchemy import func, select"),
        (query_offences, "session.scalars(wanted)"),
        (query_offences, "sa.delete(Run)"),
    ],
)
def test_a_breach_is_found(check, source):
    assert list(check(ast.parse(source)))


def test_choosing_columns_of_a_frame_is_not_a_query():
    assert not list(query_offences(ast.parse('frame.select("urn")')))
