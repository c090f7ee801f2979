"""What more or fewer pupils of a kind bring a school: each kind alone, all together, and what kinds do to each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.columns import UNITS_PREFIX
from engine.errors import PairRefused, Problem
from engine.expected_calls import Pence
from engine.modules.school_formula import parts as school_parts
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.modules.school_formula.phases import lines_of_phase
from engine.money import MILLION, difference, number
from engine.rules.compiled import CompiledLine
from engine.rules.formula import Counts
from engine.run import evaluate
from engine.tables import SchoolTable, frozen
from engine.vocabulary import Presence, SchoolPhase


@dataclass(frozen=True, slots=True)
class Funding:
    """What a school has: its notional SEN budget and its formula funding, pence; None is not known."""

    budget: Pence
    formula: Pence

    def __sub__(self, other: "Funding") -> "Funding":
        """Return the difference of each; None where one of them is not known."""
        return Funding(
            difference(self.budget, other.budget), difference(self.formula, other.formula)
        )


@dataclass(frozen=True, slots=True)
class KindOfPupil:
    """Pupils of one line of the formula: how many there are, millionths, and what one pupil more brings by itself."""

    line: str
    label: str
    pupils: int
    one_more: Funding


@dataclass(frozen=True, slots=True)
class PupilChange:
    """More or fewer pupils of a kind, millionths, and what they bring by themselves."""

    kind: KindOfPupil
    more: int
    alone: Funding


@dataclass(frozen=True, slots=True)
class PupilChanges:
    """A school before and after a change of its pupils.

    What each change brings alone and the interaction add to the whole change, to the penny: a minimum level, a guarantee or
    a threshold of a share may depend on several kinds at once.
    """

    before: Funding
    after: Funding
    kinds: tuple[KindOfPupil, ...]
    changes: tuple[PupilChange, ...]

    @property
    def change(self) -> Funding:
        """Return the whole change."""
        return self.after - self.before

    @property
    def interaction(self) -> Funding:
        """Return what the changes bring together above what each brings alone."""
        left = self.change
        for one in self.changes:
            left -= one.alone
        return left


def pupil_changes(outcome: NotionalOutcome, school: int, more: Mapping[str, int]) -> PupilChanges:
    """Return what more or fewer pupils bring one school of an outcome, by its position; all else stays as it is.

    ``more`` has millionths of pupils by the name of their line. Raises ``PairRefused``, each problem at the column of a
    line, where no pupils of a line are counted or known, or fewer would be left than none.
    """
    schools, (own, _) = outcome.schools, outcome.of(school)
    lines = _counted(own, schools, school)
    problems = [
        Problem(sentence, "pupils-to-change", column=f"{UNITS_PREFIX}{name}")
        for name, change in more.items()
        if (sentence := _fault(lines.get(name), schools, school, change)) is not None
    ]
    if problems:
        raise PairRefused(problems)
    tried: list[Mapping[str, int]] = [
        {}, dict(more), *({name: change} for name, change in more.items()),
        *({name: MILLION} for name in lines),
    ]  # fmt: skip
    before, after, *each = _valued(outcome, schools, school, tried)
    alone, ones = each[: len(more)], each[len(more) :]
    kinds = {
        name: KindOfPupil(name, line.label, _units(schools, school, name), one - before)
        for (name, line), one in zip(lines.items(), ones, strict=True)
    }
    changes = tuple(
        PupilChange(kinds[name], change, one - before)
        for (name, change), one in zip(more.items(), alone, strict=True)
    )
    return PupilChanges(before, after, tuple(kinds.values()), changes)


def _counted(own: NotionalOutcome, schools: SchoolTable, school: int) -> dict[str, CompiledLine]:
    """Return the lines that count pupils of a school's phase, of which the table has a known number."""
    phase = SchoolPhase(int(schools.columns["phase"][school]))
    return {
        line.name: line
        for line in lines_of_phase(school_parts.formula_of(own), phase)
        if line.counts is Counts.pupils and line.rate is not None
        and (held := schools.presence.get(f"{UNITS_PREFIX}{line.name}")) is not None
        and held[school] == Presence.given
    }  # fmt: skip


def _units(schools: SchoolTable, school: int, name: str) -> int:
    return int(schools.values[f"{UNITS_PREFIX}{name}"][school])


def _fault(line: CompiledLine | None, schools: SchoolTable, school: int, change: int) -> str | None:
    if line is None:
        return "cannot change: how many pupils there are is not known, or they are not counted"
    held = _units(schools, school, line.name)
    if held + change < 0:
        return f"would be fewer than none: there are {number(held)}"
    return None


def _valued(
    outcome: NotionalOutcome, schools: SchoolTable, school: int, tried: Sequence[Mapping[str, int]]
) -> list[Funding]:
    """Return what a school has with each of several changes of its pupils: all are valued as one table."""
    copies = schools.among(np.full(len(tried), school, np.intp))
    values = dict(copies.values)
    for name in dict.fromkeys(one for changes in tried for one in changes):
        column = f"{UNITS_PREFIX}{name}"
        added = [changes.get(name, 0) for changes in tried]
        values[column] = frozen(values[column] + np.asarray(added, np.int64))
    numbers = frozen(np.arange(1, len(tried) + 1, dtype=np.int32))
    found = evaluate(outcome.rules, replace(copies, urn=numbers, values=values)).notional
    if found is None:
        message = "rules with a schools formula valued no school"
        raise RuntimeError(message)
    known = school_parts.budget_known(found).tolist()
    whole = ((found.absent_total == 0) & school_parts.funded(found)).tolist()
    figures = zip(found.notional_total.tolist(), found.formula_total.tolist(), strict=True)
    return [
        Funding(budget if is_known else None, formula if is_whole else None)
        for (budget, formula), is_known, is_whole in zip(figures, known, whole, strict=True)
    ]
