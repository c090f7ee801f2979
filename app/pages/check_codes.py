"""The check code of a result: a few letters over its rules, its answers and the way of calculating.

At ``/check`` a reader of a print with its address and code sees whether either was altered.
"""

import hashlib
import re
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from app.pages.answers import Mistake
from app.pages.forms import Form, SchoolBudget
from engine.modules import SEMANTICS
from engine.vocabulary import Standing

ADDRESS, CODE = "address", "code"
GROUPS, LETTERS = 3, 4
"""A code is three groups of four letters: 60 bits."""

NO_RESULT = Mistake("Enter the address of a result, as it is printed with the code", ADDRESS)
NO_CODE = Mistake("Enter the check code: 12 letters and figures, such as ABCD-EFGH-2345", CODE)
BUDGET = "notional-sen"
PATHS = (BUDGET, "budget-check")

_OTHERS = re.compile("[^A-Z0-9]")
_LOOK_ALIKE = str.maketrans("018", "OIB")
"""Figures that a code never has, read as the letters that look like them."""


@dataclass(frozen=True, slots=True)
class ResultAddress:
    """An address of a result: which form, the identifier of its rules, and its answers."""

    path: str
    identifier: str
    entries: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class CodeCheck:
    """What a code says of a result: whether nothing was altered, whether it is final, and a later version of its rules."""

    is_unaltered: bool
    why_indicative: tuple[str, ...]
    later_version: int | None


def code_of(form: Form) -> str:
    """Return the check code of a form's result, such as ``ABCD-EFGH-2345``."""
    # What a letter prints is no answer: the result does not depend on it.
    answers = urlencode(sorted(parse_qsl(form.query_alone)))
    return letters_of("\n".join((form.rules.digest, str(SEMANTICS), answers)))


def letters_of(text: str) -> str:
    """Return the code of a text: 60 bits of its digest in letters and figures."""
    letters = b32encode(hashlib.sha256(text.encode()).digest()).decode()
    return "-".join(letters[at * LETTERS : (at + 1) * LETTERS] for at in range(GROUPS))


def plain_code(text: str) -> str | None:
    """Return a code as it was typed in its one spelling, None where it is none.

    >>> plain_code(" abcd efgh 2345 "), plain_code("ABC")
    ('ABCD-EFGH-2345', None)
    """
    letters = _OTHERS.sub("", text.upper()).translate(_LOOK_ALIKE)
    if len(letters) != GROUPS * LETTERS:
        return None
    return "-".join(letters[at * LETTERS : (at + 1) * LETTERS] for at in range(GROUPS))


def result_address(address: str) -> ResultAddress | None:
    """Return what an address asks for, of whatever service; None where it is that of no result."""
    try:
        there = urlsplit("".join(address.split()))
        entries = parse_qsl(there.query, max_num_fields=500)
    except ValueError:
        return None
    path, _, identifier = there.path.strip("/").rpartition("/")
    if path not in PATHS or not entries:
        return None
    return ResultAddress(path, identifier, entries)


def code_check(form: Form, code: str, versions: Sequence[int]) -> CodeCheck:
    """Return what a code says of a form with a result, under rules of which these versions are published."""
    document, result = form.rules.document, form.result
    why = []
    if document.standing is not Standing.verified:
        why.append("some values of its rules were not checked against a published paper")
    if form.trials:
        why.append("it tries numbers that are not those of the published rules")
    if isinstance(result, SchoolBudget) and result.school.budget is None:
        why.append("some of what it needs is not known")
    later = max(versions, default=document.version)
    return CodeCheck(code == code_of(form), tuple(why), later if later > document.version else None)
