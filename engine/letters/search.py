"""The smallest change of one input that explains why a letter differs from what the rules come to.

Changes are proposed by what one line earns, and each is then worked out through the whole formula: what is listed explains
its pence exactly. Bounded: no more than ``MOST_OF_TABLE`` changes are worked out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from engine.letters.causes import (
    Cause,
    CauseKind,
    Change,
    Figures,
    printed_pence,
)
from engine.letters.own_sums import OwnSum, own_sum
from engine.letters.printed_figures import (
    LetterComparison,
    PrintedFigures,
    compare_with_letter,
)
from engine.letters.school_trials import ONE_UNIT, SchoolTrials, units_of
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.money import MILLION, PENCE, PERCENT_TO_MILLIONTHS, half_away
from engine.rules.compile_reads import family
from engine.statement import LineStatement, SchoolStatement

MOST_OF_TABLE = 60
MOST_UNDER_RULES = 16
"""Changes of a unit value or a percentage that are worked out: each compiles the rules again."""

MOST_CAUSES = 12
_COARSE = 500
"""Of a gap, the part by which what a line adds to the totals may be off where an adjustment takes some of it back."""

NEAR = 2
"""Pence by which rounding may part what a line earns from what the whole formula comes to."""


@dataclass(frozen=True, slots=True)
class LetterCheck:
    """A letter beside our statement, and what may explain the difference, the simplest first.

    statement  ours
    causes     changes that bring every printed figure to the letter's, else each for the lines that it explains
    is_whole   whether the causes explain all of the difference, each by itself
    """

    statement: SchoolStatement
    comparison: LetterComparison
    causes: tuple[Cause, ...]
    is_whole: bool

    @property
    def own_sum(self) -> OwnSum | None:
        """Return the letter's lines beside its own total, None where they come to it or cannot be added."""
        return own_sum(self.statement, self.comparison)

    @property
    def unexplained(self) -> int | None:
        """Return the pence of notional SEN that no cause explains; the simplest of each line is counted."""
        gap = self.comparison.gap
        if gap is None or self.is_whole:
            return None if gap is None else 0
        first: dict[tuple[str, ...], int] = {}
        for one in self.causes:
            first.setdefault(one.change.lines, one.explains)
        return gap - sum(first.values())


def check_letter(outcome: NotionalOutcome, school: int, letter: PrintedFigures) -> LetterCheck:
    """Return a school of an outcome beside a letter, with the changes that may explain where they differ."""
    trials = SchoolTrials.of(outcome, school)
    comparison = compare_with_letter(trials.statement, letter)
    if comparison.is_same or trials.statement.not_known:
        return LetterCheck(trials.statement, comparison, (), is_whole=comparison.is_same)
    search = _Search(trials, comparison, letter)
    causes, is_whole = search.causes()
    return LetterCheck(trials.statement, comparison, causes, is_whole)


class _Search:
    """Proposes changes for the figures that differ, works them out, and ranks those that explain them."""

    def __init__(
        self, trials: SchoolTrials, comparison: LetterComparison, letter: PrintedFigures
    ) -> None:
        self.trials, self.comparison = trials, comparison
        self.statement, self.ours = trials.statement, trials.figures
        self.target = printed_pence(letter, self.ours)
        self.open_lines = {
            one.name
            for one in comparison.lines
            if one.differs or (one.amount.theirs is None and one.notional.theirs is None)
        }
        lines = {one.name for one in self.statement.lines}
        # An adjustment differs because of lines, unless it differs alone.
        self.differing = [one for one in comparison.lines if one.differs and one.name in lines]
        self.shares = self._shares_in_all()

    def causes(self) -> tuple[tuple[Cause, ...], bool]:
        """Return changes that explain every printed figure; where none does, those that explain a line's."""
        proposed = list(self._proposals())
        found = [one for one in self._causes_of(proposed) if one is not None]
        whole = [one for one in found if one.is_exact]
        if whole:
            return _ranked(whole), True
        return _ranked([one for one in found if self._explains_lines(one)]), False

    def _shares_in_all(self) -> dict[str, tuple[int, int]]:
        """Return what a penny of a line adds to formula funding and to notional SEN, millionths.

        Where the school is lifted, protected or capped, a part of it is taken back: ten units more are worked out to see.
        """
        plain = {one.name: (MILLION, one.percent or 0) for one in self.statement.lines}
        if not any(one.amount for one in self.statement.adjustments):
            return plain
        more = [
            Change(CauseKind.units, (one.name,), (one.label,), units, units + 10 * ONE_UNIT)
            for one in self.statement.lines
            if one.unit_value and (units := units_of(self.trials, one.name)) is not None
        ]
        for change, figures in zip(more, self.trials.figures_with(more), strict=True):
            [name] = change.lines
            moved = {key: figures[key] - self.ours[key] for key in figures} if figures else {}
            amount = moved.get((name, "amount"), 0)
            if amount:
                plain[name] = (
                    half_away(moved["", "amount"] * MILLION, amount),
                    half_away(moved["", "notional"] * MILLION, amount),
                )
        return plain

    def _in_all(self, name: str, amount: int, notional: int) -> tuple[int, int]:
        """Return about what pence of a line add to the totals, with what they change of adjustments."""
        of_formula, of_notional = self.shares[name]
        if amount == 0:
            return 0, notional
        return half_away(amount * of_formula, MILLION), half_away(amount * of_notional, MILLION)

    # Which changes are proposed

    def _proposals(self) -> Iterator[Change]:
        yield from self._protection()
        yield from self._left_out()
        yield from self._swaps()
        for line in self._lines():
            for gap in self._gaps(line.name):
                yield from self._of_line(line, *gap)
        yield from self._of_families()

    def _lines(self) -> Iterator[LineStatement]:
        """Yield the lines whose inputs may be others: those that differ, or that the letter does not print."""
        return (one for one in self.statement.lines if one.name in self.open_lines)

    def _gaps(self, name: str) -> list[tuple[str, int]]:
        """Return by how much a line differs, of its notional SEN or else its amount; the totals' where it is not printed."""
        own = next((one for one in self.differing if one.name == name), None)
        if own is not None:
            pairs = [("notional", own.notional.pence), ("amount", own.amount.pence)]
            return [(kind, pence) for kind, pence in pairs if pence]
        if self.differing:
            return []
        totals = [
            ("notional", self.comparison.notional.pence),
            ("amount", self.comparison.formula.pence),
        ]
        return [(kind, pence) for kind, pence in totals if pence][:1]

    def _protection(self) -> Iterator[Change]:
        for one in self.statement.adjustments:
            if one.amount and one.name in self.open_lines:
                yield Change(CauseKind.protection, (one.name,), (one.label,), one.amount, 0)

    def _left_out(self) -> Iterator[Change]:
        for one in self._lines():
            if one.amount:
                yield Change(CauseKind.left_out, (one.name,), (one.label,), one.amount, 0)

    def _swaps(self) -> Iterator[Change]:
        """Yield two lines whose counts differ, and come to the letter's notional SEN where they are exchanged."""
        counted = [
            (one, units)
            for one in self._lines()
            if one.unit_value is not None and (units := units_of(self.trials, one.name)) is not None
        ]
        for (one, units), (other, others) in combinations(counted, 2):
            if units == others:
                continue
            moved = [
                self._earned(line, after - before)
                for line, before, after in ((one, units, others), (other, others, units))
            ]
            if self._may_fit([one.name, other.name], moved):
                yield Change(
                    CauseKind.swap, (one.name, other.name), (one.label, other.label), units, others
                )

    def _earned(self, line: LineStatement, units: int) -> tuple[int, int]:
        """Return about what units of a line earn: pence of its amount and of its notional SEN."""
        amount = half_away(units * (line.unit_value or 0), MILLION)
        return amount, half_away(amount * (line.percent or 0), MILLION)

    def _may_fit(self, names: Sequence[str], moved: Sequence[tuple[int, int]]) -> bool:
        """Return whether a change of some lines may come to what the letter prints of them, or in all."""
        differing = {one.name for one in self.differing}
        if differing - set(names):
            return False
        for name, (amount, notional) in zip(names, moved, strict=True):
            own = next((one for one in self.differing if one.name == name), None)
            pairs = (
                () if own is None else ((own.amount.pence, amount), (own.notional.pence, notional))
            )
            if any(wanted is not None and abs(wanted - got) > NEAR for wanted, got in pairs):
                return False
        return self._totals_near(names, moved)

    def _totals_near(self, names: Sequence[str], moved: Sequence[tuple[int, int]]) -> bool:
        """Return whether what some lines move by may come to the letter's totals."""
        in_all = [self._in_all(name, *one) for name, one in zip(names, moved, strict=True)]
        return self._is_near_totals(in_all) or self._is_near_totals(moved)

    def _is_near_totals(self, moved: Sequence[tuple[int, int]]) -> bool:
        totals = (self.comparison.formula.pence, self.comparison.notional.pence)
        near = NEAR
        if any(one.amount for one in self.statement.adjustments):
            near += max(abs(one or 0) for one in totals) // _COARSE
        found = (sum(one for one, _ in moved), sum(one for _, one in moved))
        return all(
            wanted is None or abs(wanted - got) <= near
            for wanted, got in zip(totals, found, strict=True)
        )

    def _of_line(self, line: LineStatement, kind: str, gap: int) -> Iterator[Change]:
        """Yield changes of a line's count, unit value and percentage that come to a gap of its own or in all."""
        for share in sorted(self._possible_shares(line, kind)):
            yield from self._of_share(line, gap, share)
        if kind == "notional" and line.amount and line.amount > 0:
            before = line.percent or 0
            for step in _PERCENT_STEPS:
                after = _nearest(before * line.amount + gap * MILLION, line.amount, step)
                if 0 <= after <= MILLION and after != before:
                    yield Change(CauseKind.percentage, (line.name,), (line.label,), before, after)

    def _of_share(self, line: LineStatement, gap: int, share: int) -> Iterator[Change]:
        """Yield changes of a line's count and unit value that come to a gap which has a share of its amount."""
        rate, units = line.unit_value, units_of(self.trials, line.name)
        if rate and share > 0 and units is not None:
            yield from self._counts(line, units, gap * MILLION * MILLION, rate * share)
        if rate is not None and share > 0 and line.units:
            yield from self._unit_values(line, gap * MILLION * MILLION, line.units * share)

    def _possible_shares(self, line: LineStatement, kind: str) -> set[int]:
        """Return what of a penny of a line's amount a gap of its own, or in all, may have; millionths.

        In all that is less where an adjustment takes some back, and more again where the change ends the adjustment.
        """
        own = (line.percent or 0) if kind == "notional" else MILLION
        if self._is_printed(line.name):
            return {own}
        return {own, self.shares[line.name][kind == "notional"]}

    def _counts(self, line: LineStatement, units: int, over: int, each: int) -> Iterator[Change]:
        """Yield counts of a line that come to a gap: whole pupils more or fewer, a whole count, or any count."""
        moved = half_away(over, each)
        # Pupils on roll are counted one by one; other counts may follow from shares of them.
        whole = line.name in self.trials.pupil_lines and units % ONE_UNIT == 0
        after = {
            units + _nearest(moved, 1, ONE_UNIT),
            _nearest(units + moved, 1, ONE_UNIT),
            *([units + moved] if self._is_printed(line.name) and not whole else []),
        }
        for one in sorted(after):
            if one >= 0 and one != units:
                yield Change(CauseKind.units, (line.name,), (line.label,), units, one)

    def _unit_values(self, line: LineStatement, over: int, each: int) -> Iterator[Change]:
        before = line.unit_value or 0
        moved = half_away(over, each)
        steps = [PENCE, *([1] if self._is_printed(line.name) or before % PENCE else [])]
        for after in sorted({_nearest(before + moved, 1, step) for step in steps}):
            if after >= 0 and after != before and not line.by_months:
                yield Change(CauseKind.unit_value, (line.name,), (line.label,), before, after)

    def _is_printed(self, name: str) -> bool:
        return any(one.name == name for one in self.differing)

    def _of_families(self) -> Iterator[Change]:
        """Yield percentages of several lines that have one together, such as all bands of income deprivation."""
        groups: dict[tuple[str, int], list[LineStatement]] = {}
        for line in self._lines():
            compiled = self.trials.lines.get(line.name)
            if compiled is not None and line.percent and line.amount:
                groups.setdefault((family(compiled.key.factor), line.percent), []).append(line)
        for (_, before), lines in groups.items():
            amount = sum(one.amount or 0 for one in lines)
            gap = self._gap_of([one.name for one in lines])
            if len(lines) == 1 or not gap:
                continue
            after = _nearest(before * amount + gap * MILLION, amount, PERCENT_TO_MILLIONTHS)
            if 0 <= after <= MILLION and after != before:
                names, labels = zip(*((one.name, one.label) for one in lines), strict=True)
                yield Change(CauseKind.percentage, names, labels, before, after)

    def _gap_of(self, names: Iterable[str]) -> int:
        """Return by how much the notional SEN of some lines differs: their own, or in all where none is printed."""
        wanted = set(names)
        own = [one.notional.pence or 0 for one in self.differing if one.name in wanted]
        return sum(own) if self.differing else self.comparison.notional.pence or 0

    # What they come to

    def _causes_of(self, proposed: Sequence[Change]) -> list[Cause | None]:
        near = list(dict.fromkeys(one for one in proposed if self._is_near(one)))
        near.sort(key=lambda one: one.alternatives)
        under_rules = [one for one in near if one.kind in _UNDER_RULES][:MOST_UNDER_RULES]
        others = [one for one in near if one.kind not in _UNDER_RULES][:MOST_OF_TABLE]
        changes = [*others, *under_rules]
        return [
            None if figures is None else self._cause(change, figures)
            for change, figures in zip(changes, self.trials.figures_with(changes), strict=True)
        ]

    def _is_near(self, change: Change) -> bool:
        """Return whether a change may explain what differs, by what its lines earn."""
        if change.kind in {CauseKind.swap, CauseKind.protection}:
            return True
        moved = [self._moved(change, name) for name in change.lines]
        return bool(self.differing) or self._totals_near(change.lines, moved)

    def _moved(self, change: Change, name: str) -> tuple[int, int]:
        """Return by how much a change moves a line's amount and notional SEN, pence."""
        line = next(one for one in self.statement.lines if one.name == name)
        amount, notional, share = line.amount or 0, line.notional or 0, line.percent or 0
        match change.kind:
            case CauseKind.percentage:
                return 0, half_away(amount * change.after, MILLION) - notional
            case CauseKind.units:
                after = half_away(change.after * (line.unit_value or 0), MILLION)
            case CauseKind.unit_value:
                after = half_away((line.units or 0) * change.after, MILLION)
            case _:
                after = 0
        return after - amount, half_away(after * share, MILLION) - notional

    def _cause(self, change: Change, figures: Figures) -> Cause:
        def moved(kind: str) -> int:
            return figures.get(("", kind), 0) - self.ours.get(("", kind), 0)

        is_exact = all(figures.get(key) == pence for key, pence in self.target.items())
        return Cause(change, moved("notional"), moved("amount"), is_exact)

    def _explains_lines(self, cause: Cause) -> bool:
        """Return whether a change brings its own lines to what the letter prints of them."""
        own = [one for one in self.differing if one.name in cause.change.lines]
        if not own:
            return False
        figures = self.trials.figures_with([cause.change])[0] or {}
        return all(
            figures.get((one.name, kind)) == difference.theirs
            for one in own
            for kind, difference in (("amount", one.amount), ("notional", one.notional))
            if difference.theirs is not None
        )


_PERCENT_STEPS = (5 * PERCENT_TO_MILLIONTHS, PERCENT_TO_MILLIONTHS, PERCENT_TO_MILLIONTHS // 100)
"""Percentages are printed in fives, whole, or to two decimals; millionths."""

_UNDER_RULES = {CauseKind.unit_value, CauseKind.percentage}


def _nearest(numerator: int, denominator: int, step: int) -> int:
    """Return a quotient to the nearest multiple of a step; the denominator is positive."""
    return half_away(numerator, denominator * step) * step


def _ranked(causes: Sequence[Cause]) -> tuple[Cause, ...]:
    """Return causes with their ranks, the simplest first; those of one rank are as simple as each other."""
    ordered = sorted(causes, key=lambda one: (one.change.alternatives, -abs(one.explains)))
    ranks = sorted({one.change.alternatives for one in ordered})
    return tuple(replace(one, rank=ranks.index(one.change.alternatives) + 1) for one in ordered)[
        :MOST_CAUSES
    ]
