"""What a band costs in a hypothetical case: a whole year full time, or some days of a year.

A case has a band, however the rules assign one, and says what its price reads. Clauses that compare
with what a pupil is paid today, or with when a plan was asked for, are left out: a case has neither.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.modules.explanation import Explanation
from engine.modules.top_ups.earlier_due import Again
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.modules.top_ups.working import explain_pupil
from engine.plausibility import PlausibilityWarning, pupil_warnings
from engine.reading import pupil_table, records
from engine.rules.compile import compile_rules, pupil_columns
from engine.rules.compiled import CompiledRules, CompiledTopUps
from engine.rules.document import RuleSet
from engine.rules.inputs import Input
from engine.rules.load import plain, rule_set_from
from engine.run import evaluate
from engine.vocabulary import NOT_KNOWN, Reason, local_authorities

OF_TODAY = ("protection", "backdating")
OF_TIME = ("part_time", "threshold", "floor", "cap", "pays_when")
"""Clauses of a top-up rule that are no part of a price a year, full time."""

WHOLE_YEAR: Mapping[str, object] = {"parts_on_roll": "1"}
UNPRICED = frozenset({*NOT_KNOWN, Reason.no_band})
LA = Input.la.value
CASE = {"pupil_key": "case", LA: str(next(iter(local_authorities())))}
"""What every row of a table has; where a price depends on the authority, a case says its own."""

WITHOUT_BANDS = "a rule set without bands was asked for a price"

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class BandPrice:
    """What a case comes to, pence, None where it has no price or something of it is not known.

    ``warnings`` are what may be wrong with its figures, ``notes`` why a price that is paid once is not paid.
    """

    amount: int | None
    reason: Reason
    warnings: tuple[PlausibilityWarning, ...] = ()
    notes: tuple[str, ...] = ()


def band_rules(rules: CompiledRules, *, whole_year: bool) -> CompiledRules:
    """Return rules by which a case's band is given; by its price a year alone for ``whole_year``."""
    changes = rules.top_ups is not None and len(rules.top_ups.segments) > 1
    document = _document(rules.document, whole_year=whole_year, dated=changes)
    compiled = compile_rules(document, rules.day)
    return _of_a_year(compiled) if whole_year else compiled


def _of_a_year(rules: CompiledRules) -> CompiledRules:
    """Return rules whose calendar is a whole year, whatever part of one it pays, and which nothing came before: a price is a year's."""
    top_ups = rules.top_ups
    if top_ups is None:
        return rules
    calendar = replace(top_ups.calendar, denominator=top_ups.calendar.share)
    top_ups = replace(top_ups, calendar=calendar, earlier=None)
    return replace(rules, parts={**rules.parts, CompiledTopUps: top_ups})


def _document(document: RuleSet, *, whole_year: bool, dated: bool) -> RuleSet:
    """Return rules by which a case's band is given; a price that changes within the year is ``dated``.

    Such a price a year is each part's, by the calendar.
    """
    values: Plain = plain(document)
    values["band_profile"]["assignment"] = {"label_given": True}
    rule: Plain = values["top_up_rule"]
    for name in (*OF_TODAY, *(OF_TIME if whole_year else ())):
        rule.pop(name, None)
    if whole_year and not dated:
        about = {name: rule["calendar"][name] for name in ("source", "standing")}
        rule["calendar"] = {**about, "parts": {"number": 1, "part": "year"}}
    return rule_set_from(values)


def whole_year(top_ups: CompiledTopUps) -> Mapping[str, object]:
    """Return what a case of a whole year says of its time, under rules of ``band_rules``."""
    return {} if top_ups.calendar.dated else WHOLE_YEAR


def case_reads(top_ups: CompiledTopUps) -> frozenset[str]:
    """Return the columns that a case must have for its price to be known."""
    return frozenset({*top_ups.columns, *(("hours",) if top_ups.full_time else ())})


def band_price(rules: CompiledRules, case: Mapping[str, object]) -> BandPrice:
    """Return what a case comes to under rules of ``band_rules``; a name without a value is not given.

    What the rules do not read changes no price, but its value is checked. Raises ``TableRefused``.
    """
    if rules.top_ups is not None and LA in rules.top_ups.columns and case.get(LA) is None:
        return BandPrice(None, Reason.not_supplied)
    return _price(_valued(rules, case))


def explain_case(rules: CompiledRules, case: Mapping[str, object]) -> Explanation:
    """Return the working of what a case comes to under rules of ``band_rules``; raises ``TableRefused``."""
    outcome = _valued(rules, case)
    if outcome is None:
        raise RuntimeError(WITHOUT_BANDS)
    return explain_pupil(outcome, CASE["pupil_key"])


def _valued(rules: CompiledRules, case: Mapping[str, object]) -> TopUpOutcome | None:
    wanted = pupil_columns(rules, counting=False)
    given = {name for name, value in case.items() if value is not None}
    names = sorted(given | (wanted.required - CASE.keys()))
    row = {**CASE, **{name: case.get(name) for name in names}}
    return evaluate(rules, pupils=pupil_table(records([row]), wanted)).top_ups


def _price(outcome: TopUpOutcome | None) -> BandPrice:
    if outcome is None:
        raise RuntimeError(WITHOUT_BANDS)
    reason = Reason(int(outcome.reason[0]))
    amount = None if reason in UNPRICED else int(outcome.amount[0])
    return BandPrice(amount, reason, tuple(pupil_warnings(outcome)), tuple(_notes(outcome)))


def _notes(outcome: TopUpOutcome) -> Iterator[str]:
    """Yield why a case is not paid a price that is paid once."""
    part, due = outcome.top_ups.earlier, outcome.earlier.of(0)
    if part is not None and due is not None and due.again is Again.part:
        yield (
            f"the price is paid once, with the first day of a stay: this one began before {part.begins}, and the rules"
            " of the days before have paid it"
        )
