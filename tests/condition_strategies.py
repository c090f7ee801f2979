"""Conditions of rules drawn at random: the codes and ranges that a row names."""

from hypothesis import strategies as st

from engine.vocabulary import Need, PupilPhase, SenProvision, Setting

LABELS = ("A", "B", "C", "D", "E")
CODES = {
    "sen_provision": list(SenProvision.__members__),
    "primary_need": list(Need.__members__),
    "secondary_need": list(Need.__members__),
    "setting": list(Setting.__members__),
    "phase": list(PupilPhase.__members__),
}
HIGHEST = {
    "score": 100,
    "points": 60,
    "support_hours": 40,
    "hours": 40,
    "group_size": 9,
    "level": 12,
    "assessed_cost": 90_000,
    "level_learning": 4,
    "level_physical": 3,
}
PARTED = {"support_hours", "hours", "level", "assessed_cost"}
DIMENSIONS = {"learning": {"weight": 3, "highest": 4}, "physical": {"weight": 5, "highest": 3}}


@st.composite
def ranges(draw, name: str) -> str:
    """Draw a number, a range or an open end of an input."""
    lowest = {"year_group": -2, "urn": 1, "group_size": 1}.get(name, 0)
    low = draw(st.integers(lowest, HIGHEST.get(name, 13)))
    high = draw(st.integers(max(low, 0), HIGHEST.get(name, 14)))
    part = draw(st.sampled_from(["", ".5", ".25"])) if name in PARTED else ""
    return draw(st.sampled_from([f"{low}{part}", f"{low}-{high}{part}", f"{low}{part}+"]))


def choices(name: str):
    """Draw the codes or ranges that a row names for an input."""
    each = st.sampled_from(CODES[name]) if name in CODES else ranges(name)
    return st.lists(each, min_size=1, max_size=4, unique=True)


def conditions(names):
    """Draw what must hold for a row."""
    return st.fixed_dictionaries({}, optional={name: choices(name) for name in names})
