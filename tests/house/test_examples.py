"""Every example in a docstring is run."""

import doctest
from importlib import import_module

import pytest

from tests.house.sources import named, python_files

WITH_EXAMPLES = [
    named(path).removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    for path in python_files("app", "engine")
    if ">>> " in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("module", WITH_EXAMPLES)
def test_the_examples_of(module):
    outcome = doctest.testmod(import_module(module))
    assert outcome.attempted
    assert not outcome.failed
