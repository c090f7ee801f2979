"""Whose case a question is about: refused where the rules do not pay for its authority.

A row of a table is set apart, counted and named; a question of one case would answer with an amount that no run pays.
"""

from engine.authority_codes import authority_codes
from engine.reading.commissioners import Commissioners, has_ended, is_in_use, known_code


def why_not_valued(code: str, commissioners: Commissioners) -> str | None:
    """Return why rules do not value what an authority commissions, None where they do or the code is none of England."""
    known = known_code(code.strip())
    if known is None:
        return None
    if not is_in_use(known, commissioners):
        ended = has_ended(known, commissioners)
        day, way = (known.last, "ended") if ended else (known.first, "begins")
        on = "" if day is None else f" on {day.day} {day:%B %Y}"
        return (
            f"is {known}, which {way}{on}: the rules are of {'later' if ended else 'earlier'} days"
        )
    if commissioners.own and known.code not in commissioners.own:
        own = ", ".join(str(authority_codes()[one]) for one in sorted(commissioners.own))
        return f"is {known}, and these rules pay for {own} alone"
    return None
