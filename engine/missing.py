"""Why something is not known, in the words of those who read it: the only place that has them."""

from enum import StrEnum


class Missing(StrEnum):
    """A reason why a part of an answer is not known; every page, answer and file prints these words."""

    figure = "the figure is not given"
    year_groups = "the year groups of each age are not given"
    fringe = "the London fringe multiplier is not given"
    last_year = "the figures of last year are not given"
    parts = "it depends on a part that is not known"
    sen_support_pupils = "the number of pupils on SEN support is not given"
    sen_support_cost = "the assumed cost of a pupil on SEN support is not given"
    plans = "the number of EHC plans is not given"
    threshold = "these rules name no threshold for a plan"
    budget = "the whole notional SEN budget is not known"
    pupils = "the number of pupils is not known"
    other_schools = "it depends on other schools, as these rules share one total among them"
    later = "these rules are not in force on this day"
