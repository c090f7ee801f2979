"""Where rows of last year's statement lead: to what changed since then, or to the boxes that they leave open."""

from urllib.parse import parse_qsl, urlencode

from sqlalchemy.orm import Session

from app.access import Asker
from app.pages.addresses import within_length
from app.pages.last_year import FOLDER, NOW, THEN, SavedResult, saved_result
from app.pages.last_year_figures import RULES
from app.pages.paste import Paste

PATH = "/since-last-year"


def this_year(asker: Asker, session: Session, sent: list[tuple[str, str]]) -> SavedResult | None:
    """Return this year's result that an address or a form names, None where it names none."""
    text = dict(sent).get(NOW, "").strip()
    found = saved_result(asker, session, NOW, text) if text else None
    return None if found is None or found.budget is None else found


def since_then(asker: Asker, session: Session, found: Paste, now: SavedResult) -> str | None:
    """Return the address of both years; of last year's boxes where rows leave some open; None where it is too long.

    What a statement prints beside its numbers is of no use here, and this year's is left out where there is no room.
    """
    if found.filled is None or now.form is None:
        return None
    document = found.form.rules.document
    query = found.filled.without_letter.query(document.version)
    then = saved_result(asker, session, THEN, f"/{FOLDER}/{document.identifier}?{query}")
    is_whole = then.budget is not None and then.budget.school.budget is not None
    of_now = now.form.rules.document.identifier
    for address in (now.address, f"/{FOLDER}/{of_now}?{now.form.query_alone}"):
        both = [(THEN, then.address), (NOW, address)]
        boxes = [(NOW, address), (RULES, document.identifier), *parse_qsl(query)]
        whole = within_length(f"{PATH}?{urlencode(both if is_whole else boxes)}")
        if whole is not None:
            return whole
    return None
