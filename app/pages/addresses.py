"""The address of a form's answers, to which a sent form is redirected: a bookmark of a result is the result."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from app.pages.answers import BLANKS, KNOWN, NEW_SCHOOL, PERCENTAGES, PHASE, VERSION, Mistake
from app.pages.forms import Form
from app.pages.trials import AGAIN, AGAIN_VALUE

CHANGE, YES = "change", "yes"
"""What an address says in which the answers are to be changed: the questions are shown, and no result."""

LONGEST_ADDRESS = 8_000
"""Letters of an address that every server and browser on the way takes."""

_PAIRED = {AGAIN, AGAIN_VALUE}
_NO_ANSWERS = {PHASE, VERSION, KNOWN, BLANKS, NEW_SCHOOL, PERCENTAGES}


def address_of(path: str, form: Form, sent: Sequence[tuple[str, str]]) -> str | None:
    """Return the address of what a form sent: as it was typed where that has mistakes, otherwise its canonical form.

    None where the address is too long, where nothing was answered, so that nothing can be lost, and where something
    was sent that answers no question: what that is, is not known, so no address holds it.
    """
    if has_unasked(form.mistakes):
        return None
    if not form.mistakes:
        query = form.query
    elif any(text for name, text in sent if name not in _NO_ANSWERS):
        query = urlencode([(name, text) for name, text in sent if text or name in _PAIRED])
    else:
        return None
    return within_length(f"{path}?{query}")


def has_unasked(mistakes: Iterable[Mistake]) -> bool:
    """Return whether there are answers to no question."""
    return any(one.is_unasked for one in mistakes)


def within_length(address: str) -> str | None:
    """Return an address, None where it is longer than every server and browser takes."""
    return address if len(address) <= LONGEST_ADDRESS else None


def is_change(sent: Sequence[tuple[str, str]]) -> bool:
    """Return whether an address asks for the questions with their answers, and no result."""
    return (CHANGE, YES) in sent


def without_change(sent: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return what an address holds without whether its answers are to be changed."""
    return [one for one in sent if one != (CHANGE, YES)]
