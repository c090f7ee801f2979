"""The project's files as these tests read them: tracked text, and Python as syntax trees."""

import ast
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("engine", "evenband", "app", "tests")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def python_files(*names: str) -> list[Path]:
    """Return the Python files under the named folders of the project, and those named themselves."""
    roots = [ROOT / name for name in names]
    missing = [root for root in roots if not root.exists()]
    if missing:
        raise FileNotFoundError(missing)
    found = (path for root in roots for path in (root.rglob("*.py") if root.is_dir() else [root]))
    return sorted(path for path in found if "__pycache__" not in path.parts)


@cache
def tracked_files() -> tuple[Path, ...]:
    """Return the files that git keeps or would keep, vendored files included."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if listed.returncode:
        return unhidden_files()
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def unhidden_files() -> tuple[Path, ...]:
    """Return the files of a copy that git does not know, such as an unpacked archive."""
    shown = (path for path in ROOT.iterdir() if not path.name.startswith("."))
    found = (one for path in shown for one in (path.rglob("*") if path.is_dir() else [path]))
    return tuple(path for path in found if path.is_file() and path.suffix != ".pyc")


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def named(path: Path) -> str:
    """Return a file's path inside the project."""
    return path.relative_to(ROOT).as_posix()


def functions(tree: ast.AST) -> Iterator[Function]:
    """Yield every function and method of a tree."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def decorators(function: Function) -> set[str]:
    """Return the last names of a function's decorators."""
    calls = (node.func if isinstance(node, ast.Call) else node for node in function.decorator_list)
    return {ast.unparse(node).rpartition(".")[2] for node in calls}


def imports(tree: ast.AST) -> set[str]:
    """Return every module that a tree imports, and every name it imports from one."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def docstrings(tree: ast.AST) -> set[int]:
    """Return the identities of the constants that are docstrings or notes on a name."""
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def offences(check, paths: Iterable[Path]) -> list[str]:
    """Return what a check of one tree says about each file, each sentence with its place."""
    return [
        f"{named(path)}:{line} {sentence}"
        for path in paths
        for line, sentence in check(tree_of(path))
    ]
