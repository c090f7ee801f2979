"""The numbers that a page tries in its rules: chosen by name in the form, or named in the address by path."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.pages.answers import OVERRIDE, Mistake
from app.pages.clauses import clause_of, part_of
from app.pages.words import day_words, value_words
from app.what_ifs.schemas import MOST_OVERRIDES
from engine.errors import OverrideRefused, Problem
from engine.export import Number, numbers_of
from engine.money import is_digits
from engine.reading import exact_pounds, percent_in
from engine.rules import CompiledRules, RuleSet
from engine.rules.override import pair_of

TRY, TRY_VALUE = "try", "try_value"
"""The fields in which one more number is chosen."""

AGAIN, AGAIN_VALUE = "try_again", "try_again_value"
"""The fields of the numbers that the form tries already, each in the order of the address; an empty one is left out."""

LISTS = (OVERRIDE, AGAIN, AGAIN_VALUE)
NAMES = frozenset({*LISTS, TRY, TRY_VALUE})
SECTIONS = ("schools_formula", "targeted_funding")
"""The parts of a document that these pages work out."""

PERCENT = "percent"
NO_NUMBER = Mistake("Choose which number of the rules to try another value for", TRY)
NO_VALUE = Mistake("Enter another value for the number that you chose", TRY_VALUE)
NO_PLAIN_NUMBER = "string_pattern_mismatch"
"""The rule of a problem with a value that is no number; a box takes signs that a document does not."""

NUMBER = "must be a number such as 5 or 1,234.50"
TOO_MANY = Mistake(f"Try at most {MOST_OVERRIDES} numbers at a time")
NOT_PAIRED = Mistake(
    "This link is out of date: it has a number of the rules without a value to try"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A number of the rules that can be tried: its path, its name in words and its published value, in words and not."""

    path: str
    part: str
    clause: str
    value: str
    published: str | None

    @property
    def words(self) -> str:
        """Return its name with its part, such as ``Free school meals: Primary, unit value``."""
        return f"{self.part}: {self.clause}"


@dataclass(frozen=True, slots=True)
class Trial:
    """A number that is tried, as it was sent: ``field`` is the box that has its value."""

    path: str
    value: str
    field: str

    @property
    def pair(self) -> tuple[str, str]:
        """Return its path, and its value without signs of pounds, percent and thousands."""
        name = next((one for one in reversed(self.path.split(".")) if not is_digits(one)), "")
        is_percent = name.partition("@")[0].endswith(PERCENT)
        number = percent_in(self.value) if is_percent else exact_pounds(self.value)
        return self.path, self.value if number is None else f"{number:f}"


@dataclass(frozen=True, slots=True)
class Trials:
    """Every number that is tried, the choice that is not complete, and what is wrong with them."""

    sent: tuple[Trial, ...] = ()
    chosen: str = ""
    typed: str = ""
    mistakes: tuple[Mistake, ...] = ()

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Return each path with its value."""
        return [one.pair for one in self.sent]

    @property
    def overrides(self) -> tuple[str, ...]:
        """Return each number as an address has it."""
        return tuple(f"{path}={value}" for path, value in self.pairs)

    def refused(self, refusal: OverrideRefused, choices: Sequence[Choice]) -> tuple[Mistake, ...]:
        """Return why numbers cannot be tried, each at its box."""
        words = {one.path: one.words for one in choices}
        # The last box of a path is the one that was filled in last.
        boxes = {one.path: one for one in self.sent}
        return tuple(_mistake(one, boxes, words) for one in refusal.problems)


def trials_in(sent: Sequence[tuple[str, str]]) -> Trials:
    """Return the numbers to try among what was sent; ``OverrideRefused`` where the address has a text that is none."""
    pairs = list(_pairs_of_address(sent))
    again = [text for name, text in sent if name == AGAIN]
    values = [text.strip() for name, text in sent if name == AGAIN_VALUE]
    pairs += [(path, value) for path, value in zip(again, values, strict=False) if value]
    mistakes = [NOT_PAIRED] if len(again) != len(values) else []
    named = dict(sent)
    chosen, typed = named.get(TRY, ""), named.get(TRY_VALUE, "").strip()
    trials = [Trial(path, value, f"{AGAIN}_{at}") for at, (path, value) in enumerate(pairs, 1)]
    if chosen and typed:
        trials.append(Trial(chosen, typed, f"{AGAIN}_{len(trials) + 1}"))
        chosen = typed = ""
    elif chosen or typed:
        mistakes.append(NO_VALUE if chosen else NO_NUMBER)
    mistakes += [TOO_MANY] if len(trials) > MOST_OVERRIDES else []
    return Trials(tuple(trials[:MOST_OVERRIDES]), chosen, typed, tuple(mistakes))


def without_trials(sent: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return what was sent without the numbers to try."""
    return [(name, text) for name, text in sent if name not in NAMES]


def choices_of(rules: CompiledRules) -> tuple[Choice, ...]:
    """Return the numbers that change what these pages work out, in the document's order; worked out once for rules."""
    return rules.cache.get(choices_of, _choices, rules.document)


def _choices(document: RuleSet) -> tuple[Choice, ...]:
    found = (one for one in numbers_of(document) if one.path.startswith(SECTIONS))
    return tuple(choice_of(document, one) for one in found)


def by_part(choices: Sequence[Choice]) -> Iterator[tuple[str, list[Choice]]]:
    """Yield choices by the part of the document that they are in."""
    for part, found in groupby(choices, key=lambda one: one.part):
        yield part, list(found)


def choice_of(document: RuleSet, number: Number) -> Choice:
    """Return a number of a document with its name in words."""
    dated = number.dated if number.changes else None
    path = number.path if dated is None else f"{number.path}@{dated.from_.isoformat()}"
    since = "" if dated is None else f", from {day_words(dated.from_)}"
    value = value_words(number.place, number.value or "")
    clause = _by_name(number) or clause_of(document, number.place)
    return Choice(path, part_of(document, number.place), f"{clause}{since}", value, number.value)


def _by_name(number: Number) -> str | None:
    """Return the words of a number in a row, which is named by what tells it apart; None where it is in none."""
    parts = number.place.split(".")[1:]
    if not any(map(is_digits, parts)):
        return None
    below = number.path.split(".")[1:]
    words = ", ".join(one.replace("_", " ").replace(":", " ") for one in below)
    return words[:1].upper() + words[1:]


def _pairs_of_address(sent: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    try:
        for name, text in sent:
            if name == OVERRIDE and text:
                yield pair_of(text)
    except ValueError as error:
        raise OverrideRefused([Problem(str(error), OVERRIDE, place=OVERRIDE)]) from None


def _mistake(problem: Problem, boxes: dict[str, Trial], words: dict[str, str]) -> Mistake:
    place = problem.place or ""
    box = boxes.get(place)
    if box is None:
        return Mistake(str(problem))
    sentence = NUMBER if problem.rule == NO_PLAIN_NUMBER else problem.sentence
    return Mistake(f"{words.get(place, place)} {sentence}", box.field)
