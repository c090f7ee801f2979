"""What each changed clause of rules brings in pounds: what is answered. Money is pounds as text."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access import Asker
from app.http.disconnection import stop_if_caller_gone
from app.what_ifs.answers import EngineUsed, RulesUsed, TableNotice
from app.what_ifs.formatting import Pounds, Record, answer
from app.what_ifs.rules import ENGINE, refuse_without_percentages, rules_of, rules_used, top_ups_of
from app.what_ifs.schemas import RuleChangesRequest
from app.what_ifs.valuation import pupils_sent, schools_sent, unused
from engine.attribution import (
    Amounts,
    ClauseEffects,
    Valuation,
    clause_effects,
    pupil_amounts,
    school_amounts,
)
from engine.errors import PairRefused, Problem
from engine.notices import Notice, of_every_table
from engine.rules import CompiledRules


@dataclass(frozen=True, slots=True)
class ClauseBrings:
    """A clause that changes: its places with their values, null where a side has none, and what it brings.

    ``alone`` in the earlier rules, ``last`` where all else has changed.
    """

    places: tuple[str, ...]
    before: tuple[str | None, ...]
    after: tuple[str | None, ...]
    alone: Pounds
    last: Pounds


@dataclass(frozen=True, slots=True)
class RulesBring:
    """What a change of rules brings over the records that are known throughout, clause by clause.

    Clauses, ``others`` and the interaction add to the change, to the penny. ``others`` are all differences together that
    are no number of both rule sets; null where there is none.
    """

    records: int
    not_known: int
    before: Pounds
    after: Pounds
    change: Pounds
    clauses: tuple[ClauseBrings, ...]
    others: ClauseBrings | None
    interaction_alone: Pounds
    interaction_last: Pounds


@dataclass(frozen=True, slots=True)
class RuleChangesAnswer:
    """What each changed clause brings: to schools' notional SEN budgets, and to pupils' top-ups."""

    baseline: RulesUsed
    candidate: RulesUsed
    engine: EngineUsed
    notices: tuple[TableNotice, ...]
    schools: RulesBring | None
    pupils: RulesBring | None


def changes_of_rules(asker: Asker, session: Session, request: RuleChangesRequest) -> Record:
    """Return what each clause brings that differs between two rule sets."""
    requests = (request.baseline, request.candidate)
    before, after = (rules_of(asker, session, one) for one in requests)
    if request.pupils is None and request.schools is None:
        sentence = "is missing; send schools, pupils or both"
        raise PairRefused([Problem(sentence, "nothing-to-compare", place="body")])
    found: dict[str, ClauseEffects | None] = {"schools": None, "pupils": None}
    of_tables: list[tuple[Notice, ...]] = []
    if request.schools is not None:
        for one in (before, after):
            refuse_without_percentages(one)
        schools = schools_sent([before, after], request.schools, request)
        of_tables.append(schools.notices)
        value = school_amounts(schools, None, request.absent_lines)
        found["schools"] = clause_effects(before, after, _watched(value))
    if request.pupils is not None:
        for one in (before, after):
            top_ups_of(one)
        pupils = pupils_sent([before, after], request.pupils, request)
        of_tables.append(pupils.notices)
        found["pupils"] = clause_effects(before, after, _watched(pupil_amounts(pupils)))
    unread = unused(request.habits(), request.pupils, request.schools)
    notices = (*unread, *of_every_table(of_tables))
    used = [rules_used(asker, session, *one) for one in zip((before, after), requests, strict=True)]
    return {
        "baseline": used[0], "candidate": used[1], "engine": ENGINE,
        "notices": [one.record() for one in notices],
        **{name: None if one is None else answer(RulesBring, one) for name, one in found.items()},
    }  # fmt: skip


def _watched(value: Valuation) -> Valuation:
    """Return a valuation that stops once the caller has gone."""

    def watched(rules: CompiledRules) -> Amounts:
        stop_if_caller_gone()
        return value(rules)

    return watched
