"""Debian's own Chromium for the browser tests."""

import pytest

from tests.programs import need


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Start the installed Chromium; its sandbox cannot run as root in a container."""
    return {"executable_path": str(need("chromium")), "args": ["--no-sandbox"]}
