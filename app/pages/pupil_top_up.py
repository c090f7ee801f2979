"""One pupil's top-up with its working: asked without a key or a name, and kept in no address."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.pages.answers import KNOWN, VERSION
from app.pages.plans import PLANS, PlanForm, plan_case, plan_form, plan_rules
from engine.band_prices import explain_case
from engine.explain import Explanation
from engine.rules import CompiledRules

ONE = {f"{PLANS}_1": "1"}


@dataclass(frozen=True, slots=True)
class PupilTopUp:
    """The questions about one pupil with their answers, and the working of the top-up where it can be worked out."""

    form: PlanForm
    explanation: Explanation | None


def pupil_top_up(rules: CompiledRules, sent: Mapping[str, str]) -> PupilTopUp:
    """Return the questions about one pupil, and what the answers come to; without answers the questions alone."""
    answered = {name: text for name, text in sent.items() if name not in {VERSION, KNOWN}}
    form = plan_form(rules, None, answered | (ONE if answered else {}), rows=1)
    if form.result is None:
        return PupilTopUp(form, None)
    case = plan_case(rules, rules, form.rows[0])
    return PupilTopUp(form, explain_case(plan_rules(rules).paid, case))
