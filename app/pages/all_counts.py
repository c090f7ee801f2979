"""Boxes for all pupils of a count of which the rules take off a share of the school: mobility.

A formula pays only for the pupils above the share, and a school knows all of them. What is typed in such a box
becomes the count that the formula reads; the answers keep it as it was typed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from app.pages.answers import Answers, Mistake, mistake
from app.pages.fields import Asks, Field, Part
from engine.columns import UNITS_PREFIX
from engine.modules import above_share_of_all, lines_of_phase
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
        above = (
            None
            if typed is None
            else above_share_of_all(formula, line, typed, _counts(formula, answers))
        )
        if typed is None or typed < 0:
            mistakes.append(mistake(by_name[name], "unreadable", ""))
        elif units in entries:
            mistakes.append(
                mistake(by_name[name], "duplicate", "must be empty, or the box above it")
            )
        elif above is None:
            mistakes.append(
                mistake(by_name[name], "not-said", f"needs the number of {_whose(line)}")
            )
        else:
            entries[units] = number(above)
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


def _counts(formula: CompiledFormula, answers: Answers) -> dict[str, int | None]:
    """Return the counts that were typed by the names of their lines, millionths; an empty box is 0 where that was said."""
    typed = ((one.name, answers.entries.get(f"{UNITS_PREFIX}{one.name}")) for one in formula.lines)
    empty = 0 if answers.blanks_are_none else None
    return {name: empty if text is None else millionths_in(text) for name, text in typed}
