"""Authorities' proformas drawn at random from every word that a table may hold, with their totals.

Totals are added up here from the printed lines alone, as the source does, and then cut to six
significant digits.
"""

from collections import defaultdict
from decimal import Context, Decimal

from hypothesis import strategies as st

from engine.lab.imports.proforma import PHASES, proforma_rules
from engine.vocabulary import local_authorities

RULES = proforma_rules()
PRINTED = Context(prec=RULES.digits)
TWO = ("primary", "secondary")
FOUR = (*TWO, "middle", "all_through")
AFTERWARDS = {838, 839, 940, 941, 942, 943}
"""Authorities that began after 2017-18."""

CODES = sorted(set(local_authorities()) - AFTERWARDS)
VARIANTS = {
    "fsm": ("fsm", "fsm6", "not_used"),
    "eal": ("eal1", "eal2", "eal3", "not_used"),
    "low_prior_attainment": ("old_fsp_73", "old_fsp_78", "not_used", ""),
    "looked_after": ("lac_x_march_2016", ""),
}
NUMBER = st.decimals(0, 9_000, places=2)
SHARE = st.none() | st.sampled_from([Decimal(0), Decimal("0.05"), Decimal("0.1234567"), Decimal(1)])
MONEY = st.just(Decimal(0)) | st.decimals(1, 900_000, places=2)


def row(factor, phase, role="line", **cells):
    """Return one line of a proforma as text; what is not said is empty."""
    held = {"factor": factor, "phase": phase, "line_role": role, **cells}
    names = ("variant", "unit_value", "units", "subtotal", "notional_sen_pct", "source_label")
    return {**dict.fromkeys(names), **held}


@st.composite
def counted(draw, factor):
    """Draw a factor that counts pupils: lines of any phases, or parts with their sum."""
    apart = draw(st.booleans())
    allowed = PHASES if apart else PHASES[:-1]
    phases = draw(st.lists(st.sampled_from(allowed), min_size=1, max_size=4, unique=True))
    variant = draw(st.sampled_from(VARIANTS.get(factor.removesuffix("6"), ("", "not_used"))))
    rows = []
    for phase in phases:
        value, units = draw(st.none() | NUMBER), draw(st.decimals(0, 90_000, places=3))
        subtotal = (value or 0) * units
        rows.append(
            row(
                factor, phase, "line" if apart else "phase_part", variant=variant,
                unit_value=value, units=units, subtotal=subtotal, notional_sen_pct=draw(SHARE),
            )
        )  # fmt: skip
    if not apart:
        rows.append(row(factor, "all", "combined", subtotal=sum(one["subtotal"] for one in rows)))
    return rows


@st.composite
def undivided(draw, factor, phases, values):
    """Draw a factor that is printed for both phases together: lump sums, sparsity, amounts."""
    variants = ("fixed", "tapered", "not_used") if factor == "sparsity" else ("",)
    share = draw(SHARE)
    rows = []
    for phase in phases:
        own = draw(st.just(share) | SHARE) if phase in TWO else None
        variant = draw(st.sampled_from(variants))
        cells = {"variant": variant, "unit_value": draw(values), "notional_sen_pct": own}
        rows.append(row(factor, phase, "phase_part", **cells))
    return [*rows, row(factor, "all", "combined", subtotal=draw(MONEY))]


@st.composite
def proformas(draw):
    """Draw an authority: its lines, and thresholds and choices as its totals print them."""
    rows = draw(counted("basic_entitlement"))
    rows[0]["unit_value"], rows[0]["subtotal"] = Decimal(3_000), 3_000 * rows[0]["units"]
    if rows[-1]["line_role"] == "combined":
        rows[-1]["subtotal"] = sum(one["subtotal"] for one in rows[:-1])
    some = st.booleans()
    meals = draw(st.sampled_from(["fsm", "fsm6"]))
    for name, words in RULES.factors.items():
        if name in {"basic_entitlement", "fsm", "fsm6"} - {meals} or not draw(some):
            continue
        if words["counts"] == "pupils":
            rows += draw(counted(name))
        elif name == "lump_sum":
            rows += draw(undivided(name, TWO, st.decimals(0, 175_000, places=0)))
        elif name == "sparsity":
            rows += draw(undivided(name, FOUR, st.none() | st.decimals(0, 100_000, places=0)))
        elif name.startswith("exceptional_1"):
            rows += draw(undivided(name, TWO, st.none()))
        else:
            share = None if name == "london_fringe" else draw(SHARE)
            label = draw(st.sampled_from([None, "Rents: “joint use”, 50%", "r" * 3_000]))
            cells = {"notional_sen_pct": share, "source_label": label}
            rows.append(row(name, "all", subtotal=draw(MONEY), **cells))
    size = st.sampled_from([None, "0", "21.4", "8.57143", "120.1234567"])
    chosen = {"reception_uplift": draw(st.sampled_from(["yes", "no", ""])),
              "reception_uplift_pupil_units": draw(st.sampled_from(["", "0", "37.42"]))}  # fmt: skip
    for columns in RULES.optional["sparsity"].values():
        chosen |= {name: draw(size) for name in columns.values()}
    chosen |= {"lpa_primary_new_eyfsp_weighting": draw(st.sampled_from(["", "0", "1", "0.43"])),
               "lpa_secondary_y7_weighting": draw(st.sampled_from(["", "0.480192", "0.0480192"])),
               "capping_and_scaling_applied": draw(st.sampled_from(["yes", "no"])),
               "capping_factor": draw(st.sampled_from(["", "0.01", "-0.0150235"])),
               "scaling_factor": draw(st.sampled_from(["", "1", "0.5"]))}  # fmt: skip
    return rows, chosen


def is_undivided(rows):
    """Return whether a factor's money is printed together, for phases of different shares."""
    whole = next((one for one in rows if one["line_role"] == "combined"), None)
    if whole is None or not whole["subtotal"] or any(one["subtotal"] for one in rows[:-1]):
        return False
    parts = {one["phase"]: one for one in rows if one is not whole}
    shares = {phase: parts[phase]["notional_sen_pct"] or 0 for phase in parts if phase in TWO}
    paid = {phase for phase, one in parts.items() if one["unit_value"]} or set(TWO)
    return len({share for phase, share in shares.items() if phase in paid or paid - set(TWO)}) > 1


def totals(rows):
    """Return the formula and the notional SEN of lines, and what is left of each in doubt."""
    by_factor = defaultdict(list)
    for one in rows:
        by_factor[one["factor"]].append(one)
    formula = sum(one["subtotal"] or 0 for one in rows if one["line_role"] != "phase_part")
    notional = Decimal(0)
    for held in by_factor.values():
        whole = held[-1] if held[-1]["line_role"] == "combined" else None
        if whole is not None and all(one["subtotal"] is None for one in held[:-1]):
            first = next(one for one in held if one["phase"] == "primary")
            paid = [one for one in held[:-1] if one["phase"] in TWO and one["unit_value"]]
            notional += whole["subtotal"] * ((paid or [first])[0]["notional_sen_pct"] or 0)
            continue
        notional += sum(
            one["subtotal"] * (one["notional_sen_pct"] or 0) for one in held if one is not whole
        )
    return PRINTED.create_decimal(formula), PRINTED.create_decimal(notional), by_factor
