"""Schools formulas, schools and their pupils drawn at random."""

from fractions import Fraction

from hypothesis import strategies as st

from tests.builders import NOT_APPLICABLE, pupil, rule_set, school
from tests.strategies import decimals
from tests.tariff_strategies import perhaps_printed

FLAGS = ("fsm", "fsm6", "eal3", "mobility", "looked_after", "low_prior_attainment")
PHASES = ("primary", "secondary", "all_through", "middle", "special", "nursery")
COUNTED_BY = (
    ("primary", "ks3", "ks4"),
    ("primary", "ks3"),
    ("ks3", "ks4"),
    ("primary", "secondary"),
    ("all",),
)
"""The phases by which formulas count their pupils."""

PERCENT = st.decimals(0, 100, places=4).map(str)
SHARE = perhaps_printed(PERCENT)
VALUE = perhaps_printed(st.decimals(0, 9_000, places=2).map(str))
LARGE = perhaps_printed(st.decimals(0, 200_000, places=2).map(str))


def lines(phases, value, *, weighted: bool = False):
    """Draw a factor's lines for some of its phases."""
    parts = {"unit_value": value} if value is not None else {}
    optional = {"notional_percent": SHARE}
    if weighted:
        years = st.sampled_from([f"year_{year}" for year in ("reception", *range(1, 12))])
        optional["year_weights"] = st.dictionaries(
            years, st.decimals(0, 2, places=6).map(str), max_size=3
        )
    line = st.fixed_dictionaries(parts, optional=optional)
    chosen = st.lists(st.sampled_from(phases), min_size=1, unique=True)
    return chosen.flatmap(lambda names: st.fixed_dictionaries(dict.fromkeys(names, line)))


def prior_amount(removed: bool | None):
    """Draw which year's amount of a factor is taken off last year's budget, where one is."""
    years = st.sampled_from([{}, {"prior_amount": "this_year"}, {"prior_amount": "last_year"}])
    return years if removed else st.just({})


@st.composite
def factor(draw, counts: str, phases, value, **extra) -> dict:
    """Draw a factor with its marks."""
    marks = ("area_adjusted", "in_minimum_base", "in_guarantee", "removed_from_prior", "in_fringe")
    drawn = draw(st.fixed_dictionaries({}, optional=dict.fromkeys(marks, st.booleans())))
    weighted = counts == "pupils" and draw(st.booleans())
    return {
        "label": "Factor",
        "counts": counts,
        **extra,
        **drawn,
        **draw(prior_amount(drawn.get("removed_from_prior"))),
        **draw(lines(phases, value, weighted=weighted)),
    }


@st.composite
def sparsity(draw) -> dict:
    """Draw how small and how far from others a school must be."""
    end = draw(st.integers(1, 60))
    rule = {"pupils_per_year": str(end), "full_below": str(draw(st.integers(0, end)))}
    if draw(st.booleans()):
        rule |= {"miles": "2", "tapers_from_miles": draw(st.sampled_from(["1.6", "2"]))}
    return rule


@st.composite
def formulas(draw) -> dict:
    """Draw a schools formula of a few factors."""
    stages = draw(st.sampled_from(COUNTED_BY))
    line = st.fixed_dictionaries({"unit_value": VALUE}, optional={"notional_percent": SHARE})
    factors = {
        "basic_entitlement": {
            "label": "All",
            "counts": "pupils",
            **{stage: draw(line) for stage in stages},
        }
    }
    for name in draw(
        st.lists(st.sampled_from([*FLAGS, "idaci_a", "idaci_f"]), max_size=3, unique=True)
    ):
        where = (
            {"idaci": name[-1].upper()} if name.startswith("idaci") else {name: draw(st.booleans())}
        )
        above = {"only_above_percent": draw(PERCENT)} if draw(st.booleans()) else {}
        phases = ("primary", "ks3", "ks4", "secondary", "middle", "all_through", "all")
        factors[name] = draw(factor("pupils", phases, VALUE, where=where, **above))
    if draw(st.booleans()):
        phases = ("primary", "secondary", "middle", "all_through", "all")
        factors["lump_sum"] = draw(factor("school", phases, LARGE))
    if draw(st.booleans()):
        factors["sparsity"] = draw(
            factor("sparsity", phases=("primary", "middle", "all"), value=LARGE)
        )
        for phase in ("primary", "middle", "all"):
            if phase in factors["sparsity"]:
                factors["sparsity"][phase]["sparsity"] = draw(sparsity())
    if draw(st.booleans()):
        factors["rates"] = draw(factor("amount", ("primary", "all"), None))
    formula = {"pupils_counted_by": "basic_entitlement", "factors": factors}
    formula["reception_uplift"] = draw(st.booleans())
    formula |= draw(
        st.sampled_from(
            [{}, {"fringe": True}, {"year_days": 365}, {"fringe": True, "year_days": 366}]
        )
    )
    if draw(st.booleans()):
        area = st.decimals("0.9", "1.2", places=6).map(str)
        formula["area_cost_adjustment"] = draw(perhaps_printed(area))
    if draw(st.booleans()):
        optional = {"ks3": VALUE, "ks4": VALUE, "secondary": VALUE, "notional_percent": SHARE}
        formula["minimum_per_pupil"] = draw(
            st.fixed_dictionaries({"primary": VALUE}, optional=optional)
        )
    if draw(st.booleans()):
        change = perhaps_printed(st.decimals(-5, 20, places=4).map(str))
        optional = {"guarantee_percent": change, "cap_percent": change, "scaling_percent": SHARE}
        formula["protection"] = draw(
            st.fixed_dictionaries({}, optional=optional | {"notional_percent": SHARE})
        )
    return formula


@st.composite
def formula_rule_sets(draw):
    """Draw a rule set with a schools formula."""
    return rule_set(schools_formula=draw(formulas()))


def cells(scale: int, highest: int, lowest: int = 0):
    """Draw what a school's cell may hold: a number, nothing, or that none applies."""
    number = st.integers(lowest * scale, highest * scale).map(lambda whole: Fraction(whole, scale))
    return number | number | st.sampled_from([None, NOT_APPLICABLE])


def pounds(highest: int):
    """Draw what a school's amount of a line may be: one taken back is negative."""
    return cells(100, highest, -highest)


@st.composite
def schools(draw, document, *, counted: bool) -> list[dict]:
    """Draw schools with a column for every line, or for those alone that pupils do not give."""
    columns = {
        "phase": st.sampled_from(PHASES),
        "primary_years": st.none() | st.integers(0, 7),
        "ks3_years": st.none() | st.integers(0, 3),
        "ks4_years": st.none() | st.integers(0, 2),
        "prior_budget": st.sampled_from([None, "none"]) | decimals(5_000_000, 2),
        "prior_pupils": st.sampled_from([None, "none", 0]) | decimals(1_500, 2),
        "reception_difference": st.none() | decimals(9, 6).map(Fraction),
        "london_fringe": st.none() | st.decimals(1, 2, places=6).map(Fraction),
        "days_open": st.none() | st.integers(0, 366),
    }
    for key, one, _ in document.schools_formula.lines():
        if (one.removed_from_prior or not one.in_guarantee) and draw(st.booleans()):
            columns[f"prior_amount_{draw(st.sampled_from([key.name, key.factor]))}"] = pounds(
                90_000
            )
        if one.counts == "amount":
            columns[f"amount_{key.name}"] = pounds(90_000)
        elif one.counts == "sparsity":
            columns["sparsity_distance"] = st.none() | decimals(4, 6).map(Fraction)
        elif one.counts == "school":
            continue
        elif not counted or draw(st.booleans()):
            columns[f"units_{key.name}"] = cells(1_000_000, 1_200)
            if draw(st.booleans()):
                columns[f"amount_{key.name}"] = pounds(2_000_000)
    drawn = draw(st.lists(st.fixed_dictionaries(columns), min_size=1, max_size=4))
    document_lines = [key for key, _, _ in document.schools_formula.lines()]
    return [
        school(**{**_given_once(_taken_off_once(one, document_lines)), "urn": 2 * at + 1})
        for at, one in enumerate(drawn)
    ]


def _taken_off_once(drawn: dict, lines) -> dict:
    """Return a school that gives last year's amount of each line in one column."""
    for key in lines:
        own, group = f"prior_amount_{key.name}", f"prior_amount_{key.factor}"
        if own != group and isinstance(drawn.get(group), Fraction):
            drawn.pop(own, None)
    return drawn


def _given_once(drawn: dict) -> dict:
    """Return a school whose lines are each given in one form."""
    for name, value in drawn.items():
        units = name.replace("amount_", "units_")
        if units != name and isinstance(value, Fraction) and isinstance(drawn.get(units), Fraction):
            drawn[units] = None
    return drawn


@st.composite
def pupils_at(draw, schools: list[dict]) -> list[dict]:
    """Draw pupils at some of the schools, and at some that the table does not hold."""
    values = {name: st.none() | st.booleans() | st.booleans() for name in FLAGS}
    values["idaci"] = st.none() | st.sampled_from(["A", "F", "G"])
    values["year_group"] = st.none() | st.integers(-2, 14) | st.integers(0, 11)
    values["urn"] = st.none() | st.integers(0, 2 * len(schools))
    values["la"] = st.integers(201, 202)
    drawn = draw(st.lists(st.fixed_dictionaries(values), min_size=1, max_size=25))
    return [pupil(**{**one, "pupil_key": f"pupil-{at}"}) for at, one in enumerate(drawn)]
