"""An authority as a record of a school table: units where they price exactly, else amounts."""

from collections.abc import Iterator
from decimal import Decimal

from engine.columns import AMOUNT_PREFIX, HIGHEST_UNITS, UNITS_PREFIX
from engine.lab.imports.proforma import Proforma, ProformaLine, ProformaRules
from engine.lab.imports.proforma_lines import (
    PUPILS,
    SPARSITY,
    FactorLines,
    factor_lines,
    fringe_uplift,
    mean_multiplier,
)
from engine.money import MILLION, PENCE, number, pounds, scaled

NO_YEARS = {"primary_years": "0", "ks3_years": "0", "ks4_years": "0"}
"""An authority has no year groups by which a lump sum could be shared."""


def authority_records(proforma: Proforma, rules: ProformaRules) -> list[dict[str, str]]:
    """Return an authority as records of all phases that add to its printed totals.

    An authority with more pupils than a school may have is divided into records of equal
    units. A cell is empty where a line is not printed: it is not supplied, never zero.
    """
    cells = dict(_cells(proforma, rules))
    same = _of_schools(proforma, rules)
    most = max((held or 0 for kind, held in cells.values() if kind == UNITS_PREFIX), default=0)
    count = -(-most // HIGHEST_UNITS) or 1
    return [_record(proforma, cells, same, at, count) for at in range(count)]


def _of_schools(proforma: Proforma, rules: ProformaRules) -> dict[str, str]:
    """Return the values about schools that are the same in each record.

    The distance of an authority is none; its multiplier is the mean of its schools'.
    """
    same = {}
    if any(paid.counts == SPARSITY for paid in factor_lines(proforma, rules)):
        same["sparsity_distance"] = ""
    if fringe_uplift(proforma) is not None:
        multiplier = mean_multiplier(proforma, rules)
        same["london_fringe"] = "" if multiplier is None else number(multiplier)
    return same


def _record(
    proforma: Proforma,
    cells: dict[str, tuple[str, int | None]],
    same: dict[str, str],
    at: int,
    count: int,
) -> dict[str, str]:
    part = f", part {at + 1} of {count}" if count > 1 else ""
    record = {
        "urn": f"{proforma.code}{at + 1}",
        "la": f"{proforma.code:03d}",
        "school_name": f"{proforma.name}{part}",
        "phase": "all_through",
        **NO_YEARS,
        **same,
    }
    for column, (kind, whole) in cells.items():
        if whole is None:
            record[column] = ""
        else:
            # What cannot be divided equally stays with the first record.
            held = whole // count + (whole % count if at == 0 else 0)
            record[column] = number(held) if kind == UNITS_PREFIX else pounds(held)
    return record


def _cells(
    proforma: Proforma, rules: ProformaRules
) -> Iterator[tuple[str, tuple[str, int | None]]]:
    """Yield each column with its kind and its whole number: millionths, or pence."""
    for paid in factor_lines(proforma, rules):
        if paid.together is not None:
            yield from _together(paid)
            continue
        for phase, line in paid.lines.items():
            own = paid.name if phase == "all" else f"{paid.name}_{phase}"
            if paid.counts == PUPILS and line.units is not None and _is_exact(line):
                yield UNITS_PREFIX + own, (UNITS_PREFIX, scaled(line.units, MILLION))
            else:
                yield AMOUNT_PREFIX + own, (AMOUNT_PREFIX, _pence(line.subtotal))


def _together(paid: FactorLines) -> Iterator[tuple[str, tuple[str, int | None]]]:
    """Yield an amount printed for all phases: as one, or not supplied where their shares differ."""
    amount = _pence(paid.together)
    if paid.is_divided:
        yield AMOUNT_PREFIX + paid.name, (AMOUNT_PREFIX, amount)
        return
    for phase in paid.lines:
        known = 0 if amount == 0 else None
        yield f"{AMOUNT_PREFIX}{paid.name}_{phase}", (AMOUNT_PREFIX, known)


def _is_exact(line: ProformaLine) -> bool:
    value = line.unit_value
    return value is not None and value * PENCE == (value * PENCE).to_integral_value()


def _pence(amount: Decimal | None) -> int | None:
    return None if amount is None else scaled(amount, PENCE)
