"""One service for all who only read, Debian's own Chromium, and the order in which files are begun."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.served import serving
from tests.programs import need

HERE = Path(__file__).parent
LONGEST = (
    "test_page",
    "test_wheel",
    "test_docs",
    "test_workbooks",
    "test_liveness",
    "test_command_line_full_disk",
    "test_command_line_files",
    "test_docs_python",
    "test_generated_clients",
    "test_command_line_rules",
    "test_rule_list",
    "test_overload",
    "test_command_line",
    "test_wrong_options",
)
"""Files that take longest: begun first, so that nothing waits for one of them at the end."""


def place_of(item: pytest.Item) -> int:
    """Return when the file of a test is begun."""
    name = item.path.stem
    return LONGEST.index(name) if name in LONGEST else len(LONGEST)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files; what is no test of this folder keeps its place."""
    places = [at for at, item in enumerate(items) if item.path.is_relative_to(HERE)]
    for at, item in zip(places, sorted((items[at] for at in places), key=place_of), strict=True):
        items[at] = item


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Start the installed Chromium; its sandbox cannot run as root in a container."""
    return {"executable_path": str(need("chromium")), "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a running service with the published rule sets, for tests that only read."""
    with serving(tmp_path_factory.mktemp("service")) as address:
        yield address
