"""What-ifs: published rules, values to try and records in; pence by the engine; nothing kept."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from sqlalchemy.orm import Session

from app.access import Asker
from app.http.disconnection import stop_if_caller_gone
from app.what_ifs.allocation_answers import (
    BlockPaid,
    CallsChecked,
    PlacesPaid,
    SchoolPaid,
    TermPaid,
)
from app.what_ifs.answers import (
    CallsExpected,
    FigureWarning,
    Lift,
    Payment,
    PupilValued,
    Reason,
    RowsRead,
    SchoolTotals,
    SchoolValued,
    Sum,
)
from app.what_ifs.comparison import pupils_compared, schools_compared, schools_paid
from app.what_ifs.formatting import Record, answer
from app.what_ifs.rules import (
    ENGINE,
    refuse_without_percentages,
    rules_of,
    rules_used,
    top_ups_of,
)
from app.what_ifs.schemas import (
    AllocationRequest,
    BlockRequest,
    ComparisonRequest,
    NotionalSenRequest,
    PlacesRequest,
    RulesRequest,
    TargetedRequest,
    TopUpsRequest,
    WorkingDetail,
)
from app.what_ifs.statements import AuthoritiesRequest
from app.what_ifs.valuation import (
    FIRST_ROW,
    Records,
    pupils_sent,
    schools_sent,
    unused,
    value,
    value_pupils,
    value_schools,
)
from engine.compare import compare
from engine.errors import PairRefused, Problem
from engine.explain import explain_pupil, explain_school
from engine.modules import (
    HIGH_NEEDS_BLOCK,
    NO_OPTIONS,
    PLACES,
    SCHOOL_FORMULA,
    TARGETED_FUNDING,
    TOP_UPS,
    Allocation,
    AllocationModule,
    ModuleOutcome,
    NotionalOutcome,
    Options,
    P,
    TopUpOutcome,
    V,
)
from engine.money import known_pounds, pence, pounds
from engine.notices import Notice, of_every_table
from engine.reading import ANYONE, records
from engine.rules import CompiledRules
from engine.rules.authorities import commissioners_of
from engine.run import Outcome
from engine.schedule import Schedule, payment_schedule
from engine.statement import (
    PlausibilityWarning,
    ReasonCount,
    Statements,
    allocation_warnings,
    outcome_warnings,
    pupil_reasons,
    pupil_warnings,
    school_reasons,
    school_warnings,
    spell_statements,
    top_up_sums,
)
from engine.statement import SchoolTotals as SchoolTotalsStatement

ADJUSTMENTS = ("fringe", "minimum_per_pupil", "protection")


def notional_sen(asker: Asker, session: Session, request: NotionalSenRequest) -> Record:
    """Value the notional SEN budgets of schools."""
    rules = rules_of(asker, session, request)
    outcome = value_schools(rules, request.schools, request.absent_lines, request)
    cost = _cost(request.sen_support_cost)
    schools = (
        school_totals(outcome, cost)
        if request.detail is WorkingDetail.none
        else schools_valued(outcome, cost, explain=request.detail is WorkingDetail.whole)
    )
    return _answered(
        asker,
        session,
        rules,
        request,
        [SCHOOL_FORMULA.name],
        outcome,
        unused(request.habits(), request.schools),
        rows=answer(RowsRead, outcome.schools.row_counts),
        missing=_reasons(school_reasons(outcome)),
        warnings=_warnings(school_warnings(outcome, cost)),
        schools=schools,
    )


def top_ups(asker: Asker, session: Session, request: TopUpsRequest) -> Record:
    """Value the bands and top-ups of pupils."""
    rules = rules_of(asker, session, request)
    top_ups_of(rules)
    outcome = value_pupils(rules, request.pupils, request)
    total, groupings = top_up_sums(outcome)
    divided = request.schedule
    schedule = None if divided is None else payment_schedule(outcome, divided)
    return _answered(
        asker,
        session,
        rules,
        request,
        [TOP_UPS.name],
        outcome,
        unused(request.habits(), request.pupils),
        rows=answer(RowsRead, outcome.pupils.row_counts),
        total=answer(Sum, total),
        missing=_reasons(pupil_reasons(outcome)),
        warnings=_warnings(pupil_warnings(outcome)),
        schedule=None if schedule is None else list(_payments(outcome, schedule)),
        pupils=pupils_valued(
            outcome, explain=request.detail is WorkingDetail.whole, schedule=schedule
        ),
        sums=[
            {"by": kind, "groups": [answer(Sum, one) for one in groups]}
            for kind, groups in groupings.items()
        ],
    )


def comparison(asker: Asker, session: Session, request: ComparisonRequest) -> Record:
    """Compare a candidate with a baseline over the same schools, pupils, or both."""
    requests = (request.baseline, request.candidate)
    sides = [rules_of(asker, session, one) for one in requests]
    if request.pupils is None and request.schools is None:
        sentence = "is missing; send schools, pupils or both"
        raise PairRefused([Problem(sentence, "nothing-to-compare", place="body")])
    pupils = schools = paid = None
    rows: dict[str, Record | None] = {"schools": None, "pupils": None}
    of_tables: list[tuple[Notice, ...]] = []
    warnings: list[PlausibilityWarning] = []
    if request.pupils is not None:
        for rules in sides:
            top_ups_of(rules)
        table = pupils_sent(sides, request.pupils, request)
        valued = [value(rules, pupils=table) for rules in sides]
        of_tables.append(tuple(dict.fromkeys(said for one in valued for said in one.notices)))
        warnings += _of_all(valued)
        change = compare(*valued)
        rows["pupils"] = answer(RowsRead, table.row_counts)
        pupils = pupils_compared(change)
        paid = None if change.placed is None else schools_paid(change)
    if request.schools is not None:
        for rules in sides:
            refuse_without_percentages(rules)
        register, absent = schools_sent(sides, request.schools, request), request.absent_lines
        of_tables.append(register.notices)
        valued = [value(rules, register, absent=absent) for rules in sides]
        warnings += _of_all(valued)
        change = compare(*valued)
        schools = schools_compared(change)
        rows["schools"] = answer(RowsRead, register.row_counts)
    unread = unused(request.habits(), request.pupils, request.schools)
    notices = (*unread, *of_every_table(of_tables))
    given = {SCHOOL_FORMULA.name: request.schools, TOP_UPS.name: request.pupils}
    modules = [name for name, records in given.items() if records is not None]
    before, after = (
        rules_used(asker, session, *one, modules) for one in zip(sides, requests, strict=True)
    )
    said = {"notices": [one.record() for one in notices], "warnings": _warnings(warnings)}
    parts = {"rows": rows, "pupils": pupils, "schools": schools, "schools_paid": paid}
    return {"baseline": before, "candidate": after, "engine": ENGINE, **said, **parts}


def _of_all(valued: Iterable[Outcome]) -> Iterator[PlausibilityWarning]:
    """Yield what may be wrong with the figures of some outcomes."""
    return (one for outcome in valued for part in outcome_warnings(outcome) for one in part)


def places(asker: Asker, session: Session, request: PlacesRequest) -> Record:
    """Work out the money for places."""
    rules, outcome = _allocation(asker, session, request, PLACES, request.places)
    paid = [answer(PlacesPaid, one) for one in outcome.valued]
    rows = answer(RowsRead, outcome.row_counts)
    total = pounds(outcome.total)
    return _answered(
        asker,
        session,
        rules,
        request,
        [PLACES.name],
        outcome,
        rows=rows,
        warnings=_warnings(allocation_warnings(outcome)),
        total=total,
        places=paid,
    )


def high_needs_block(asker: Asker, session: Session, request: BlockRequest) -> Record:
    """Add up authorities' high needs blocks."""
    rules, outcome = _allocation(asker, session, request, HIGH_NEEDS_BLOCK, request.authorities)
    labels = {name: term.label for name, term in outcome.part.rule.terms.items()}
    blocks = []
    for one in outcome.valued:
        amounts = {name: known_pounds(one.amount.term(name)) for name in one.amount.terms}
        terms = [TermPaid(name, labels[name], amount) for name, amount in amounts.items()]
        blocks.append(answer(BlockPaid, one, terms=terms))
    rows = answer(RowsRead, outcome.row_counts)
    total = pounds(outcome.total)
    return _answered(
        asker,
        session,
        rules,
        request,
        [HIGH_NEEDS_BLOCK.name],
        outcome,
        rows=rows,
        warnings=_warnings(allocation_warnings(outcome)),
        total=total,
        authorities=blocks,
    )


def targeted_funding(asker: Asker, session: Session, request: TargetedRequest) -> Record:
    """Work out what schools with many plans are paid, and their budgets against their calls."""
    options = Options(_cost(request.sen_support_cost))
    rules, outcome = _allocation(
        asker, session, request, TARGETED_FUNDING, request.schools, options
    )
    paid = []
    for one in outcome.valued:
        calls = None if one.calls is None else answer(CallsChecked, one)
        paid.append(answer(SchoolPaid, one, expected_calls=calls))
    return _answered(
        asker,
        session,
        rules,
        request,
        [TARGETED_FUNDING.name],
        outcome,
        warnings=_warnings(allocation_warnings(outcome)),
        total=pounds(outcome.total),
        schools=paid,
    )


def _allocation(
    asker: Asker,
    session: Session,
    request: AllocationRequest,
    module: AllocationModule[P, V],
    sent: Records,
    options: Options = NO_OPTIONS,
) -> tuple[CompiledRules, Allocation[P, V]]:
    """Return an authority's records valued, and the rules that valued them."""
    rules = rules_of(asker, session, request)
    habits = request.habits(module.columns(module.required(rules)))
    commissioners = ANYONE
    if isinstance(request, AuthoritiesRequest):
        commissioners = commissioners_of([rules], request.la_map, request.other_authorities)
    outcome = module.allocate(
        rules,
        records(sent),
        options,
        first_row=FIRST_ROW,
        habits=habits,
        commissioners=commissioners,
    )
    return rules, outcome


def _answered(
    asker: Asker,
    session: Session,
    rules: CompiledRules,
    request: RulesRequest,
    modules: Sequence[str],
    outcome: ModuleOutcome,
    said: Iterable[Notice] = (),
    **parts: object,
) -> Record:
    """Return an answer with what is to be known of its records, and of rules that ``modules`` read; ``said`` are further notices."""
    notices = [one.record() for one in (*outcome.notices, *said)]
    used = rules_used(asker, session, rules, request, modules)
    return {"rules": used, "engine": ENGINE, "notices": notices, **parts}


def _cost(pounds_each: str | None) -> int | None:
    return None if pounds_each is None else pence(pounds_each)


def _reasons(counted: Sequence[ReasonCount]) -> list[Record]:
    return [answer(Reason, one) for one in counted]


def _warnings(found: Iterable[PlausibilityWarning]) -> list[Record]:
    return [answer(FigureWarning, one) for one in dict.fromkeys(found)]


def school_totals(outcome: NotionalOutcome, cost: int | None) -> Iterator[Record]:
    """Yield each school's totals, in the order in which the schools were sent."""
    statements = Statements(outcome, cost)
    for school in statements.in_order():
        stop_if_caller_gone()
        one = statements.totals(school)
        is_costed = one.calls.school.says_what_support_costs
        yield answer(SchoolTotals, one, **({"expected_calls": _calls(one)} if is_costed else {}))


def schools_valued(
    outcome: NotionalOutcome, cost: int | None, *, explain: bool
) -> Iterator[Record]:
    """Yield each school's answer, in the order in which the schools were sent."""
    statements = Statements(outcome, cost)
    for one in statements.wholes(statements.in_order()):
        stop_if_caller_gone()
        adjustments = {each.name: answer(Lift, each) for each in one.adjustments}
        yield answer(
            SchoolValued,
            one,
            **dict.fromkeys(ADJUSTMENTS) | adjustments,
            expected_calls=_calls(one) if one.calls.school.says_anything else None,
            explanation=explain_school(outcome, one.urn) if explain else None,
        )


def _calls(school: SchoolTotalsStatement) -> Record:
    return answer(CallsExpected, school.calls.expected)


def pupils_valued(
    outcome: TopUpOutcome, *, explain: bool, schedule: Schedule | None = None
) -> Iterator[Record]:
    """Yield each pupil's answer, in the order in which the pupils were sent."""
    order = np.argsort(outcome.pupils.rows)
    divided = None if schedule is None else schedule.payments[order].tolist()
    for at, one in enumerate(spell_statements(outcome)):
        if explain:
            stop_if_caller_gone()
        yield answer(
            PupilValued,
            one,
            payments=None
            if divided is None
            else [None if one.amount is None else pounds(pence) for pence in divided[at]],
            explanation=explain_pupil(outcome, one.pupil_key) if explain else None,
        )


def _payments(outcome: TopUpOutcome, schedule: Schedule) -> Iterator[Record]:
    """Yield the payments of the year with the sum of each; a calendar may have no dates."""
    days = schedule.last_days or [None] * len(schedule.names)
    totals = zip(schedule.names, days, schedule.totals().tolist(), strict=True)
    known = outcome.absent < len(outcome.pupils)
    for name, last_day, amount in totals:
        payment = {"name": name, "last_day": last_day, "amount": amount if known else None}
        yield answer(Payment, payment, not_known=outcome.absent)
