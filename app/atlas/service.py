"""Published rule sets side by side, valued on the schools of a body; nothing is kept."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.access import Asker
from app.atlas.schemas import RuleSetRequest
from app.rule_sets.service import later, rules_in_force
from app.what_ifs.schemas import Schools
from app.what_ifs.valuation import schools_sent, value
from engine.errors import PairRefused, Problem
from engine.lab.atlas import Side, atlas, atlas_record
from engine.modules import AbsentLines
from engine.rules import CompiledRules


def side_by_side(
    asker: Asker,
    session: Session,
    requests: Sequence[RuleSetRequest],
    schools: Schools | None = None,
    absent: AbsentLines = AbsentLines.refused,
) -> dict[str, Any]:
    """Return rule sets side by side as plain values."""
    rules = [
        rules_in_force(asker, session, one.rule_set, one.on, version=one.version, known=one.known)
        for one in requests
    ]
    sides = [Side(one) for one in rules] if schools is None else _valued(rules, schools, absent)
    record = atlas_record(atlas(sides))
    said = [_knowledge(asker, session, *both) for both in zip(requests, rules, strict=True)]
    return record | {"rule_sets": [a | b for a, b in zip(record["rule_sets"], said, strict=True)]}


def _knowledge(
    asker: Asker, session: Session, request: RuleSetRequest, rules: CompiledRules
) -> dict[str, str | None]:
    """Return on which day's knowledge of the rules an answer rests, and what is used today in their place."""
    after = later(
        asker, session, request.rule_set, rules.document.version, on=request.on,
        version=request.version, known=request.known,
    )  # fmt: skip
    return {
        "known": None if request.known is None else request.known.isoformat(),
        "later": None if after is None else after.sentence,
    }


def _valued(rules: Sequence[CompiledRules], schools: Schools, absent: AbsentLines) -> list[Side]:
    """Return each rule set with the schools valued under it, where it has a formula."""
    formulas = [one for one in rules if one.formula is not None]
    if not formulas:
        sentence = "none of these rule sets has a schools formula; remove the schools"
        raise PairRefused([Problem(sentence, "no-formula", place="schools")])
    table = schools_sent(formulas, schools)
    return [
        Side(one, None if one.formula is None else value(one, table, absent=absent).notional)
        for one in rules
    ]
