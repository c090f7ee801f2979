"""A report as one HTML page that needs nothing beside it: no script, no font, no picture from elsewhere."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape
from markupsafe import Markup

from engine.report.parts import Report

FOLDER = Path(__file__).parent
CONTENTS_FROM = 2
"""The level of the headings that a list of contents has."""


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    return environment.get_template("page.html")


def page_of(report: Report) -> bytes:
    """Return the page of a report as UTF-8; the same report gives the same bytes."""
    # Our own style sheet; it holds no text of a report.
    style = Markup((FOLDER / "page.css").read_text(encoding="utf-8"))  # noqa: S704
    contents = [one for one in report.sections if one.level == CONTENTS_FROM]
    return _template().render(report=report, style=style, contents=contents).encode()
