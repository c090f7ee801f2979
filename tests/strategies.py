"""Rule sets and pupils drawn at random, within what a document and a table may say."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

from hypothesis import strategies as st

from engine.rules.assignment import covering_problems
from engine.rules.bands import BandProfile
from tests.builders import pupil, rule_set
from tests.calendar_strategies import calendars
from tests.condition_strategies import CODES, DIMENSIONS, HIGHEST, LABELS, conditions
from tests.tariff_strategies import dated_pounds, modifiers, perhaps_printed, pounds, prices

__all__ = ["LABELS", "banded_rule_sets", "parts_of", "pupils"]


@st.composite
def assignments(draw) -> dict:
    """Draw one of the three spoken ways of finding a band."""
    form = draw(st.sampled_from(["label", "conversion", "points", "levels", "table"]))
    if form == "label":
        return {"label_given": True}
    if form == "conversion":
        return {"conversion": {label: draw(st.sampled_from(LABELS)) for label in LABELS}}
    if form == "table":
        inputs = draw(
            st.lists(
                st.sampled_from([*CODES, *HIGHEST, "year_group"]),
                min_size=1,
                max_size=3,
                unique=True,
            )
        )
        row = st.fixed_dictionaries({"when": conditions(inputs), "band": st.sampled_from(LABELS)})
        rows = draw(st.lists(row, min_size=1, max_size=6))
        panel = {"panel_may_decide": draw(st.booleans())}
        return panel | {
            "table": reached({"hit_policy": "first", "inputs": inputs, "gaps": True, "rows": rows})
        }
    cuts = sorted(draw(st.sets(st.integers(0, 40), min_size=2, max_size=6)))
    steps = [
        {"band": draw(st.sampled_from(LABELS)), "from": low, "to": draw(st.integers(low, high - 1))}
        for low, high in pairwise(cuts)
    ]
    if draw(st.booleans()):
        steps = [{**one, "when": {"setting": ["special"]}} for one in steps]
        steps += draw(st.just([]) | others(steps))
    points = {"steps": steps, "gaps": True, "combine": draw(st.sampled_from(["sum", "highest"]))}
    points["dimensions"] = DIMENSIONS if form == "levels" else {}
    return {"points": points, "panel_may_decide": draw(st.booleans())}


def others(steps: list[dict]):
    """Draw the steps of two other settings, each with its own band."""
    settings = {"setting": ["mainstream", "sen_unit"]}
    band = st.sampled_from(LABELS)
    return band.map(lambda one: [{**step, "when": settings, "band": one} for step in steps])


def reached(table: dict) -> dict:
    """Return a decision table without the rows that no pupil can reach, for they are refused."""
    price = {
        "pounds": [{"from": date(2025, 4, 1), "value": "1", "source": "a", "standing": "proposed"}]
    }
    profile = {"bands": LABELS, "assignment": {"table": table}, "tariff": {"prices": [price]}}
    problems = covering_problems(BandProfile.model_validate(profile))
    dead = {
        int(problem.place.rpartition(".")[2])
        for problem in problems
        if problem.rule == "unreachable"
    }
    return {**table, "rows": [row for at, row in enumerate(table["rows"]) if at not in dead]}


@st.composite
def top_up_rules(draw) -> dict:
    """Draw how a price becomes what is paid."""
    rule = {"calendar": draw(calendars())}
    if draw(st.booleans()):
        rule["pays_when"] = draw(conditions(["sen_provision", "setting"]))
    if draw(st.sampled_from([True, False, False, False])):
        bands = st.lists(st.sampled_from(LABELS), min_size=1, max_size=2, unique=True)
        rule["pays_when"] = {**rule.get("pays_when", {}), "band": draw(bands)}
    if draw(st.booleans()):
        rule["part_time"] = {"full_time_hours": draw(st.sampled_from(["25", "30", "32.5", "0.01"]))}
    if draw(st.booleans()):
        settings = st.lists(st.sampled_from(CODES["setting"]), max_size=3, unique=True)
        rule["threshold"] = {
            "pounds": draw(pounds),
            "inside": draw(st.booleans()),
            "settings": draw(settings),
        }
    if draw(st.booleans()):
        until = draw(st.sampled_from(["2025-08-31", "2026-03-31"]))
        rule["protection"] = {
            "until": until,
            "pupil_percent": draw(perhaps_printed(st.decimals(0, 100, places=4).map(str))),
        }
    if draw(st.booleans()):
        rule["backdating"] = {"weeks": draw(st.integers(1, 30))}
    for name in ("floor", "cap"):
        if draw(st.booleans()):
            rule[name] = draw(pounds)
    return rule


@st.composite
def banded_rule_sets(draw):
    """Draw a rule set that pays top-ups by band."""
    tariff = {"prices": draw(st.lists(prices(), min_size=1, max_size=6))}
    tariff["modifiers"] = draw(st.lists(modifiers(), max_size=2))
    if any("units" in price for price in tariff["prices"]):
        tariff["unit_value"] = draw(pounds | dated_pounds())
    change = perhaps_printed(st.decimals("-5", "12", places=2).map(str))
    if draw(st.booleans()):
        dated = [{"from": day, "value": draw(change)} for day in ("2025-04-01", "2025-09-01")]
        tariff["uprating_percent"] = draw(st.sampled_from([dated, dated[1:], dated[0]["value"]]))
        tariff["uprated_to_nearest"] = draw(st.sampled_from(["0.01", "1", "10"]))
    if draw(st.booleans()):
        tariff["area_cost_adjustment"] = draw(st.decimals("0.9", "1.2", places=5).map(str))
    profile = {"bands": list(LABELS), "assignment": draw(assignments()), "tariff": tariff}
    return rule_set(band_profile=profile, top_up_rule=draw(top_up_rules()))


def decimals(highest: int, places: int):
    return st.decimals(0, highest, places=places) | st.sampled_from([Decimal(0), Decimal(highest)])


VALUES = {
    "urn": st.integers(1, 3),
    "year_group": st.integers(-2, 14),
    **{name: st.sampled_from(codes) for name, codes in CODES.items() if name != "phase"},
    "score": st.integers(0, 100),
    "points": st.integers(0, 45),
    "level_learning": st.integers(0, 4),
    "level_physical": st.integers(0, 3),
    "level": decimals(12, 3),
    "support_hours": decimals(40, 2),
    "hours": decimals(40, 2),
    "assessed_cost": decimals(90_000, 2),
    "exceptional_amount": decimals(90_000, 2),
    "group_size": st.integers(1, 9),
    "top_up": decimals(40_000, 2),
    "requested": st.dates(date(2024, 1, 1), date(2026, 3, 31)),
    "band": st.sampled_from(LABELS),
    "start": st.dates(date(2023, 1, 1), date(2026, 12, 31)),
    "end": st.dates(date(2023, 1, 1), date(2026, 12, 31)),
}


@st.composite
def pupils(draw, parts: int = 0) -> list[dict]:
    """Draw a few pupils of two authorities, anything of whom may be missing."""
    values = {name: st.none() | one | one for name, one in VALUES.items()}
    values["la"] = st.integers(201, 202)
    if parts:
        values["parts_on_roll"] = st.none() | st.integers(0, parts)
    drawn = draw(st.lists(st.fixed_dictionaries(values), min_size=1, max_size=12))
    return [pupil(**{**one, "pupil_key": f"pupil-{at}"}) for at, one in enumerate(drawn)]


def parts_of(rules) -> int:
    """Return the equal parts of the year in which presence may be given as a count; 0 where it may not."""
    top_ups = rules.top_ups
    ends_within = top_ups.protected_days < len(top_ups.calendar.cumulative) - 1
    return 0 if top_ups.protects_pupils and ends_within else top_ups.calendar.parts
