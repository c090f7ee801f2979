"""Numbers as a report prints them: whole pounds, hundredths of a per cent, numbers of pupils."""

from engine.candidates.figures import PARTS
from engine.money import HUNDREDTHS, half_away, number

MINUS = "\N{MINUS SIGN}"
NOT_KNOWN = "not known"
MILLION_POUNDS = 100_000_000
THOUSAND_POUNDS = 100_000


def pounds_text(pence: int | None, lacking: str = NOT_KNOWN) -> str:
    """Return pence to the nearest pound.

    >>> pounds_text(-123456), pounds_text(40)
    ('−£1,235', '£0')
    """
    if pence is None:
        return lacking
    whole = int(half_away(abs(pence), HUNDREDTHS))
    return f"{MINUS if pence < 0 and whole else ''}£{whole:,}"


def change_text(pence: int | None, lacking: str = NOT_KNOWN) -> str:
    """Return a change to the nearest pound, with its sign."""
    text = pounds_text(pence, lacking)
    rises = pence is not None and half_away(max(pence, 0), HUNDREDTHS) > 0
    return f"+{text}" if rises else text


def short_pounds(pence: int) -> str:
    """Return pence as a tick of an axis has them.

    >>> short_pounds(9_750_000_000), short_pounds(1_250_000), short_pounds(0)
    ('£97.5m', '£12.5k', '£0')
    """
    for unit, letter in ((MILLION_POUNDS, "m"), (THOUSAND_POUNDS, "k")):
        if abs(pence) >= unit:
            hundredths = int(half_away(abs(pence) * 100, unit))
            return f"{MINUS if pence < 0 else ''}£{number(hundredths, HUNDREDTHS)}{letter}"
    return pounds_text(pence)


def percent_text(hundredths: int) -> str:
    """Return hundredths of a per cent.

    >>> percent_text(-213), percent_text(50), percent_text(300)
    ('−2.13%', '0.5%', '3%')
    """
    return f"{MINUS if hundredths < 0 else ''}{number(abs(hundredths), HUNDREDTHS)}%"


def percent_change(change: int | None, before: int | None, lacking: str = NOT_KNOWN) -> str:
    """Return a change as a share of what there was before; a dash where that was none."""
    if change is None or before is None:
        return lacking
    if before <= 0:
        return "\N{EN DASH}"
    hundredths = int(half_away(change * PARTS, before))
    return f"+{percent_text(hundredths)}" if hundredths > 0 else percent_text(hundredths)


def number_text(count: int | None, lacking: str = NOT_KNOWN) -> str:
    """Return a number with its thousands apart."""
    return lacking if count is None else f"{count:,}"


def counted(count: int, one: str) -> str:
    """Return a number of things.

    >>> counted(1, "candidate"), counted(1200, "candidate")
    ('1 candidate', '1,200 candidates')
    """
    return f"{count:,} {one if count == 1 else f'{one}s'}"
