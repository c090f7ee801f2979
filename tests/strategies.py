"""Rule sets and pupils drawn at random, within what a document and a table may say."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import strategies as st

from engine.rules.assignment import covering_problems
from engine.rules.bands import BandProfile
from engine.vocabulary import Need, PupilPhase, SenProvision, Setting
from tests.builders import a_year, pupil, rule_set

LABELS = ("A", "B", "C", "D", "E")
CODES = {
    "sen_provision": list(SenProvision.__members__),
    "primary_need": list(Need.__members__),
    "secondary_need": list(Need.__members__),
    "setting": list(Setting.__members__),
    "phase": list(PupilPhase.__members__),
}
HIGHEST = {"score": 100, "points": 60, "support_hours": 40}
DIMENSIONS = {"learning": {"weight": 3, "highest": 4}, "physical": {"weight": 5, "highest": 3}}


@st.composite
def ranges(draw, name: str) -> str:
    """Draw a number, a range or an open end of an input."""
    low = draw(st.integers({"year_group": -2, "urn": 1}.get(name, 0), HIGHEST.get(name, 13)))
    high = draw(st.integers(max(low, 0), HIGHEST.get(name, 14)))
    part = draw(st.sampled_from(["", ".5", ".25"])) if name == "support_hours" else ""
    return draw(st.sampled_from([f"{low}{part}", f"{low}-{high}{part}", f"{low}{part}+"]))


def choices(name: str):
    """Draw the codes or ranges that a row names for an input."""
    each = st.sampled_from(CODES[name]) if name in CODES else ranges(name)
    return st.lists(each, min_size=1, max_size=4, unique=True)


def conditions(names):
    """Draw what must hold for a row."""
    return st.fixed_dictionaries({}, optional={name: choices(name) for name in names})


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
        return {
            "table": reached({"hit_policy": "first", "inputs": inputs, "gaps": True, "rows": rows})
        }
    cuts = sorted(draw(st.sets(st.integers(0, 40), min_size=2, max_size=6)))
    steps = [
        {"band": draw(st.sampled_from(LABELS)), "from": low, "to": draw(st.integers(low, high - 1))}
        for low, high in pairwise(cuts)
    ]
    dimensions = DIMENSIONS if form == "levels" else {}
    return {"points": {"steps": steps, "gaps": True, "dimensions": dimensions}}


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


pounds = st.decimals("0", "40000", places=2).map(str)


@st.composite
def prices(draw) -> dict:
    """Draw a price: a sum, so much for each unit, both, a staffing ratio, or the assessed cost."""
    form = draw(st.sampled_from(["sum", "sum", "each", "both", "staffing", "cost"]))
    extra = {"once": st.booleans(), "times_a_year": st.sampled_from([1, 3, 12, 38])}
    price = {"when": draw(conditions(["setting", "phase", "primary_need", "score", "urn"]))}
    price |= draw(st.fixed_dictionaries({}, optional={**extra, "band": st.sampled_from(LABELS)}))
    if form == "cost":
        price.pop("times_a_year", None)
        return price | {"assessed_cost": True}
    if form == "staffing":
        return price | {"staffing": draw(staffing())}
    if form in ("each", "both"):
        price |= {"pounds_each": draw(st.decimals("0", "900", places=2).map(str))}
        price |= {"each": draw(st.sampled_from(["support_hours", "level", "exceptional_amount"]))}
        price |= {"shared_in_group": draw(st.booleans())}
    return price if form == "each" else price | {"pounds": draw(pounds | dated_pounds())}


@st.composite
def staffing(draw) -> dict:
    """Draw a staffing ratio."""
    adult = st.fixed_dictionaries(
        {
            "role": st.just("Teacher"),
            "salary": pounds,
            "number": st.sampled_from(["1", "0.5", "1.333333"]),
        },
        optional={"on_costs_percent": st.decimals(0, 60, places=4).map(str)},
    )
    return {
        "adults": draw(st.lists(adult, min_size=1, max_size=3)),
        "pupils": draw(st.sampled_from(["7", "1.5"])),
    }


@st.composite
def modifiers(draw) -> dict:
    """Draw a percentage or a sum added to prices where its conditions hold."""
    modifier = {"label": "More", "when": draw(conditions(["setting", "year_group"]))}
    if draw(st.booleans()):
        modifier["band"] = draw(st.sampled_from(LABELS))
    percent = st.fixed_dictionaries({"percent": st.decimals(-20, 50, places=4).map(str)})
    return modifier | draw(percent | st.fixed_dictionaries({"pounds": pounds}))


@st.composite
def dated_pounds(draw) -> list[dict]:
    """Draw a price that changes in the year."""
    return [{"from": day, "value": draw(pounds)} for day in ("2024-04-01", "2025-09-01")]


@st.composite
def calendars(draw) -> dict:
    """Draw a calendar: days, a leap year, count dates, school days, or parts without dates."""
    form = draw(st.sampled_from(["days", "leap", "terms", "school", "parts", "uneven"]))
    whole = {"source": "example", "standing": "proposed"}
    if form == "days":
        return a_year()
    if form == "leap":
        return a_year("2023-09-01", "2024-08-31")
    if form == "parts":
        return whole | {"parts": {"number": draw(st.integers(1, 200)), "part": "week"}}
    if form == "school":
        closures = draw(
            st.lists(st.dates(date(2025, 4, 1), date(2026, 3, 31)).map(str), max_size=9)
        )
        terms = [
            {"name": "Summer", "first": "2025-04-22", "last": "2025-07-22"},
            {"name": "Autumn", "first": "2025-09-01", "last": "2025-12-19"},
        ]
        return {**a_year(), "terms": terms, "closures": closures} | whole | {
            "periods": [{**a_year()["periods"][0], "presence": "school_days"}]
        }  # fmt: skip
    return whole | {"periods": draw(three_terms(by_days=form == "uneven"))}


@st.composite
def three_terms(draw, *, by_days: bool) -> list[dict]:
    """Draw three periods with weights, counted by days or on a day."""
    spans = [(date(2025, 9, 1), 122), (date(2026, 1, 1), 90), (date(2026, 4, 1), 153)]
    periods = []
    for number, (first, length) in enumerate(spans):
        period = {
            "name": f"Term {number}",
            "first": str(first),
            "last": str(first + timedelta(length - 1)),
            "weight": draw(st.integers(1, 5)),
            "presence": "calendar_days" if by_days else "count_date",
        }
        if not by_days:
            period["count_on"] = str(first + timedelta(draw(st.integers(0, length - 1))))
        periods.append(period)
    return periods


@st.composite
def top_up_rules(draw) -> dict:
    """Draw how a price becomes what is paid."""
    rule = {"calendar": draw(calendars())}
    if draw(st.booleans()):
        rule["pays_when"] = draw(conditions(["sen_provision", "setting"]))
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
            "pupil_percent": draw(st.decimals(0, 100, places=4).map(str)),
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
    change = st.decimals("-5", "12", places=2).map(str)
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
