"""Who is in which band and which price holds, by trying rows one after the other."""

import re
from decimal import Decimal

NUMBERS = {"year_group", "score", "points", "support_hours", "urn"}


def phase_of(year_group: int | None) -> str | None:
    """Return the phase of a year group."""
    if year_group is None:
        return None
    if year_group < 0:
        return "early_years"
    for last, phase in ((6, "primary"), (9, "ks3"), (11, "ks4")):
        if year_group <= last:
            return phase
    return "post_16"


def value_of(record: dict, name: str):
    """Return what a record holds for an input, or None where it is not supplied."""
    return phase_of(record.get("year_group")) if name == "phase" else record.get(name)


def choice_fits(name: str, choice: str, value) -> bool:
    """Return whether a value is the code, or lies in the range, that a row names."""
    if name not in NUMBERS:
        return choice == value
    low, dash, high, plus = re.fullmatch(r"(-?[\d.]+)(-?)([\d.]*)(\+?)", choice).groups()
    if plus:
        return value >= Decimal(low)
    return Decimal(low) <= value <= Decimal(high if dash else low)


def row_fits(when: dict, record: dict) -> bool:
    """Return whether all of a row's conditions hold; what is not supplied meets none."""
    for name, choices in when.items():
        value = value_of(record, str(name))
        if value is None or not any(choice_fits(str(name), one, value) for one in choices):
            return False
    return True


def deciding_row(rows: list[dict], record: dict) -> int | None:
    """Return the first row that fits, or None."""
    for at, when in enumerate(rows):
        if row_fits(when, record):
            return at
    return None


def unsupplied(names, record: dict) -> bool:
    """Return whether a record lacks any of the inputs."""
    return any(value_of(record, str(name)) is None for name in names)


def points_of(points, record: dict) -> int | None:
    """Return a record's points: given, or levels times weights, or None where any is missing."""
    if not points.dimensions:
        return record.get("points")
    total = 0
    for name, dimension in points.dimensions.items():
        level = record.get(f"level_{name}")
        if level is None:
            return None
        total += level * dimension.weight
    return total


def band_of(profile, record: dict) -> tuple[str | None, str]:
    """Return a pupil's band, and else why there is none: ``no_band`` or ``not_supplied``."""
    form = profile.assignment
    if form.points is not None:
        record = {"points": points_of(form.points, record)}
        rows = [{"points": (f"{one.least}-{one.most}",)} for one in form.points.steps]
        names, bands = ["points"], [one.band for one in form.points.steps]
    elif form.table is not None:
        rows = [row.when for row in form.table.rows]
        names, bands = list(form.table.inputs), [row.band for row in form.table.rows]
    elif form.conversion is not None:
        held = record.get("band")
        return (None, "not_supplied") if held is None else (form.conversion[held], "")
    else:
        rows = [{"band": (band,)} for band in profile.bands]
        names, bands = ["band"], list(profile.bands)
    at = deciding_row(rows, record)
    if at is not None:
        return bands[at], ""
    return None, "not_supplied" if unsupplied(names, record) else "no_band"


def price_of(profile, record: dict, band: str):
    """Return the price that holds for a band, and else why there is none."""
    prices = profile.tariff.prices
    names = {str(name) for price in prices for name in price.when} - {"band"}
    record = {**record, "band": band}
    for price in prices:
        if price.band in (None, band) and row_fits(price.when, record):
            return price, ""
    return None, "not_supplied" if unsupplied(names, record) else "no_price"
