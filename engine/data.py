"""Where the project's data lie: beside the code in a wheel, beside the package in a checkout.

A wheel carries ``fixtures/`` as ``engine/_fixtures/`` and ``migrations/`` as ``app/_migrations/``;
an editable install reads both where they are edited. Only the package's own file says which it is:
a folder of the same name elsewhere on the import path may be years old.
"""

from pathlib import Path

ENGINE = Path(__file__).resolve().parent


def data_folder(package: Path, name: str) -> Path:
    """Return the folder ``name`` of the project as the package in the folder ``package`` has it."""
    inside = package / f"_{name}"
    return inside if inside.is_dir() else package.parent / name


FIXTURES = data_folder(ENGINE, "fixtures")
"""Codes, layouts, rules of imports, published rule sets, margins of invented tables, examples."""

PUBLISHED = FIXTURES / "rules"
"""The published rule sets."""
