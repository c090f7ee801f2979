"""Whole published tables, which may lie beside the project and are no part of it."""

from pathlib import Path

import pytest

from tests.house.sources import ROOT

BESIDE = ROOT.parent / "shared"


def where_published(path: Path) -> pytest.MarkDecorator:
    """Return the mark of a test that reads a whole published table: it says so where there is none."""
    return pytest.mark.skipif(not path.exists(), reason=f"{path.name} is not beside the project")
