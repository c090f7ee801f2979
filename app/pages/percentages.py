"""The notional SEN percentages that the rules leave to the school's own authority, typed into the form.

A rule set of the national formula names no percentages, and a source may name a factor without its percentage. The
school then types those of its authority's statement; the unit values stay as published.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from app.pages.answers import Answers, Mistake
from app.pages.fields import IS_NOTIONAL, Asks, Field, Part
from app.pages.words import tag_of, within
from engine.errors import OverrideRefused
from engine.modules import lines_of_phase
from engine.reading import percent_in
from engine.rules import PHASE_WORDS, CompiledFormula, CompiledLine, SourcedValue
from engine.rules.trials import Trial
from engine.vocabulary import NOT_PRINTED, Missing, SchoolPhase, Standing

PREFIX = "percent_"
IDACI = "idaci_"
DEPRIVATION = "idaci"
"""The bands of income deprivation have one percentage, as statements print it."""

LEVEL = f"{PREFIX}minimum_level"
LEVEL_LABEL = "Money that lifts the school to the minimum per-pupil level"
LEVEL_PLACE = "schools_formula.minimum_per_pupil.notional_percent"
GUARANTEE = f"{PREFIX}guarantee"
GUARANTEE_LABEL = "Money of the minimum funding guarantee, or taken by the cap"
GUARANTEE_PLACE = "schools_formula.protection.notional_percent"
MOST_COUNT_NONE = "Many authorities count none of it: enter 0 then."
ONE_PERCENT = Decimal(1)


@dataclass(frozen=True, slots=True)
class OpenPercentage:
    """A percentage that is asked for: its question, the places in the rules that it fills, and the lines it is of."""

    field: Field
    places: tuple[str, ...]
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Percentages:
    """The percentages that are asked for, those that were typed, and whether an empty box is 0."""

    asked: tuple[OpenPercentage, ...] = ()
    typed: Mapping[str, str] | None = None
    blanks_are_none: bool = False

    @property
    def fields(self) -> tuple[Field, ...]:
        """Return the questions, one a percentage."""
        return tuple(one.field for one in self.asked)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Return each place of the rules with the percentage typed for it; an empty box is not known, or 0."""
        empty = "0" if self.blanks_are_none else NOT_PRINTED
        typed = self.typed or {}
        return [
            (place, number_of(typed[one.field.name]) if one.field.name in typed else empty)
            for one in self.asked
            for place in one.places
        ]

    def is_place(self, place: str | None) -> bool:
        """Return whether a place of the rules holds a percentage that was typed."""
        return place is not None and any(map(place.startswith, self.places))

    @property
    def places(self) -> frozenset[str]:
        """Return every place of the rules that a percentage fills."""
        return frozenset(place for one in self.asked for place in one.places)

    @property
    def lines(self) -> set[str]:
        """Return the names of the lines whose percentages are asked for."""
        return {line for one in self.asked for line in one.lines}

    def are_named_in(self, sentence: str) -> bool:
        """Return whether a sentence about the rules is about percentages that were typed, which have their own."""
        return any(place in sentence for place in self.places)

    @property
    def entered(self) -> list[tuple[str, str]]:
        """Return the label of each percentage with what was entered for it, in words."""
        empty = "0%, as the box was empty" if self.blanks_are_none else "not known"
        typed = self.typed or {}
        names = [(one.field.label, one.field.name) for one in self.asked]
        return [
            (label, f"{number_of(typed[name])}%" if name in typed else empty)
            for label, name in names
        ]

    def reason(self, sentence: str) -> str:
        """Return why something is not known, in words for a school that has not entered a percentage."""
        if not self.asked:
            return sentence
        said = sentence.replace(
            Missing.not_printed.value, "its notional SEN percentage is not entered"
        )
        return said.replace("percentage is not printed", "percentage is not entered")

    def question(self, field: Field) -> Field:
        """Return the question of a line without what is said of its percentage, which is asked for by itself."""
        if not any(line in field.name for line in self.lines):
            return field
        tags = tuple(tag for tag in field.tags if tag != tag_of(Standing.proposed))
        hints = tuple(hint for hint in field.hints if not hint.endswith(IS_NOTIONAL))
        return replace(field, tags=tags, hints=hints)

    def trials_besides(self, trials: Iterable[Trial]) -> list[Trial]:
        """Return the numbers tried in the rules that are no percentages of the authority."""
        return [one for one in trials if one.place.partition("@")[0] not in self.places]

    def mistakes(self, refusal: OverrideRefused) -> list[Mistake]:
        """Return why percentages are refused, each at its box and once."""
        boxes = {place: one.field for one in self.asked for place in one.places}
        found = {}
        for problem in refusal.problems:
            field = boxes.get((problem.place or "").partition("@")[0])
            sentence = (
                f"{field.label} must be a percentage from 0 to 100, such as 5 or 12.5"
                if field
                else str(problem)
            )
            found[sentence] = Mistake(sentence, field.name if field else None)
        return list(found.values())

    def looks_like_share(self) -> Iterator[tuple[Field, str]]:
        """Yield the questions answered by a share such as 0.5 where percent are asked, with the percentage."""
        for one in self.asked:
            number = percent_in((self.typed or {}).get(one.field.name, ""))
            if number is not None and 0 < number < ONE_PERCENT:
                yield one.field, f"{(number * 100).normalize():f}"


NO_PERCENTAGES = Percentages()


def number_of(text: str) -> str:
    """Return a percentage as the rules have it, without its sign; what is none is left for the rules to refuse.

    >>> number_of("12.5 %"), number_of("half")
    ('12.5', 'half')
    """
    number = percent_in(text)
    return text if number is None else f"{number:f}"


def percentages_of(formula: CompiledFormula, answers: Answers, phase: SchoolPhase) -> Percentages:
    """Return the percentages that rules leave open for a school of a phase, with those typed among its answers."""
    asked = tuple(_open_percentages(formula, phase))
    names = {one.field.name for one in asked}
    typed = {name: text for name, text in answers.entries.items() if name in names}
    return Percentages(asked, typed, answers.percentages_none)


def _open_percentages(formula: CompiledFormula, phase: SchoolPhase) -> Iterator[OpenPercentage]:
    lines = [line for line in lines_of_phase(formula, phase) if _is_open(line, formula)]
    groups: dict[str, list[CompiledLine]] = {}
    for line in lines:
        factor = DEPRIVATION if line.key.factor.startswith(IDACI) else line.key.factor
        groups.setdefault(f"{PREFIX}{factor}_{line.key.phase}", []).append(line)
    for name, those in groups.items():
        places = tuple(
            f"schools_formula.factors.{one.key.factor}.{one.key.phase}.notional_percent"
            for one in those
        )
        yield OpenPercentage(_field(name, _label(those)), places, tuple(one.name for one in those))
    if formula.levels is not None and _is_unsaid(formula.minimum_percent, formula):
        yield OpenPercentage(_field(LEVEL, LEVEL_LABEL, MOST_COUNT_NONE), (LEVEL_PLACE,))
    if (formula.guarantee is not None or formula.cap is not None) and _is_unsaid(
        formula.protection_percent, formula
    ):
        yield OpenPercentage(
            _field(GUARANTEE, GUARANTEE_LABEL, MOST_COUNT_NONE), (GUARANTEE_PLACE,)
        )


def _is_open(line: CompiledLine, formula: CompiledFormula) -> bool:
    """Return whether a line's percentage is the authority's to say: none is named anywhere, or it is not printed."""
    return any(_is_unsaid(one.notional_percent, formula) for one in line.segments)


def _is_unsaid(given: SourcedValue | None, formula: CompiledFormula) -> bool:
    if given is None:
        return not formula.is_notional
    # What a table of values has for other schools alone is not the authority's to say.
    return not given.is_printed and bool(given.source)


def _label(lines: Sequence[CompiledLine]) -> str:
    first = lines[0]
    if len(lines) == 1:
        return first.label
    words = PHASE_WORDS[first.key.phase]
    return f"Income deprivation (IDACI), all bands{f' ({words})' if words else ''}"


def _field(name: str, label: str, *hints: str) -> Field:
    return Field(name, label, Asks.percent, Part.percentages, hints)


def share_warning(field: Field, percentage: str) -> str:
    """Return the question whether a share was typed for a percentage."""
    return f"The percentage of {within(field.label)} is below 1: did you mean {percentage}%?"
