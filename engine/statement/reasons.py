"""How many schools or pupils lack what: the reasons why parts of an outcome are not known, counted."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.modules.school_formula.outcome import NotionalOutcome
from engine.modules.school_formula.parts import (
    KNOWN,
    REASONS,
    adjustments,
    mainstream,
    missing_adjustments,
    missing_figures,
)
from engine.modules.sums import NOT_SUPPLIED
from engine.modules.targeted import TARGETED_FUNDING
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.modules.top_ups.several_reasons import UnknownReasons, unknown_reasons
from engine.modules.top_ups.working import columns_read
from engine.plausibility import Warnings, pupil_warnings, school_warnings
from engine.run import Outcome
from engine.tables.combinations import missing_of
from engine.vocabulary import Missing, Reason

NOT_THEIRS = "only mainstream schools have it"
"""Why a school has no targeted funding, where it is not one of those."""

_OF_BANDS = {
    Reason.no_price: Missing.no_price, Reason.not_printed: Missing.not_printed,
    Reason.no_value: Missing.no_value,
}  # fmt: skip
"""Why a band has no price or value, or depends on one that is not printed."""


class ReasonCount(NamedTuple):
    """A part that is not known, why, and of how many schools or pupils."""

    part: str
    why: str
    number: int


def school_reasons(outcome: NotionalOutcome) -> tuple[ReasonCount, ...]:
    """Return the parts of schools that are not known with their reasons, in the order of lines."""
    counts = Counter[tuple[str, str]]()
    for label, places in _of_schools(outcome):
        found, first, numbers = np.unique(places, return_index=True, return_counts=True)
        for at in np.argsort(first):
            if found[at] != KNOWN:
                counts[label, str(REASONS[found[at]])] += int(numbers[at])
    return tuple(ReasonCount(part, why, number) for (part, why), number in counts.items())


def _of_schools(outcome: NotionalOutcome) -> Iterator[tuple[str, NDArray[np.intp]]]:
    """Yield each line and adjustment with the reason of every school, or ``KNOWN``."""
    absent = set(np.flatnonzero(outcome.absent.any(axis=0)).tolist())
    for at, line in enumerate(outcome.lines):
        if at in absent or outcome.unprinted_notional(at).any():
            yield from _amount_and_part(
                line.label, missing_figures(outcome, at), outcome.absent[:, at]
            )
    for one in adjustments(outcome):
        if one.absent.any() or one.unprinted_notional.any():
            yield from _amount_and_part(one.label, missing_adjustments(outcome, one), one.absent)


def _amount_and_part(
    label: str, why: NDArray[np.intp], absent: NDArray[np.signedinteger]
) -> Iterator[tuple[str, NDArray[np.intp]]]:
    """Yield why amounts are not known, and apart from them why only their notional part is not."""
    yield label, np.where(absent > 0, why, KNOWN)
    yield f"{label}, notional part", np.where(absent > 0, KNOWN, why)


def left_out(outcome: NotionalOutcome) -> tuple[ReasonCount, ...]:
    """Return how many schools targeted funding leaves out, as it is none of theirs; nothing where none is."""
    part = TARGETED_FUNDING.of(outcome.rules)
    number = int(np.count_nonzero(~mainstream(outcome)))
    return () if part is None or not number else (ReasonCount(part.rule.label, NOT_THEIRS, number),)


def not_funded(outcome: NotionalOutcome) -> tuple[ReasonCount, ...]:
    """Return how many schools the schools formula leaves out, as it does not fund their phase; nothing where none is."""
    number = int(np.count_nonzero(~mainstream(outcome)))
    return (ReasonCount("schools formula", Missing.not_funded, number),) if number else ()


def pupil_reasons(outcome: TopUpOutcome) -> tuple[ReasonCount, ...]:
    """Return why pupils' top-ups are not known: columns that were not supplied, and bands without a price.

    Each pupil is counted once: under all reasons of its first row that is not known, one after another in the same order
    in both texts: ("hours; band A", "not supplied; a value of the rules that it depends on is not printed").
    """
    reasons = unknown_reasons(outcome)
    columns, names = _columns_not_supplied(outcome, reasons), ("", *outcome.top_ups.bands)
    labels: dict[tuple[str, str], int] = {}
    why = np.zeros(len(reasons.where), np.int32)
    # The bands of a whole national file are not looked up for nothing.
    bands = outcome.pupil_bands()[reasons.where] if len(reasons.where) else reasons.where
    told_apart = np.stack(
        [columns.number, reasons.of_rules, np.where(reasons.of_rules, bands + 1, 0)], axis=1
    )
    each, number = np.unique(told_apart, axis=0, return_inverse=True)
    for at, (lacking, of_rules, band) in enumerate(each.tolist()):
        pairs = [(columns.texts[lacking], NOT_SUPPLIED)] if columns.texts[lacking] else []
        if of_rules:
            part = f"band {names[band]}" if band else "price"
            pairs.append((part, _OF_BANDS[Reason(of_rules)]))
        parts, words = zip(*pairs, strict=True) if pairs else (("top-up",), (NOT_SUPPLIED,))
        label = "; ".join(parts), "; ".join(words)
        why[number.reshape(-1) == at] = labels.setdefault(label, len(labels))
    if outcome.pupils.members is not None:
        members = outcome.pupils.members[reasons.where]
        why = why[np.unique(members, return_index=True)[1]]
    numbers = np.bincount(why, minlength=len(labels)).tolist()
    counted = zip(labels, numbers, strict=True)
    return tuple(ReasonCount(part, word, number) for (part, word), number in counted if number)


class _Lacking(NamedTuple):
    """The columns that pupils lack: the number of each pupil's among some texts; the first is none."""

    number: NDArray[np.int32]
    texts: list[str]


def _columns_not_supplied(outcome: TopUpOutcome, reasons: UnknownReasons) -> _Lacking:
    """Return the columns that were not supplied of pupils who are not known."""
    texts, number = {"": 0}, np.zeros(len(reasons.where), np.int32)
    lacking = np.flatnonzero(reasons.lacks)
    unknown = reasons.where[lacking]
    prices = outcome.decisions.price[outcome.combination[unknown]] if len(unknown) else unknown
    decided = reasons.first_of_rules(outcome)[lacking]
    for price, is_decided in np.unique(np.stack([prices, decided], axis=1), axis=0).tolist():
        those = lacking[(prices == price) & (decided == is_decided)]
        rows, names = (
            reasons.where[those],
            tuple(columns_read(outcome.top_ups, price, decided=is_decided)),
        )
        if not names:
            continue
        blank = np.stack(
            [outcome.pupils.columns[name][rows] == missing_of(name) for name in names], axis=1
        )
        for found in np.unique(blank, axis=0):
            part = " and ".join(
                name for name, is_blank in zip(names, found, strict=True) if is_blank
            )
            place = texts.setdefault(part, len(texts))
            number[those[(blank == found).all(axis=1)]] = place
    return _Lacking(number, list(texts))


def protection_reasons(outcome: TopUpOutcome) -> tuple[ReasonCount, ...]:
    """Return of how many schools protection against loss is not known, as a pupil's top-up is not; none where all is known."""
    number = int(outcome.school_protection_absent.sum())
    part = "protection of schools against loss"
    return (ReasonCount(part, Missing.parts, number),) if number else ()


def outcome_reasons(outcome: Outcome) -> tuple[dict[str, str | int], ...]:
    """Return why parts of schools and pupils are not known, as plain values: ``of``, ``part``, ``why`` and ``number``."""
    notional, top_ups = outcome.notional, outcome.top_ups
    found = (
        ("school", () if notional is None else school_reasons(notional)),
        ("pupil", () if top_ups is None else pupil_reasons(top_ups)),
        ("school", () if top_ups is None else protection_reasons(top_ups)),
    )
    return tuple({"of": of, **one._asdict()} for of, reasons in found for one in reasons)


def outcome_warnings(outcome: Outcome, sen_support_cost: int | None = None) -> tuple[Warnings, ...]:
    """Return what may be wrong with the figures of an outcome's schools and of its pupils, those about the rules once."""
    found = []
    if outcome.notional is not None:
        found.append(school_warnings(outcome.notional, sen_support_cost))
    if outcome.top_ups is not None:
        pupils = pupil_warnings(outcome.top_ups)
        found.append(replace(pupils, of_rules=()) if found else pupils)
    return tuple(found)
