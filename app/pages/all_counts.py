"""Boxes for all pupils of a count of which the rules take off a share of the school: mobility.

A formula pays only for the pupils above the share, and a school knows all of them. What is typed in such a box
becomes the count that the formula reads; the answers keep it as it was typed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from app.pages.answers import Answers, Mistake, mistake
from app.pages.fields import Asks, Field, Part
from engine.columns import UNITS_PREFIX
from engine.modules import above_share, lines_of_phase
from engine.money import number
from engine.reading import millionths_in
from engine.rules import PHASE_WORDS, CompiledFormula, CompiledLine
from engine.vocabulary import SchoolPhase

ALL_PREFIX = "all_"


def with_all_counts(
    fields: Sequence[Field], formula: CompiledFormula, phase: SchoolPhase
) -> tuple[Field, ...]:
    """Return questions with one for all such pupils after each count of those above a share."""
    lines = _lines(formula, phase)
    return tuple(
        field
        for one in fields
        for field in (one, *([_field(lines[one.name])] if one.name in lines else []))
    )


def counted_answers(
    answers: Answers, fields: Sequence[Field], formula: CompiledFormula, mistakes: list[Mistake]
) -> Answers:
    """Return answers with the count above a share for each in which all pupils are given; mistakes are added to the list."""
    given = {name for name in answers.entries if name.startswith(ALL_PREFIX)}
    if not given or answers.phase is None:
        return answers
    by_name = {one.name: one for one in fields}
    entries = dict(answers.entries)
    for units, line in _lines(formula, answers.phase).items():
        name = _all_name(line)
        if name not in given:
            continue
        del entries[name]
        typed = millionths_in(answers.entries[name])
        pupils = _pupils(line, formula, answers)
        if typed is None or typed < 0:
            mistakes.append(mistake(by_name[name], "unreadable", ""))
        elif units in entries:
            mistakes.append(
                mistake(by_name[name], "duplicate", "must be empty, or the box above it")
            )
        elif pupils is None:
            mistakes.append(
                mistake(by_name[name], "not-said", f"needs the number of {_whose(line)}")
            )
        else:
            above = above_share(line, np.array([typed]), np.array([pupils]))
            entries[units] = number(int(above[0])).replace(",", "")
    return replace(answers, entries=entries)


def without_all_counts(entries: Mapping[str, str], corrected: Iterable[str]) -> dict[str, str]:
    """Return answers without all pupils of the counts that are corrected."""
    stale = {f"{ALL_PREFIX}{name.removeprefix(UNITS_PREFIX)}" for name in corrected}
    return {name: text for name, text in entries.items() if name not in stale}


def _lines(formula: CompiledFormula, phase: SchoolPhase) -> dict[str, CompiledLine]:
    lines = lines_of_phase(formula, phase)
    return {f"{UNITS_PREFIX}{one.name}": one for one in lines if one.only_above is not None}


def _all_name(line: CompiledLine) -> str:
    return f"{ALL_PREFIX}{line.name}"


def _field(line: CompiledLine) -> Field:
    share = "" if line.only_above is None else line.only_above.value
    hint = (
        f"In place of the box above: all of them, of which we take off {share}% of {_whose(line)}."
    )
    return Field(_all_name(line), f"{line.label}, all pupils", Asks.pupils, Part.pupils, (hint,))


def _whose(line: CompiledLine) -> str:
    words = PHASE_WORDS[line.key.phase]
    return f"{words} pupils" if words else "pupils"


def _pupils(line: CompiledLine, formula: CompiledFormula, answers: Answers) -> int | None:
    """Return the pupils of a line's phase, millionths, by the counts that were typed; None where one is not known."""
    names = list(_counts(line, formula))
    if not names:
        return None
    total = 0
    for name in names:
        text = answers.entries.get(name)
        if text is None and answers.blanks_are_none:
            continue
        pupils = None if text is None else millionths_in(text)
        if pupils is None:
            return None
        total += pupils
    return total


def _counts(line: CompiledLine, formula: CompiledFormula) -> Iterator[str]:
    """Yield the boxes of which the counts add to the pupils of a line's phase."""
    for at in formula.counted.of_phase.get(line.key.phase, ()):
        if at < len(formula.lines):
            yield f"{UNITS_PREFIX}{formula.lines[at].name}"
