"""Calls of the program within the process of the tests."""

from collections.abc import Iterator
from functools import cache

import pytest
import typer


@pytest.fixture(scope="session", autouse=True)
def commands_made_once() -> Iterator[None]:
    """Let a call within this process find the commands made; typer makes all of them for each call."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("typer.testing._get_command", cache(typer.main.get_command))
        yield
