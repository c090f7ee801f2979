"""One cell that says what is expected, and whether what was found is that."""

import re
from dataclasses import dataclass
from typing import ClassVar

from engine.money import decimal_of, number, pounds, scaled
from engine.rows import Shape

NOT_KNOWN = "not known"
NONE = "none"
REFUSED = "refused"

_UNKNOWN = {NOT_KNOWN, "not_known", "unknown"}
_FIGURE = re.compile(
    r"£?(?P<figure>-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,13})(?:\.[0-9]{1,6})?)%?"
    r"(?:\s*(?:±|\+/-)\s*£?(?P<within>[0-9]{1,9}(?:\.[0-9]{1,6})?))?"
)
_PLACES = {Shape.pounds: 2, Shape.units: 6, Shape.percent: 4, Shape.whole: 0}
_SENTENCES = {
    Shape.pounds: "must be pounds such as 1234.50, not known, or refused",
    Shape.units: "must be a number such as 12.5, not known, or refused",
    Shape.percent: "must be a percentage such as 5.25, not known, or refused",
    Shape.whole: "must be a whole number, not known, or refused",
}

Found = int | str | None
"""What a run gives: pence, millionths or a whole number, text, None for what is not known or not there."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal of the row in place of a result, with the rules by which it was refused, and why in words."""

    rules: tuple[str, ...]
    sentences: tuple[str, ...]

    def __str__(self) -> str:
        """Return the refusal as a table of cases writes it."""
        return f"{REFUSED}: {', '.join(self.rules)}"


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a cell expects: a figure within so much of what is found, text, not known, or a refusal.

    ``value`` is held as the shape holds it, ``rule`` is the refusal that is expected, blank for any.
    """

    shape: Shape
    value: Found = None
    within: int = 0
    rule: str | None = None

    ANY: ClassVar[str] = ""

    def is_met_by(self, found: Found | Refused) -> bool:
        """Return whether what was found is what is expected."""
        if isinstance(found, Refused):
            return self.rule is not None and (self.rule == self.ANY or self.rule in found.rules)
        if self.rule is not None:
            return False
        if isinstance(self.value, int) and isinstance(found, int):
            return abs(found - self.value) <= self.within
        return self.value == found

    def difference(self, found: Found | Refused) -> int | None:
        """Return what was found above what is expected, in the unit of the shape; None where one is no figure."""
        both = self.value, found
        if self.rule is not None or not all(isinstance(one, int) for one in both):
            return None
        return int(found) - int(self.value)  # type: ignore[arg-type]  # both are whole numbers

    def __str__(self) -> str:
        """Return what is expected, as results are written."""
        if self.rule is not None:
            return f"{REFUSED}: {self.rule}" if self.rule else REFUSED
        within = f" ± {text_of(self.within, self.shape)}" if self.within else ""
        return text_of(self.value, self.shape) + within


def text_of(found: Found | Refused, shape: Shape) -> str:
    """Return a result as text: pounds with two decimals, or in words what there is in place of it."""
    if isinstance(found, Refused):
        return str(found)
    if found is None:
        return NONE if shape.is_text else NOT_KNOWN
    if isinstance(found, str):
        return found
    return pounds(found) if shape is Shape.pounds else number(found, shape.scale)


def expectation(text: str, shape: Shape) -> Expectation:
    """Return what a cell expects of a result of a shape; raises ``ValueError`` with what would be right."""
    said = " ".join(text.split())
    word, _, rule = said.casefold().partition(":")
    if word == REFUSED:
        return Expectation(shape, rule=rule.strip())
    if said.casefold() in _UNKNOWN:
        return Expectation(shape)
    if shape.is_text:
        return Expectation(shape, None if said.casefold() == NONE else said)
    found = _FIGURE.fullmatch(said)
    if found is None:
        raise ValueError(_SENTENCES[shape])
    value, within = (_whole_number(found[name], shape) for name in ("figure", "within"))
    return Expectation(shape, value, within or 0)


def _whole_number(figure: str | None, shape: Shape) -> int | None:
    """Return a figure as its shape holds it; raises ``ValueError`` where it has more decimals than that."""
    if figure is None:
        return None
    plain = figure.replace(",", "")
    if len(plain.partition(".")[2].rstrip("0")) > _PLACES[shape]:
        raise ValueError(_SENTENCES[shape])
    return scaled(decimal_of(plain), shape.scale)
