"""What each class of pupils is paid for a whole year under each candidate: by the printed steps, a row a candidate."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

import numpy as np

from engine.candidates.amount_stages import Stage, Staged, StagedSteps, staged
from engine.candidates.block_amounts import BlockAmounts
from engine.candidates.values import PathValues, Some, how_many
from engine.columns import Int
from engine.modules.top_ups.pupil_prices import PriceForm
from engine.money import PENCE
from engine.rules.clause_steps import Applying, Clauses, clause_steps
from engine.rules.compile_prices import compile_modifiers
from engine.rules.document import RuleSet
from engine.rules.in_force import Fitting, InForce
from engine.rules.modifiers_in_force import ModifiersInForce
from engine.rules.price_steps import price_steps
from engine.rules.top_up_rule import TopUpRule
from engine.steps import DocumentValue, Op, Own, Ratios, Step, Steps, Unit, printed
from engine.steps.work import end_of
from engine.tables import frozen

IN_POUNDS = "pounds of "
"""Before a path whose value is multiplied by: what multiplies pence counts pence here."""


class PaidBy(NamedTuple):
    """What decides a class's amount: a price with its modifiers, and whether the school meets the first part.

    ``limits`` are the rows of tables of first part, floor and cap that fit.
    """

    form: PriceForm
    threshold: bool
    limits: Fitting


def year_of_steps(
    document: RuleSet, classes: Sequence[PaidBy], nows: Sequence[InForce]
) -> list[list[Steps]]:
    """Return the steps to a whole year's amount of each class, for each run of days; none where no sum alone decides it."""
    profile, rule = document.band_profile, document.top_up_rule
    if profile is None or rule is None:
        return [[] for _ in nows]
    _, modifications = compile_modifiers(profile, nows)
    return [
        [_steps(one, now, held, rule) for one in classes]
        for now, held in zip(nows, modifications, strict=True)
    ]


def _steps(one: PaidBy, now: InForce, held: ModifiersInForce, rule: TopUpRule) -> Steps:
    price = one.form.price
    if price is None or price.quantity is not None:
        return ()
    applying = held.applying(one.form.modifiers, one.form.fitting)
    limits = Applying(threshold=one.threshold, lifted=False, timed=False)
    clauses = Clauses.of(rule, now._replace(fitting=one.limits), protects=False)
    plain = replace(clauses, by_hours=False, weeks=None, protected=None)
    fitting = now._replace(fitting=one.form.fitting)
    return (
        *price_steps(price.rule, price.tariff, price.at, fitting, applying),
        *clause_steps(plain, limits),
    )


def trial_steps(steps: Iterable[Step], places: Mapping[str, str]) -> Steps:
    """Return steps that take what candidates try from their rows.

    ``places`` has the path that candidates name by that of each value which it replaces, with its first day.
    """
    return tuple(_trial(step, places) for step in steps)


def _trial(step: Step, places: Mapping[str, str]) -> Step:
    value = step.value
    if not isinstance(value, DocumentValue):
        return step
    place = places.get(f"{value.path}.{value.dated.from_.isoformat()}")
    if place is None:
        return step
    if step.op is Op.times and value.unit is Unit.pounds:
        return step._replace(value=Own(IN_POUNDS + place, 1, value.unit, value.path))
    return step._replace(value=Own(place, 1, value.unit, value.path))


def is_printed(steps: Iterable[Step]) -> bool:
    """Return whether every value of the document in some steps has a number."""
    return all(
        printed(step.value) is not None for step in steps if isinstance(step.value, DocumentValue)
    )


class AmountSteps:
    """The steps of a variant's classes, by run of days, ready for any of its candidates."""

    def __init__(self, steps: Sequence[Sequence[Steps]], places: Mapping[str, str]) -> None:
        """Keep the steps, and what candidates try in them."""
        self._plain, self._places = steps, places
        self.steps = [[trial_steps(one, places) for one in of] for of in steps]
        # Classes with the same steps come to the same pence.
        self._alike: list[dict[Steps, list[int]]] = [{} for _ in self.steps]
        for of, alike in zip(self.steps, self._alike, strict=True):
            for at, one in enumerate(of):
                alike.setdefault(one, []).append(at)

    @property
    def are_printed(self) -> list[bool]:
        """Return whether each class's amount depends on no value that is not printed."""
        return [all(map(is_printed, of)) for of in zip(*self.steps, strict=True)]

    @cached_property
    def _staged(self) -> StagedSteps:
        """Return the steps of one run of days in stages."""

        def tried(steps: Steps) -> Steps:
            return trial_steps(steps, self._places)

        def of(one: Staged) -> Staged:
            stages = (Stage(tried(stage.factor), tried(stage.limits)) for stage in one.stages)
            return Staged(tried(one.first), tuple(stages))

        return StagedSteps(tuple(of(staged(steps)) for steps in self._plain[0]))

    def in_stages(self, values: Sequence[PathValues], some: Some) -> BlockAmounts | None:
        """Return what some candidates pay each class, in stages that the closed form works out.

        None where values change within the year, and where stages would not be exact.
        """
        if len(self.steps) != 1:
            return None
        return self._staged.amounts(_own(values, some), how_many(some))

    def amounts(self, values: Sequence[PathValues], some: Some) -> Int:
        """Return what some candidates pay each class (candidates, runs of days, classes), pence a year."""
        own = _own(values, some)
        classes = len(self.steps[0])
        out = np.empty((how_many(some), len(self.steps), classes), np.int64)
        for run, of in enumerate(self._alike):
            for steps, places in of.items():
                pence = _pence(steps, own)
                for at in places:
                    out[:, run, at] = pence
        return frozen(out)


def _own(values: Sequence[PathValues], some: Some) -> dict[str, Ratios]:
    own = {}
    for one in values:
        held = one.held[some]
        most = int(np.abs(held).max(initial=0))
        own[one.place] = Ratios(held, one.scale, most)
        own[IN_POUNDS + one.place] = Ratios(held, one.scale, most) * PENCE
    return own


def _pence(steps: Steps, own: Mapping[str, Ratios]) -> Int | int:
    """Return what steps come to, whole pence; 0 for none."""
    if not steps:
        return 0
    last = end_of(steps, own)
    if isinstance(last, Ratios):
        is_whole = isinstance(last.bottom, int) and last.bottom == 1
        pence: Int = (last.top if is_whole else last.top // last.bottom).astype(np.int64)
        return pence
    return int(last) if isinstance(last, Fraction) else 0
