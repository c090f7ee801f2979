"""Who is in which band and which price holds, by trying rows one after the other."""

import re
from decimal import Decimal

UNSURE = "unsure"
NUMBERS = {
    "year_group",
    "score",
    "points",
    "support_hours",
    "hours",
    "group_size",
    "level",
    "assessed_cost",
    "urn",
}


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
    if name not in NUMBERS and not name.startswith("level_"):
        return choice == str(value)
    low, dash, high, plus = re.fullmatch(r"(-?[\d.]+)(-?)([\d.]*)(\+?)", choice).groups()
    if plus:
        return value >= Decimal(low)
    return Decimal(low) <= value <= Decimal(high if dash else low)


def row_fits(when: dict, record: dict) -> bool | None:
    """Return whether all of a row's conditions hold; None where that depends on what is not supplied."""
    unsure = False
    for name, choices in when.items():
        value = value_of(record, str(name))
        if value is None:
            unsure = True
        elif not any(choice_fits(str(name), one, value) for one in choices):
            return False
    return None if unsure else True


def deciding_row(rows: list[dict], record: dict) -> int | str | None:
    """Return the first row that fits, None, or ``UNSURE`` where an earlier one might."""
    for at, when in enumerate(rows):
        fits = row_fits(when, record)
        if fits is None:
            return UNSURE
        if fits:
            return at
    return None


def with_points(profile, record: dict) -> dict:
    """Return a record with the points that the profile reckons, where it adds them up itself."""
    form = profile.assignment.points
    return {**record, "points": points_of(form, record)} if form and form.dimensions else record


def points_of(points, record: dict) -> int | None:
    """Return a record's points: given, or of its areas' levels times weights, or None where any is missing."""
    if not points.dimensions:
        return record.get("points")
    areas = []
    for name, dimension in points.dimensions.items():
        level = record.get(f"level_{name}")
        if level is None:
            return None
        areas.append(level * dimension.weight)
    return max(areas) if points.combine == "highest" else sum(areas)


def band_of(profile, record: dict) -> tuple[str | None, str]:
    """Return a pupil's band, and else why there is none: ``no_band`` or ``not_supplied``."""
    form = profile.assignment
    if form.panel_may_decide and record.get("band") is not None:
        return record["band"], ""
    if form.points is not None:
        record = {**record, "points": points_of(form.points, record)}
        rows = [{**one.when, "points": (f"{one.least}-{one.most}",)} for one in form.points.steps]
        bands = [one.band for one in form.points.steps]
    elif form.table is not None:
        rows = [row.when for row in form.table.rows]
        bands = [row.band for row in form.table.rows]
    elif form.conversion is not None:
        held = record.get("band")
        return (None, "not_supplied") if held is None else (form.conversion[held], "")
    else:
        rows = [{"band": (band,)} for band in profile.bands]
        bands = list(profile.bands)
    at = deciding_row(rows, record)
    if at in (None, UNSURE):
        return None, "no_band" if at is None else "not_supplied"
    return bands[at], ""


def price_of(profile, record: dict, band: str):
    """Return the price that holds for a band, and else why there is none."""
    record = {**record, "band": band}
    for price in profile.tariff.prices:
        fits = price.band in (None, band) and row_fits(price.when, record)
        if fits is None:
            return None, "not_supplied"
        if fits:
            return price, ""
    return None, "no_price"
