"""Workings that people can follow: what the modules of a run say of one school, pupil or authority.

Nothing here is stored: the same rules and tables give the same explanation.
"""

from functools import reduce

from engine.errors import PairRefused, Problem
from engine.modules.allocation import Allocation, P, V
from engine.modules.explanation import Explanation, Working
from engine.modules.school_formula.sheet import school_sheet
from engine.modules.school_formula.sheet_parts import SheetPart, parts_after
from engine.modules.school_formula.working import explain_school
from engine.modules.targeted.working import calls_workings, targeted_working
from engine.modules.top_ups.working import SENTENCES, explain_pupil
from engine.run import SCHOOLS_AND_PUPILS, Outcome
from engine.steps import Operator, Row, Unit, label_of, words_of
from engine.steps.formulas import COLUMN, SheetRow
from engine.steps.rows import grouped

__all__ = [
    "COLUMN",
    "SENTENCES",
    "Explanation",
    "Operator",
    "Row",
    "SheetPart",
    "SheetRow",
    "Unit",
    "Working",
    "calls_workings",
    "explain",
    "explain_allocation",
    "explain_pupil",
    "explain_school",
    "grouped",
    "label_of",
    "parts_after",
    "school_sheet",
    "targeted_working",
    "words_of",
]


def explain(outcome: Outcome, subject: str) -> Explanation:
    """Return the working of a school by its reference number, else of a pupil by the key.

    A school's ends with what protects its top-ups.
    Raises ``PairRefused``, which names no pupil, where neither was valued.
    """
    modules = [one for one in SCHOOLS_AND_PUPILS.modules if outcome.of(one) is not None]
    found = [one for each in modules if (one := each.explanation(outcome.of(each), subject))]
    if not found:
        subjects = " and no ".join(one.subject for one in modules)
        raise PairRefused([Problem(f"not found: no {subjects} was valued", "unknown-subject")])
    # A pupil whose key is a school's number is not that school.
    return reduce(Explanation.then, (one for one in found if one.subject == found[0].subject))


def explain_allocation(outcome: Allocation[P, V], subject: str) -> Explanation:
    """Return the working of the rows of an authority or school, by what the first column of the key has.

    Raises ``PairRefused`` where there is none, ``NotReconciled`` where steps do not come to what a row comes to.
    """
    module = outcome.module
    found = module.explanation(outcome, subject)
    if found is None:
        sentence = f"not found: no {module.subject} has this {module.key[0]}"
        raise PairRefused([Problem(sentence, "unknown-subject")])
    return found
