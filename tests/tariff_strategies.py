"""Prices and modifiers drawn at random, in every form that a document may use."""

from hypothesis import strategies as st

from engine.rules.prices import Quantity
from tests.condition_strategies import LABELS, conditions


def perhaps_printed(values):
    """Draw values of which a few are not printed."""
    return st.integers(0, 14).flatmap(lambda at: values if at else st.just("not printed"))


pounds = perhaps_printed(st.decimals("0", "40000", places=2).map(str))


@st.composite
def prices(draw) -> dict:
    """Draw a price: a sum, so much for each unit, both, a staffing ratio, or the assessed cost."""
    form = draw(st.sampled_from(["sum", "sum", "units", "each", "both", "staffing", "cost"]))
    extra = {"once": st.booleans(), "times_a_year": st.sampled_from([1, 3, 12, "38.5", "0.25"])}
    extra |= {"fraction": st.sampled_from(["1/3", "2/7", "3/2", "12/12"])}
    price = {"when": draw(conditions(["setting", "phase", "primary_need", "score", "urn"]))}
    price |= draw(st.fixed_dictionaries({}, optional={**extra, "band": st.sampled_from(LABELS)}))
    if form == "cost":
        price.pop("times_a_year", None)
        return price | {"assessed_cost": True}
    if form == "units":
        return price | {"units": draw(st.sampled_from(["1", "4.5", "0.333333", "0"]))}
    if form == "staffing":
        return price | {"staffing": draw(staffing())}
    if form in ("each", "both"):
        price |= {"pounds_each": draw(perhaps_printed(st.decimals("0", "900", places=2).map(str)))}
        price |= {"each": draw(st.sampled_from(list(Quantity)))}
        bounds = {"each_above": st.sampled_from(["13", "2.5"])}
        bounds |= {"each_up_to": st.sampled_from(["20", "25.25"])}
        price |= draw(st.fixed_dictionaries({}, optional=bounds))
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
        optional={"on_costs_percent": perhaps_printed(st.decimals(0, 60, places=4).map(str))},
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
    percent = st.fixed_dictionaries(
        {"percent": perhaps_printed(st.decimals(-20, 50, places=4).map(str))}
    )
    return modifier | draw(percent | st.fixed_dictionaries({"pounds": pounds}))


@st.composite
def dated_pounds(draw) -> list[dict]:
    """Draw a price that changes in the year."""
    return [{"from": day, "value": draw(pounds)} for day in ("2024-04-01", "2025-09-01")]
