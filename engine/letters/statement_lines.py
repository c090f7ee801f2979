"""Rows of a statement by the lines of a formula that their labels name."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.letters.figure_meanings import LineFacts
from engine.letters.label_words import (
    LabelKind,
    factor_words,
    label_words,
    named,
    plain_words,
)
from engine.letters.pasted_cells import CellRow
from engine.modules import lines_of_phase
from engine.modules.school_formula.parts import LABELS
from engine.rules.compile_reads import family
from engine.rules.compiled import CompiledFormula, CompiledLine
from engine.rules.formula import Counts, LinePhase
from engine.vocabulary import SchoolPhase

IN_POUNDS = (Counts.amount, Counts.sparsity, Counts.school)
NOT_A_LINE = "It names no part of these rules."
SUBTOTAL = "It is a total of other rows, which is worked out."
OF_OTHER_PHASE = "These rules pay this school nothing under this name for this phase."
SEVERAL = "It does not say which phase it is of, and these rules tell phases apart."
TWICE = "An earlier row has this line."
PART_OF_IT = "An earlier row has a part of this already."


@dataclass(frozen=True, slots=True)
class LineName:
    """A line, or several that a statement prints together, by the name of its columns: ``fsm_primary``, ``idaci``."""

    name: str
    label: str
    facts: LineFacts
    members: tuple[CompiledLine, ...] = ()

    @property
    def line(self) -> CompiledLine | None:
        """Return the line, None where it is an adjustment or several lines together."""
        return next((one for one in self.members if one.name == self.name), None)


@dataclass(frozen=True, slots=True)
class Section:
    """What the headings above a row say: a factor and a phase, each where one is named."""

    factor: str | None = None
    phase: str | None = None


class StatementLabels:
    """The labels of statements of a school, and what each names under a formula."""

    def __init__(self, formula: CompiledFormula, phase: SchoolPhase) -> None:
        """Take the formula of the school, by the values of its own authority, and its phase."""
        self.lines = lines_of_phase(formula, phase)
        self.pupil_lines = frozenset(formula.pupil_lines)
        self.factors = factor_words(self.lines)

    @property
    def choices(self) -> tuple[LineName, ...]:
        """Return every line and adjustment that a row may be of, in the order of a statement."""
        lines = [self.of_line(line) for line in self.lines]
        adjustments = [LineName(name, label, _AMOUNT) for name, label in LABELS.items()]
        return (*lines, *adjustments)

    def by_name(self, name: str) -> LineName | None:
        """Return a line, an adjustment or lines together by their name, None where there is none."""
        alone = next((one for one in self.choices if one.name == name), None)
        return alone or self._together(name, self.lines)

    def of_line(self, line: CompiledLine, *, label_has_percent: bool = False) -> LineName:
        """Return a line with what the rules say of it."""
        share = line.notional_percent
        percent = None if share is None or not share.is_printed else Decimal(str(share.value))
        facts = LineFacts(
            rate=line.year_rate,
            percent=percent,
            label_has_percent=label_has_percent,
            is_amount=line.counts in IN_POUNDS or line.rate is None,
            counts_all=line.name in self.pupil_lines,
        )
        return LineName(line.name, line.label, facts, (line,))

    def section(self, row: CellRow, before: Section) -> Section:
        """Return what a row without figures says of those under it."""
        label = plain_words(row.label)
        factor, phase = named(label, self.factors), named(label, label_words(LabelKind.phase))
        if factor is None and phase is not None:
            return Section(before.factor, phase[1])
        return Section(None if factor is None else factor[1], None if phase is None else phase[1])

    def total(self, row: CellRow) -> str | None:
        """Return which total a row prints: ``notional``, ``formula`` or ``subtotal``; None where it is no total."""
        label = plain_words(row.label)
        if not label:
            return None
        kinds = (LabelKind.total, LabelKind.aside)
        found = [one for kind in kinds if (one := named(label, label_words(kind)))]
        longest = max(found, key=lambda one: len(one[0]), default=None)
        factor = named(label, self.factors) or named(label, label_words(LabelKind.adjustment))
        if longest is None:
            return None
        if factor is None:
            return longest[1]
        return "subtotal" if label.startswith(("total", "sub total", "subtotal")) else None

    def line_of(self, row: CellRow, section: Section) -> LineName | str:
        """Return the line that a row is of, or why it is of none."""
        label = plain_words(row.label)
        adjustment = named(label, label_words(LabelKind.adjustment))
        factor = named(label, self.factors)
        phase = named(label, label_words(LabelKind.phase))
        if factor is None and named(label, label_words(LabelKind.pupils)):
            return self._all_pupils(None if phase is None else phase[1])
        if adjustment and (factor is None or len(adjustment[0]) > len(factor[0])):
            return LineName(adjustment[1], LABELS[adjustment[1]], _AMOUNT)
        if factor is None and phase is not None and section.factor is not None:
            factor = (section.factor, section.factor)
        if factor is None:
            return NOT_A_LINE
        within = section.phase if phase is None else phase[1]
        return self._of_factor(factor[1], within, has_percent="percent" in label.split())

    def _of_factor(self, factor: str, phase: str | None, *, has_percent: bool) -> LineName | str:
        """Return the line of a factor, or of all bands of one, at a phase."""
        of = [one for one in self.lines if factor in (one.key.factor, family(one.key.factor))]
        if not of:
            return NOT_A_LINE
        fitting = [one for one in of if phase is None or _is_of(one.key.phase, phase)]
        if not fitting:
            return OF_OTHER_PHASE
        if len(fitting) == 1:
            return self.of_line(fitting[0], label_has_percent=has_percent)
        if len(fitting) < len(of):
            return SEVERAL
        return self._together(factor, fitting) or SEVERAL

    def _all_pupils(self, phase: str | None) -> LineName | str:
        """Return the line that counts all pupils of a phase, which a row of pupils on roll gives."""
        fitting = [
            one
            for one in self.lines
            if one.name in self.pupil_lines and (phase is None or _is_of(one.key.phase, phase))
        ]
        if len(fitting) != 1:
            return SEVERAL
        [line] = fitting
        return LineName(line.name, line.label, LineFacts(counts_all=True), (line,))

    def _together(self, name: str, lines: Sequence[CompiledLine]) -> LineName | None:
        """Return several lines that a statement prints as one; None where they do not go together."""
        members = tuple(one for one in lines if name in (one.key.factor, family(one.key.factor)))
        if not members or len({one.year_percent for one in members}) > 1:
            return None
        label = members[0].factor.label if name == members[0].key.factor else name.upper()
        return LineName(name, label, _AMOUNT, members)


_AMOUNT = LineFacts(is_amount=True)


def _is_of(phase: LinePhase, named_phase: str) -> bool:
    """Return whether a line's phase is one that a label names; lines of all phases fit any."""
    if phase in {LinePhase.all, LinePhase.middle, LinePhase.all_through}:
        return True
    if named_phase in {"ks3", "ks4"} and phase is LinePhase.secondary:
        return True
    return phase == named_phase
