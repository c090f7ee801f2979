"""Published rule sets side by side, valued on the schools of a body; nothing is kept."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from sqlalchemy.orm import Session

from app.access import Asker
from app.atlas.schemas import RuleSetWanted
from app.calculations.rules import rules_on
from app.calculations.schemas import Schools
from app.calculations.schools import FIRST_ROW, value_table
from engine.errors import PairRefused, Problem
from engine.lab.atlas import Side, atlas, atlas_record
from engine.modules.school_formula.missing_lines import AbsentLines
from engine.reading import records, school_table
from engine.rules.compiled import CompiledRules


def laid(
    asker: Asker,
    session: Session,
    wanted: Sequence[RuleSetWanted],
    schools: Schools | None = None,
    absent: AbsentLines = AbsentLines.refused,
) -> dict[str, Any]:
    """Return rule sets side by side as plain values."""
    rules = [rules_on(asker, session, one.rule_set, one.on, one.version) for one in wanted]
    sides = [Side(one) for one in rules] if schools is None else _valued(rules, schools, absent)
    return atlas_record(atlas(sides))


def _valued(rules: Sequence[CompiledRules], schools: Schools, absent: AbsentLines) -> list[Side]:
    """Return each rule set with the schools valued under it, where it has a formula."""
    columns = [one.wanted for one in rules if one.formula is not None]
    if not columns:
        sentence = "none of these rule sets has a schools formula; remove the schools"
        raise PairRefused([Problem(sentence, "no-formula", place="schools")])
    table = school_table(records(schools), reduce(or_, columns), first_row=FIRST_ROW)
    return [
        Side(one, None if one.formula is None else value_table(one, one.formula, table, absent))
        for one in rules
    ]
