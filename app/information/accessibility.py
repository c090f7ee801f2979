"""What the accessibility statement says was tested: written by the run that tests every page."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from engine.days import day_of

RECORD = Path(__file__).with_name("accessibility_run.json")


@dataclass(frozen=True, slots=True)
class AccessibilityRun:
    """A run of the tests of pages: its day, the tools, the pages by name, their widths, and what was found."""

    day: date
    axe: str
    browser: str
    rules: tuple[str, ...]
    widths: tuple[int, ...]
    pages: tuple[str, ...]
    found: int


@cache
def accessibility_run() -> AccessibilityRun:
    """Return the last run that was written."""
    kept = json.loads(RECORD.read_text(encoding="utf-8"))
    return AccessibilityRun(
        day_of(kept["day"]), kept["axe"], kept["browser"], tuple(kept["rules"]),
        tuple(kept["widths"]), tuple(kept["pages"]), kept["found"],
    )  # fmt: skip
