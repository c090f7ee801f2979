"""Laws 2, 3, 4 and 9: what a kernel may take, do and leave."""

import ast
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.house.sources import (
    ROOT,
    Function,
    decorators,
    functions,
    imports,
    named,
    offences,
    python_files,
    tree_of,
)

KERNEL_FILES = python_files("engine/kernels")
WHOLE_NUMBER_FILES = [
    *(path for path in KERNEL_FILES if path.name not in {"candidates.py", "closed_form.py"}),
    ROOT / "engine" / "money.py",
]
RULES = ROOT / "fixtures" / "rules" / "toy" / "toy-2025-26.yaml"
FEWER_THAN = 17
"""Each kernel more is compiled by every new installation: the sixteenth reads plain text, in a fifth of polars' time."""
MOST_READ = 6
"""Arguments that a kernel reads besides its rows: more are named together."""
ALLOCATORS = {"arange", "array", "copy", "empty", "full", "ones", "zeros", "empty_like"}
ALLOCATING = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
Offence = tuple[int, str]


def kernels(tree: ast.AST) -> list[Function]:
    """Return the compiled functions that work on rows from ``start`` to ``stop``."""
    return [
        function
        for function in functions(tree)
        if "kernel" in decorators(function)
        and [argument.arg for argument in function.args.args[:2]] == ["start", "stop"]
    ]


def signature_offences(tree: ast.AST) -> Iterator[Offence]:
    for function in functions(tree):
        if "kernel" not in decorators(function):
            continue
        names = [argument.arg for argument in function.args.args]
        if names[:2] != ["start", "stop"]:
            yield function.lineno, f"{function.name} does not take start and stop first"
        outs = [name.startswith("out_") for name in names]
        if not any(outs) or sorted(outs) != outs:
            yield function.lineno, f"{function.name} does not take its out_ arrays last"
        arguments = function.args
        if arguments.kwonlyargs or arguments.vararg or arguments.kwarg or arguments.defaults:
            yield function.lineno, f"{function.name} takes more than plain arguments"


def out_names(function: Function) -> set[str]:
    """Return the names of out_ arrays and of the slices taken from them."""
    names = {one.arg for one in function.args.args if one.arg.startswith("out_")}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript):
            source = node.value.value
            if isinstance(source, ast.Name) and source.id in names:
                names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def body_offences(tree: ast.AST) -> Iterator[Offence]:
    for function in kernels(tree):
        allowed = out_names(function)
        for node in ast.walk(function):
            match node:
                case ast.Return(value=value) if value is not None:
                    yield node.lineno, f"{function.name} returns a value"
                case ast.Raise() | ast.Assert() | ast.Try():
                    yield node.lineno, f"{function.name} raises or catches"
                case ast.Subscript(ctx=ast.Store() | ast.Del(), value=array):
                    if not (isinstance(array, ast.Name) and array.id in allowed):
                        yield node.lineno, f"{function.name} writes to {ast.unparse(array)}"
                case ast.Attribute(ctx=ast.Store()):
                    yield node.lineno, f"{function.name} changes {ast.unparse(node)}"
                case ast.Call(func=ast.Attribute(attr=name)) if name in ALLOCATORS:
                    yield node.lineno, f"{function.name} allocates by {name}"
                case _ if isinstance(node, ALLOCATING):
                    yield node.lineno, f"{function.name} allocates {ast.unparse(node)}"


def spread_offences(tree: ast.AST) -> Iterator[Offence]:
    """Find arrays that are handed to a kernel by their order and not by name."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not any(
            isinstance(one, ast.Starred) for one in node.args
        ):
            continue
        called = ast.unparse(node.func).split(".")[-1]
        first = ast.unparse(node.args[0])
        if called.startswith("fill_") or (called == "run" and first.startswith("fill_")):
            yield (
                node.lineno,
                f"{called}({first}, ...) spreads a tuple over the arguments of a kernel",
            )


def width_offences(tree: ast.AST) -> Iterator[Offence]:
    for function in kernels(tree):
        read = [one.arg for one in function.args.args[2:] if not one.arg.startswith("out_")]
        if len(read) > MOST_READ:
            yield (
                function.lineno,
                f"{function.name} reads {len(read)} arguments: name arrays together",
            )


def arithmetic_offences(tree: ast.AST) -> Iterator[Offence]:
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=float()):
                yield node.lineno, f"binary float {node.value}"
            case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
                yield node.lineno, f"inexact division {ast.unparse(node)}"
            case ast.Name(id="float" | "prange"):
                yield node.lineno, f"use of {node.id}"


def looseness_offences(tree: ast.AST) -> Iterator[Offence]:
    for node in ast.walk(tree):
        match node:
            case ast.keyword(value=ast.Constant(value=False)):
                continue
            case ast.keyword(arg="fastmath" | "parallel" as name):
                yield node.value.lineno, f"{name} is not False"


def test_a_kernel_takes_rows_first_and_out_arrays_last():
    assert not offences(signature_offences, KERNEL_FILES)


def test_a_kernel_fills_its_out_arrays_and_does_nothing_else():
    assert not offences(body_offences, KERNEL_FILES)


def test_a_kernel_takes_arrays_by_name_and_few_arguments():
    assert not offences(width_offences, KERNEL_FILES)
    assert not offences(spread_offences, python_files("engine"))


def test_a_tuple_spread_over_a_kernel_is_found():
    assert list(spread_offences(ast.parse("blocks.run(fill_codes, length, *one, out)")))
    assert list(spread_offences(ast.parse("fill_codes(0, 1, *one, out)")))
    assert not list(spread_offences(ast.parse("blocks.run(fill_codes, length, one, out)")))


def test_money_is_never_a_binary_float_nor_divided_inexactly():
    assert not offences(arithmetic_offences, WHOLE_NUMBER_FILES)


def test_no_kernel_is_parallel_or_loose_about_numbers():
    assert not offences(looseness_offences, python_files("engine"))


def test_there_are_kernels_and_few_of_them():
    found = [kernel.name for path in python_files("engine") for kernel in kernels(tree_of(path))]
    assert 0 < len(found) < FEWER_THAN, found
    assert len(set(found)) == len(found), found


def test_numba_is_imported_in_one_place():
    users = {
        named(path)
        for path in python_files("engine", "app")
        if any(name.split(".")[0] == "numba" for name in imports(tree_of(path)))
    }
    assert users == {"engine/jit.py"}


@pytest.mark.parametrize(
    "work",
    [
        "import engine.money",
        "import engine.columns",
        "import engine.rules.compile",
        "import evenband",
        "from engine.rules.load import load_rule_set; load_rule_set(sys.stdin.read())",
        "import evenband; evenband.rule_sets()",
        "import app.main",
    ],
)
def test_the_compiler_is_not_loaded_before_a_kernel_is_needed(work):
    code = f"import sys\n{work}\nprint(*{{'numba', 'llvmlite'}} & sys.modules.keys())"
    with RULES.open() as rules:
        loaded = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            stdin=rules,
            capture_output=True,
            text=True,
            check=True,
        )
    assert loaded.stdout.split() == []


KEPT = """
@kernel
def fill(start: int, stop: int, band: Int, out_pence: Int) -> None:
    for row in range(start, stop):
        out_pence[row] = band[row] // 2
        part = out_pence[row : row + 1]
        part[0] += 1
"""


@pytest.mark.parametrize("check", [signature_offences, body_offences, arithmetic_offences])
def test_a_kernel_within_the_law_passes(check):
    assert not list(check(ast.parse(KEPT)))


@pytest.mark.parametrize(
    ("check", "old", "new", "said"),
    [
        (signature_offences, "start: int, stop: int, ", "", "start and stop"),
        (signature_offences, "out_pence: Int)", "pence: Int)", "out_ arrays last"),
        (signature_offences, "band: Int, out_pence: Int", "out_pence: Int, band: Int", "last"),
        (signature_offences, "out_pence: Int)", "out_pence: Int, *rest: Int)", "plain"),
        (body_offences, "out_pence[row] = band[row]", "band[row] = out_pence[row]", "writes"),
        (body_offences, "part[0] += 1", "band[0] += 1", "writes to band"),
        (body_offences, "part[0] += 1", "return part", "returns"),
        (body_offences, "part[0] += 1", "raise ValueError", "raises"),
        (body_offences, "part[0] += 1", "rows = np.zeros(3)", "allocates by zeros"),
        (body_offences, "part[0] += 1", "rows = [row]", "allocates"),
        (arithmetic_offences, "// 2", "/ 2", "inexact"),
        (arithmetic_offences, "// 2", "// 2.0", "float"),
        (arithmetic_offences, "range(", "prange(", "prange"),
    ],
)
def test_a_breach_is_found(check, old, new, said):
    assert old in KEPT
    found = list(check(ast.parse(KEPT.replace(old, new))))
    assert any(said in sentence for _, sentence in found)


def test_a_loose_decorator_is_found():
    assert list(looseness_offences(ast.parse("njit(fastmath=True)")))
