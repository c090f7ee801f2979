"""A pupil's band and top-up, clause by clause."""

import numpy as np

from engine.columns import Int
from engine.days import numbered_day
from engine.errors import NotReconciled
from engine.modules.explanation import Explanation, Working, titles_of
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.modules.top_ups.pupil_prices import WITHOUT_RATE
from engine.modules.top_ups.several_reasons import unknown_reasons
from engine.modules.top_ups.steps import pupil_steps
from engine.money import number, pounds
from engine.rules.compile_reads import price_reads
from engine.rules.compiled import CompiledTopUps
from engine.rules.grid import NONE
from engine.rules.in_force import NO_ROW
from engine.rules.inputs import CODES, SCALES, Input
from engine.rules.place_names import PlaceNames
from engine.rules.reads import DECISIVE, Blank
from engine.steps import Operator, Row, Unit, choice_words, label_of, work_known
from engine.steps import rows as rows_of
from engine.tables import NO_SCHOOL
from engine.tables.combinations import missing_of
from engine.vocabulary import NOT_KNOWN, Reason

SENTENCES = {
    Reason.rate: "The band's price is paid for the part of the year on roll.",
    Reason.not_funded: "The rule does not pay for this pupil: the conditions of pays_when are not met.",
    Reason.not_supplied: "The amount is not known: a figure that the rule needs is missing.",
    Reason.no_price: "The amount is not known: the rules have no price for this band here.",
    Reason.within_threshold: "The cost is within the first part, which the school pays.",
    Reason.floor: "The floor applies: the price alone would pay less.",
    Reason.cap: "The cap applies: the price alone would pay more.",
    Reason.not_on_roll: "The pupil is not on roll on any counted day of the year.",
    Reason.no_band: "No band covers these values.",
    Reason.protected: "Protection applies: the rule alone would pay less than today.",
    Reason.not_printed: "The amount is not known: a value that it depends on is not printed.",
    Reason.no_value: "The amount is not known: the rules have no value for this pupil.",
}


ALSO = {
    Reason.no_price: "Also, the rules have no price for this band here.",
    Reason.not_printed: "Also, a value that it depends on is not printed.",
    Reason.no_value: "Also, the rules have no value for this pupil.",
}
"""What is said after a column that is not supplied, where the rules' own reason would be enough."""

SPELL = {
    "start": ("First day paid", "no first day"),
    "end": ("Last day paid", "no last day"),
    "urn": ("School", None),
}
"""The columns that spells are in order by, each with its label and the words of a blank."""
NEVER = np.iinfo(np.int32).max

UNEQUAL_STEPS = "the steps of a top-up do not come to what is paid"


def explain_pupil(outcome: TopUpOutcome, pupil_key: str) -> Explanation:
    """Return the working of one pupil's top-up; ``KeyError`` (without the key) where not in the table."""
    found = np.flatnonzero((outcome.pupils.keys == pupil_key).to_numpy()).tolist()
    found.sort(key=lambda pupil: _when_and_where(outcome, pupil))
    if not len(found):
        message = "pupil not found: no row of the table has this key"
        raise KeyError(message)
    workings, totals = [], []
    for at, pupil in enumerate(found, start=1):
        which = f", spell {at} of {len(found)}" if len(found) > 1 else ""
        reason = Reason(int(outcome.reason[pupil]))
        spell = _spell(outcome, pupil) if which else []
        workings += [_band(outcome, pupil, which, spell), _amount(outcome, pupil, reason, which)]
        totals.append(_total(outcome, pupil, which))
    absent = int(np.count_nonzero(~outcome.known[found]))
    sentence = pupil_sentence(outcome, found[-1])
    if len(found) > 1:
        sentence = _of_spells(len(found), absent)
        total = None if absent else pounds(int(outcome.amount[found].sum()))
        label = f"Top-up for the year, all {len(found)} spells"
        totals.append(Row(Operator.equals, label, total, Unit.pounds, note=sentence))
    return Explanation.of(outcome.rules, "pupil", workings, totals, sentence, absent)


def _when_and_where(outcome: TopUpOutcome, pupil: int) -> tuple[int, int, int]:
    """Return a spell's first and last day paid, by number, and its school, by which spells are in order.

    A spell without a first day is before all others, and one without a last day after them.
    """
    columns = outcome.pupils.columns
    first, last, school = (
        int(columns[name][pupil]) if name in columns else NO_SCHOOL for name in SPELL
    )
    return first, last if last >= 0 else NEVER, school


def _spell(outcome: TopUpOutcome, pupil: int) -> list[Row]:
    """Return the rows that tell a pupil's spells apart: school, first and last day paid."""
    rows = []
    for name, (label, without) in SPELL.items():
        if name in outcome.pupils.columns:
            held = int(outcome.pupils.columns[name][pupil])
            text = str(held) if name == "urn" else str(numbered_day(max(held, 0)))
            rows.append(Row(Operator.start, label, without if held < 0 else text, Unit.text))
    return rows


def _of_spells(spells: int, absent: int) -> str:
    sentence = f"The pupil's {spells} spells are rounded together, in the order of their days, and add to this."
    if not absent:
        return sentence
    some = f"{absent} of them {'are' if absent > 1 else 'is'} not known"
    return f"{sentence} {some}, so the sum is not known."


def _total(outcome: TopUpOutcome, pupil: int, which: str) -> Row:
    value = pounds(int(outcome.amount[pupil])) if outcome.known[pupil] else None
    label, note = f"Top-up for the year{which}", pupil_sentence(outcome, pupil)
    return Row(Operator.equals, label, value, Unit.pounds, note=note)


def pupil_sentence(outcome: TopUpOutcome, pupil: int) -> str:
    """Return what decided a pupil's top-up; where it is not known, every reason, with the columns that were not supplied.

    ``pupil`` is the place of a row in the outcome's table, from 0.
    """
    [sentence] = pupil_sentences(outcome, np.array([pupil]))
    return sentence


def pupil_sentences(outcome: TopUpOutcome, pupils: Int) -> list[str]:
    """Return the same of pupils at some places, ascending."""
    found = unknown_reasons(outcome, pupils)
    several = found.lacks & (found.of_rules != Reason.rate)
    also = dict(zip(found.where[several].tolist(), found.of_rules[several].tolist(), strict=True))
    return [
        _sentence(outcome, at, Reason(also[at]) if at in also else None) for at in pupils.tolist()
    ]


def _sentence(outcome: TopUpOutcome, pupil: int, also: Reason | None) -> str:
    """Return what decided a pupil's top-up; ``also`` is the rules' own reason where a blank is one too."""
    reason = Reason(int(outcome.reason[pupil]))
    first = _first_sentence(outcome, pupil, reason)
    if also is None:
        return first
    if reason is Reason.not_supplied:
        return f"{first} {ALSO[also]}"
    lacking = _not_supplied(outcome, pupil, decided=True)
    return f"{first} Also not supplied: {', '.join(lacking)}." if lacking else first


def _first_sentence(outcome: TopUpOutcome, pupil: int, reason: Reason) -> str:
    """Return the first reason, or what decided a top-up that is known."""
    if reason is Reason.no_value:
        rules = outcome.rules
        names = rules.cache.get(PlaceNames, PlaceNames, rules.document)
        tables = map(names.of, tables_without_row(outcome, pupil))
        return f"{SENTENCES[reason]} No row fits in {', '.join(tables)}."
    lacking = _not_supplied(outcome, pupil) if reason is Reason.not_supplied else []
    if not lacking:
        return SENTENCES[reason]
    return f"The amount is not known. Not supplied: {', '.join(lacking)}."


def tables_without_row(outcome: TopUpOutcome, pupil: int) -> list[str]:
    """Return the paths of the tables of values in which no row fits a pupil, and one is needed."""
    decisions, combination = outcome.decisions, int(outcome.combination[pupil])
    form = decisions.forms[int(decisions.alike[combination])]
    limits = decisions.limits[int(decisions.limited[combination])]
    return [path for path, row in (*form.fitting, *limits) if row == NO_ROW]


def _not_supplied(outcome: TopUpOutcome, pupil: int, *, decided: bool = False) -> list[str]:
    """Return the columns of which a pupil's are blank and without which the rules know no top-up."""
    columns = outcome.pupils.columns
    price = int(outcome.decisions.price[int(outcome.combination[pupil])])
    names = columns_read(outcome.top_ups, price, decided=decided)
    return [name for name in names if int(columns[name][pupil]) == missing_of(name)]


def columns_read(top_ups: CompiledTopUps, price: int, *, decided: bool = False) -> list[str]:
    """Return the columns without which the top-up of pupils of a price is not known; ``NONE`` has no price.

    Where band and price are ``decided``, without the columns that decide them.
    """
    blanks = DECISIVE - {Blank.decides} if decided else DECISIVE
    names = dict.fromkeys(one.column for one in top_ups.reads if one.blank in blanks)
    if price != NONE:
        reads = price_reads(top_ups.prices[price], top_ups.dimensions)
        names |= dict.fromkeys(one.column for one in reads)
    return list(names)


def _band(outcome: TopUpOutcome, pupil: int, which: str, spell: list[Row]) -> Working:
    """Return which row of the assignment decided the band, and on what values, after what tells spells apart."""
    top_ups, combination = outcome.top_ups, int(outcome.combination[pupil])
    rows = spell + [
        Row(Operator.start, _label(name), _column_words(outcome, name, pupil), Unit.text)
        for name in top_ups.columns
    ]
    rows += _points(outcome, pupil)
    deciding = int(outcome.decisions.row[combination])
    band = int(outcome.decisions.band[combination])
    if deciding != NONE:
        assignment = outcome.rules.document.band_profile
        form = assignment.assignment if assignment is not None else None
        where = "points.steps" if form is not None and form.points else "table.rows"
        place = f"band_profile.assignment.{where}.{deciding}"
        if top_ups.reads_labels:
            place = "band_profile.bands"
        elif deciding >= top_ups.panel_from:
            place = "band_profile.assignment.panel_may_decide"
        rows.append(Row(Operator.decides, "Band", top_ups.bands[band], Unit.text, place))
    return Working("band", f"Band{which}", tuple(rows))


def _label(name: str) -> str:
    return "Authority" if name == Input.la else label_of(name)


def _points(outcome: TopUpOutcome, pupil: int) -> list[Row]:
    """Return the row of the sum of a pupil's levels, where a profile bands by them."""
    dimensions = outcome.top_ups.dimensions
    if not dimensions:
        return []
    levels = [int(outcome.pupils.columns[name][pupil]) for name, _, _ in dimensions]
    weighted = [level * weight for level, (_, weight, _) in zip(levels, dimensions, strict=True)]
    highest = outcome.top_ups.highest_decides
    total = max(weighted) if highest else sum(weighted)
    label = f"Points: levels times weights, {'the highest' if highest else 'added'}"
    value = None if min(levels) < 0 else str(total)
    place = "band_profile.assignment.points.dimensions"
    return [Row(Operator.equals, label, value, Unit.text, place)]


def _column_words(outcome: TopUpOutcome, name: str, pupil: int) -> str | None:
    """Return what a pupil's own column holds, in words; None where not supplied."""
    value = int(outcome.pupils.column(name)[pupil])
    if value == missing_of(name):
        return None
    if name == Input.band:
        return outcome.pupils.labels[value]
    if name == Input.la:
        return f"{value} {choice_words(name, str(value))}"
    if name in CODES:
        return CODES[Input(name)](value).name.replace("_", " ")
    return number(value, SCALES[name]) if name in SCALES else str(value)


def _amount(outcome: TopUpOutcome, pupil: int, reason: Reason, which: str) -> Working:
    """Return the steps by which a pupil's top-up was worked out; ``NotReconciled`` where they come to another."""
    price = int(outcome.decisions.price[int(outcome.combination[pupil])])
    rows: list[Row] = []
    if price != NONE and (reason not in WITHOUT_RATE or reason is Reason.not_printed):
        steps, own = pupil_steps(outcome, pupil)
        paid = None if reason is Reason.not_printed else int(outcome.amount[pupil])
        if work_known(steps, own) != paid:
            raise NotReconciled(UNEQUAL_STEPS)
        # The last step is the total, which says what decided it.
        rows += [*rows_of(steps, own, titles_of(outcome.rules))][:-1]
    rows.append(_total(outcome, pupil, which))
    return Working("top_up", f"Top-up{which}", tuple(rows), int(reason in NOT_KNOWN))
