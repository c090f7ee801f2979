"""What candidates of a variant try in a schools formula: unit values and notional parts of lines, levels, and parts of what is added."""

from typing import NamedTuple

import numpy as np

from engine.candidates.amounts import AmountSteps
from engine.candidates.structure import Variant
from engine.candidates.values import PathValues, Some, how_many
from engine.columns import Int
from engine.money import PENCE, PERCENT_TO_MILLIONTHS, decimal_of
from engine.rules.compiled import CompiledFormula, CompiledLine, CompiledRules
from engine.rules.formula import Counts
from engine.rules.line_steps import FORMULA, rate_steps
from engine.rules.number_kinds import Kind
from engine.rules.yaml_source import Path
from engine.steps import SourcedValue, are_printed

UNIT_VALUE, PERCENT = "unit_value", "notional_percent"
MINIMUM, PROTECTION, FACTORS = "minimum_per_pupil", "protection", "factors"


def is_amount_of(rules: CompiledRules, path: Path, kind: Kind) -> bool:
    """Return whether a number changes what lines pay, or the minimum level, and nothing that is counted or compared.

    The unit value of sparsity is tapered for each school, and one that is taken off last year's budget moves what is compared with.
    """
    if kind is not Kind.dated or path[0] != FORMULA:
        return False
    if path[1] == MINIMUM or (path[1] == PROTECTION and path[-1] == PERCENT):
        return True
    if path[1] != FACTORS or path[-1] not in {UNIT_VALUE, PERCENT}:
        return False
    formula, document = rules.formula, rules.document.schools_formula
    if path[-1] == PERCENT or formula is None or document is None:
        return True
    factor = document.factors[str(path[2])]
    compares = formula.guarantee is not None or formula.cap is not None
    return factor.counts is not Counts.sparsity and not (compares and factor.removed_from_prior)


class TriedLine(NamedTuple):
    """A line that candidates change: its place among the formula's, its unit values (pence) and notional parts (millionths)."""

    at: int
    rates: Int
    percents: Int


class Tried:
    """The values of a variant's candidates by what they replace."""

    def __init__(self, variant: Variant, formula: CompiledFormula) -> None:
        """Find which lines any candidate changes."""
        self.variant, self.formula = variant, formula
        self._values = {one.place: one for one in variant.amounts}
        self.at = [
            at for at, line in enumerate(formula.lines) if self._rate(line) or self._percent(line)
        ]

    @property
    def lines(self) -> list[CompiledLine]:
        """Return the lines that any candidate changes."""
        return [self.formula.lines[at] for at in self.at]

    @property
    def are_plain(self) -> bool:
        """Return whether each line that varies has one value all year, and whatever its amount may make known is printed."""
        return all(map(self._is_plain, self.lines))

    def _is_plain(self, line: CompiledLine) -> bool:
        now = self.variant.rules.now
        given = (line.line.unit_value, line.line.notional_percent)
        series = [one for one in given if one is None or isinstance(one, tuple)]
        one_each = len(series) == len(given) and all(len(now.values(one)) <= 1 for one in series)
        constant = not line.changes and one_each
        area = None if line.area is None else line.area.dated
        return constant and are_printed(line.unit_value, area, line.notional_percent)

    def priced(self, some: Some) -> list[TriedLine]:
        """Return what some candidates pay by each line that varies (candidates each)."""
        number, lines = how_many(some), self.lines
        steps = [
            () if line.value is None else rate_steps("Unit value", line.value, line.area)
            for line in lines
        ]
        # What tells structures apart has its value in the variant's own rules.
        places = {path: one for path, one in self.variant.places.items() if one in self._values}
        amounts = AmountSteps([steps], places)
        rates = amounts.amounts(self.variant.amounts, some)[:, 0] if lines else None
        found = []
        for place, (at, line) in enumerate(zip(self.at, lines, strict=True)):
            percents = self._scaled(self._percent(line), PERCENT_TO_MILLIONTHS, some)
            if percents is None:
                percents = np.full(number, line.percent or 0, np.int64)
            rate = np.zeros(number, np.int64) if rates is None else rates[:, place].copy()
            found.append(TriedLine(at, rate, percents))
        return found

    def levels(self, some: Some) -> Int:
        """Return the minimum levels of candidates (candidates, 3), pence a pupil; (candidates, 0) where there are none."""
        formula, number = self.formula, how_many(some)
        if formula.levels is None:
            return np.zeros((number, 0), np.int64)
        out = np.tile(formula.levels, (number, 1))
        for stage, leaves in enumerate((("primary",), ("ks3", "secondary"), ("ks4", "secondary"))):
            given = formula.level_givens[stage]
            for leaf in leaves:
                if self._is(leaf, given):
                    one = self._of(f"{FORMULA}.{MINIMUM}.{leaf}", given)
                    tried = self._scaled(one, PENCE, some)
                    if tried is not None:
                        out[:, stage] = tried
        return out

    def _is(self, leaf: str, given: SourcedValue | None) -> bool:
        """Return whether a level is the value in force of a field of the document."""
        document = self.variant.rules.document.schools_formula
        minimum = None if document is None else document.minimum_per_pupil
        series = None if minimum is None else getattr(minimum, leaf)
        return given is not None and self.variant.rules.now.latest(series) is given

    def lift_percent(self, part: str, some: Some) -> Int:
        """Return the notional part of what the minimum level, or the protection, adds (candidates), millionths."""
        given = self.formula.minimum_percent if part == MINIMUM else self.formula.protection_percent
        tried = self._of(f"{FORMULA}.{part}.{PERCENT}", given)
        found = self._scaled(tried, PERCENT_TO_MILLIONTHS, some)
        if found is not None:
            return found
        own = 0 if given is None else int(decimal_of(given.value) * PERCENT_TO_MILLIONTHS)
        return np.full(how_many(some), own, np.int64)

    def _rate(self, line: CompiledLine) -> PathValues | None:
        return self._of(f"{line.place}.{UNIT_VALUE}", line.unit_value)

    def _percent(self, line: CompiledLine) -> PathValues | None:
        return self._of(f"{line.place}.{PERCENT}", line.notional_percent)

    def _of(self, path: str, given: SourcedValue | None) -> PathValues | None:
        """Return what candidates have in the place of a value in force; None where they leave it as it is."""
        if given is None:
            return None
        place = self.variant.places.get(f"{path}.{given.from_.isoformat()}")
        return None if place is None else self._values.get(place)

    @staticmethod
    def _scaled(one: PathValues | None, scale: int, some: Some) -> Int | None:
        """Return values as whole numbers of a part that holds all their decimals."""
        if one is None:
            return None
        found: Int = one.held[some] * scale // one.scale
        return found
