"""A ready workbook for a rule set: sheets to fill in whose cells ask the service."""

import re

from app.workbooks.bands import band_sheet
from app.workbooks.book import Book, content_of
from app.workbooks.questions import Sheet
from app.workbooks.schools import school_sheet
from engine.rules import CompiledRules

LONGEST_SERVICE = 200
HOST = r"(?:[A-Za-z0-9.-]{1,190}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?"
SERVICE = re.compile(rf"https?://{HOST}(?:/[A-Za-z0-9._~-]+)*/?")
SERVICE_WORDS = (
    "the address of a service starts with http:// or https:// and has no name, password or question, "
    f"for example http://127.0.0.1:8000; at most {LONGEST_SERVICE} characters"
)
NOTHING = (
    "a workbook asks for notional SEN budgets and for what bands pay; this rule set has neither, or its percentages "
    "are not printed, or its prices depend on more than a cell may ask"
)


def sheets_of(rules: CompiledRules) -> tuple[Sheet, ...]:
    """Return the sheets that a rule set has something to answer on; none where it has nothing."""
    return tuple(one for one in (school_sheet(rules), band_sheet(rules)) if one is not None)


def is_service(address: str) -> bool:
    """Return whether an address can be written in a workbook as that of a service."""
    return len(address) <= LONGEST_SERVICE and SERVICE.fullmatch(address) is not None


def workbook(rules: CompiledRules, sheets: tuple[Sheet, ...], service: str) -> bytes:
    """Return a workbook in the format of Excel; the same rules and address give the same bytes."""
    return content_of(Book(rules, sheets, service.rstrip("/")))
