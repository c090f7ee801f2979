"""How the cells of a workbook look, and how values are written unchanged."""

from typing import Any

import xlsxwriter
from xlsxwriter.format import Format

from app.workbooks.questions import Takes

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
"""Text stays text."""

NAMED: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "label": {"bold": True, "valign": "top"},
    "prose": {"text_wrap": True, "valign": "top", "align": "left"},
    "heading": {"bold": True, "text_wrap": True, "valign": "bottom", "bg_color": "#DCE6F1"},
    "name": {
        "font_size": 8,
        "font_color": "#444444",
        "num_format": "@",
        "bottom": 1,
        "text_wrap": True,
        "valign": "top",
    },
    "code": {"num_format": "@", "quote_prefix": True},
    "setting": {"bg_color": "#FFF7BF", "border": 1, "num_format": "@", "align": "left"},
    "again": {"bg_color": "#FFF7BF", "border": 1, "num_format": "0", "align": "left"},
    "plumbing": {"font_color": "#666666", "font_size": 8},
}
SHAPES: dict[str, dict[str, Any]] = {
    Takes.number: {"num_format": "#,##0.######"},
    Takes.whole: {"num_format": "0"},
    Takes.code: {"num_format": "@"},
    Takes.day: {"num_format": "yyyy-mm-dd", "align": "left"},
    Takes.text: {"num_format": "@"},
    "answer": {"num_format": "#,##0.00", "bold": True},
    "wrong": {"font_color": "#B10E1E"},
}
LINED = {"border": 1, "border_color": "#BFBFBF"}
SHADE = {"bg_color": "#EEEEEE"}
"""Behind the rows that are examples."""


class Formats:
    """The formats of one file, made once each."""

    def __init__(self, file: xlsxwriter.Workbook) -> None:
        """Make the formats in a file."""
        self.named: dict[str, Format] = {name: file.add_format(one) for name, one in NAMED.items()}
        self.cells: dict[tuple[str, bool], Format] = {
            (name, example): file.add_format({**shape, **LINED, **(SHADE if example else {})})
            for name, shape in SHAPES.items()
            for example in (False, True)
        }
