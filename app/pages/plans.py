"""A school's plans by band, setting and part of the year: the questions, and what they come to under two rule sets."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from app.pages.answers import (
    KNOWN,
    LONGEST_NAME,
    SCHOOL,
    UNREADABLE,
    URN,
    VERSION,
    Mistake,
    unasked,
)
from app.pages.fields import Asks
from app.pages.words import day_words, sentence, within
from app.workbooks.bands import BOUND, CASE_COLUMNS, CODES, PARTS, PROVISION
from engine.band_prices import case_reads
from engine.cache import Cache
from engine.catalogue import CODE_WORDS
from engine.days import day_of
from engine.errors import TableRefused
from engine.money import difference, is_digits
from engine.plan_costs import PlanCost, PlanCosts, PlanRules
from engine.reading import pence_in
from engine.rules import Blank, CompiledRules, CompiledTopUps
from engine.tables import PHASE
from engine.vocabulary import Need, SecondaryNeed, SenProvision, Setting

ROWS, MOST_PLANS = 10, 1000
PLANS, BAND, SETTING, OTHER_BAND, COMPARE = "plans", "band", "setting", "other_band", "compare"
TODAY = "paid_today"
"""The box of what a school is paid for its plans today, in all."""

NAMED = (SCHOOL, URN)
WITH_A_PLAN = SenProvision.E.name
MAINSTREAM = Setting.mainstream.name
LEAP, LAST_OF_FEBRUARY = (2, 29), 28
CODES_OF = {SETTING: Setting, "primary_need": Need, "secondary_need": SecondaryNeed}
_rules = Cache(64)
_prices = Cache(64)


@dataclass(frozen=True, slots=True)
class PlanField:
    """A question about plans of one kind: its name without the row, its label, and its choices, of code and words."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...] = ()
    is_day: bool = False

    @property
    def is_time(self) -> bool:
        """Return whether it asks for a part of the year."""
        return self.name in {*BOUND, PARTS}


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A row of the form: what was answered, by the name of the field, and its number from 1."""

    number: int
    given: Mapping[str, str]
    is_one_of_many: bool = True

    def name(self, asked: PlanField) -> str:
        """Return the name of the box of a question."""
        return f"{asked.name}_{self.number}"

    def text(self, asked: PlanField) -> str:
        """Return what is in the box of a question."""
        return self.given.get(asked.name, "")

    @property
    def has_time(self) -> bool:
        """Return whether it says a part of the year."""
        return bool({*BOUND, PARTS} & self.given.keys())

    @property
    def is_empty(self) -> bool:
        """Return whether nothing of it is answered; a setting alone is there from the start."""
        return not {name for name in self.given if name != SETTING}


@dataclass(frozen=True, slots=True)
class PlanPair:
    """Plans of one kind with what they come to under the rules, and under the others where these are compared."""

    row: PlanRow
    label: str
    own: PlanCost
    other: PlanCost | None = None
    other_label: str = ""

    @property
    def change(self) -> int | None:
        """Return what the others pay more, pence."""
        return None if self.other is None else difference(self.other.paid, self.own.paid)


@dataclass(frozen=True, slots=True)
class PlanResult:
    """What all plans come to under the rules, and under the others where these are compared."""

    pairs: tuple[PlanPair, ...]
    own: PlanCosts
    other: PlanCosts | None
    today: int | None = None
    """Pence that the school is paid for these plans today, where it says so."""

    @property
    def since_today(self) -> int | None:
        """Return what the rules pay more than the school is paid today, pence."""
        return difference(self.own.paid, self.today)

    @property
    def change(self) -> int | None:
        """Return what the others pay more, pence."""
        return None if self.other is None else difference(self.other.paid, self.own.paid)


@dataclass(frozen=True, slots=True)
class PlanForm:
    """The questions about a school's plans, with what was answered, what is wrong with it, and the result."""

    fields: tuple[PlanField, ...]
    rows: tuple[PlanRow, ...]
    compare: str = ""
    mistakes: tuple[Mistake, ...] = ()
    result: PlanResult | None = None
    named: Mapping[str, str] = field(default_factory=dict)
    """What the address keeps of the school: its name and number, which decide nothing."""

    today: str = ""
    """What was typed of what the school is paid today."""

    def wrong(self, name: str) -> str | None:
        """Return what is wrong in a box."""
        return next((one.sentence for one in self.mistakes if one.field == name), None)

    @property
    def few(self) -> int:
        """Return how many rows stand open: those that are filled, and two more."""
        return max((row.number for row in self.rows if not row.is_empty), default=0) + 2


def plan_rules(rules: CompiledRules) -> PlanRules:
    """Return the rules by which plans are priced, kept for those who ask next."""
    return _rules.get((rules.digest, rules.day), lambda: PlanRules(rules))


def price_list(rules: CompiledRules) -> tuple[tuple[str, PlanCost], ...]:
    """Return what each band pays for one plan in a mainstream school and a whole year; none where prices read more."""
    return _prices.get((rules.digest, rules.day), _price_list, rules)


def _price_list(rules: CompiledRules) -> tuple[tuple[str, PlanCost], ...]:
    top_ups = _top_ups(rules)
    if _needed(top_ups) - {BAND, SETTING}:
        return ()
    rows = [(label, PlanRow(1, {BAND: label, SETTING: MAINSTREAM})) for label in top_ups.labels]
    with suppress(TableRefused):
        return tuple(
            (label, plan_rules(rules).cost(1, plan_case(rules, rules, row))) for label, row in rows
        )
    return ()


def plan_fields(rules: CompiledRules, other: CompiledRules | None) -> tuple[PlanField, ...]:
    """Return the questions about each kind of plan: what either rule set reads."""
    own = _top_ups(rules)
    read, both = _columns(own), [own]
    asked = [PlanField(BAND, "Band", _pairs(own.labels))]
    if other is not None:
        others = _top_ups(other)
        read, both = read | _columns(others), [own, others]
        asked.append(PlanField(OTHER_BAND, "Band under the other rules", _pairs(others.labels)))
    asked.append(PlanField(PLANS, "Number of plans"))
    asked += [
        PlanField(name, words, tuple(_choices(name)))
        for name, (words, _) in CASE_COLUMNS.items()
        if name == SETTING or name in read - {BAND, PROVISION}
    ]
    if any(one.calendar.dated for one in both):
        asked += [
            PlanField(name, f"{words}, if not the whole year", is_day=True)
            for name, words in BOUND.items()
        ]
    if not all(one.calendar.dated for one in both):
        asked.append(PlanField(PARTS, "Parts of the year, if not all"))
    return tuple(asked)


def _top_ups(rules: CompiledRules) -> CompiledTopUps:
    """Return the bands and prices of rules by which a plan's band is given."""
    found = plan_rules(rules).paid.top_ups
    if found is None:
        message = "rules without bands were asked for a price"
        raise ValueError(message)
    return found


def _columns(top_ups: CompiledTopUps) -> set[str]:
    """Return the columns that a price reads; a phase is asked as the year group that it follows from."""
    quantities = {one.column for one in top_ups.reads if one.blank is Blank.prices}
    read = {*case_reads(top_ups), *quantities}
    return read - {PHASE} | ({"year_group"} if PHASE in read else set())


def _pairs(labels: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple((one, one) for one in labels)


def _choices(name: str) -> Iterator[tuple[str, str]]:
    for code in CODES.get(name, ()):
        yield code, sentence(_words(name, code))


def _words(name: str, code: str) -> str:
    """Return a code in words; one that has none is its own."""
    words = CODE_WORDS.get(CODES_OF[name], {}) if name in CODES_OF else {}
    return words.get(code, code.replace("_", " "))


def plan_form(
    rules: CompiledRules,
    other: CompiledRules | None,
    sent: Mapping[str, str],
    rows: int = ROWS,
) -> PlanForm:
    """Return the form with what was sent, by the names of its boxes, and the result where it can be worked out."""
    fields = plan_fields(rules, other)
    numbers = range(1, rows + 1)
    asked = tuple(
        replace(_row(number, fields, sent), is_one_of_many=rows > 1) for number in numbers
    )
    names = {row.name(one) for row in asked for one in fields}
    names |= {COMPARE, VERSION, KNOWN, TODAY, *NAMED}
    mistakes = [unasked(name) for name in sent if name not in names]
    today, wrong_today = _today(sent.get(TODAY, "").strip())
    compare = "" if other is None else other.document.identifier
    named = {name: sent[name][:LONGEST_NAME] for name in NAMED if sent.get(name)}
    mistakes += wrong_today
    form = PlanForm(fields, asked, compare, tuple(mistakes), named=named, today=sent.get(TODAY, ""))
    filled = [row for row in asked if not row.is_empty]
    if not filled or mistakes:
        return form
    pairs, wrong = [], []
    for row in filled:
        pair, found = _pair(rules, other, fields, row)
        wrong += found
        if pair is not None:
            pairs.append(pair)
    if wrong:
        return replace(form, mistakes=tuple(wrong))
    says = [plan_rules(one).says_first_part for one in (rules, other) if one is not None]
    own = PlanCosts(tuple(one.own for one in pairs), says[0])
    others = tuple(one.other for one in pairs if one.other is not None)
    compared = None if other is None else PlanCosts(others, says[1])
    return replace(form, result=PlanResult(tuple(pairs), own, compared, today))


def _today(text: str) -> tuple[int | None, list[Mistake]]:
    """Return the pence that a school is paid today, None where it does not say, and what is wrong with them."""
    pence = pence_in(text) if text else None
    if text and (pence is None or pence < 0):
        return None, [
            Mistake(f"What these plans bring the school today {UNREADABLE[Asks.pounds]}", TODAY)
        ]
    return pence, []


def _row(number: int, fields: Sequence[PlanField], sent: Mapping[str, str]) -> PlanRow:
    given = {one.name: sent.get(f"{one.name}_{number}", "").strip() for one in fields}
    held = {name: text for name, text in given.items() if text}
    return PlanRow(number, held or {SETTING: MAINSTREAM})


def _pair(
    rules: CompiledRules, other: CompiledRules | None, fields: Sequence[PlanField], row: PlanRow
) -> tuple[PlanPair | None, list[Mistake]]:
    """Return what a row comes to, or what is wrong with it."""
    which = f", row {row.number}" if row.is_one_of_many else ""
    labels = {one.name: f"{one.label}{which}" for one in fields}
    wrong: dict[str, Mistake] = {}

    def add_fault(name: str, sentence: str) -> None:
        box = f"{name}_{row.number}"
        wrong.setdefault(box, Mistake(f"{labels.get(name, name)} {sentence}", box))

    text = row.given.get(PLANS, "")
    if not is_digits(text) or not 1 <= int(text) <= MOST_PLANS:
        add_fault(PLANS, f"must be a whole number from 1 to {MOST_PLANS}")
    costs = []
    for one, band in ((rules, BAND), *(() if other is None else ((other, OTHER_BAND),))):
        case = plan_case(one, rules, row, band)
        missing = sorted(_needed(_top_ups(one)) - {name for name, value in case.items() if value})
        for name in missing:
            add_fault(band if name == BAND else name, "is missing")
        if wrong.keys() - {f"{SETTING}_{row.number}"}:
            continue
        # Without a setting nothing is paid, and what else is wrong is said all the same.
        case[SETTING] = case[SETTING] or MAINSTREAM
        try:
            costs.append(plan_rules(one).cost(int(text), case))
        except TableRefused as refusal:
            for problem in refusal.problems:
                name = problem.column or ""
                add_fault(band if name == BAND else name, problem.sentence)
    if wrong:
        return None, list(wrong.values())
    setting = row.given.get(SETTING)
    where = () if setting is None else (within(_words(SETTING, setting)),)
    compared = costs[1] if other is not None else None
    named = (f"band {row.given[BAND]}", *where, *_time_words(row))
    return PlanPair(row, ", ".join(named), costs[0], compared, row.given.get(OTHER_BAND, "")), []


def _time_words(row: PlanRow) -> Iterator[str]:
    """Yield the part of the year that a row is for, where it is not the whole year."""
    for name, words in (("start", "from"), ("end", "until")):
        if name in row.given:
            with suppress(ValueError):
                yield f"{words} {day_words(day_of(row.given[name]))}"
    if PARTS in row.given:
        yield f"{row.given[PARTS]} parts of the year"


def _needed(top_ups: CompiledTopUps) -> set[str]:
    """Return what a plan must say for its price to be known."""
    read = set(case_reads(top_ups)) - {PROVISION}
    return read - {PHASE} | ({"year_group"} if PHASE in read else set())


def plan_case(
    rules: CompiledRules, asked: CompiledRules, row: PlanRow, band: str = BAND
) -> dict[str, str | None]:
    """Return the case that a row describes; its days are those of the year of the rules that were chosen first."""
    top_ups = _top_ups(rules)
    read = _columns(top_ups)
    given = row.given
    case: dict[str, str | None] = {BAND: given.get(band), SETTING: given.get(SETTING)}
    case |= {
        name: given.get(name) for name in CASE_COLUMNS if name in read - {BAND, SETTING, PROVISION}
    }
    if PROVISION in case_reads(top_ups):
        case[PROVISION] = WITH_A_PLAN
    if not top_ups.calendar.dated:
        case[PARTS] = given.get(PARTS, str(top_ups.calendar.parts))
        return case
    years = rules.document.effective.first.year - asked.document.effective.first.year
    case |= {name: _moved(given[name], years) for name in BOUND if name in given}
    return case


def _moved(text: str, years: int) -> str:
    """Return the same day of another year; what is no day is left for the engine to refuse."""
    try:
        day = day_of(text)
    except ValueError:
        return text
    last = LAST_OF_FEBRUARY if years and (day.month, day.day) == LEAP else day.day
    return day.replace(year=day.year + years, day=last).isoformat()
