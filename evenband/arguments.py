"""Arguments of a wrong kind, refused with what would be right before anything is worked out."""

from datetime import date, datetime
from decimal import Decimal
from typing import get_args

from engine.expected_calls import support_cost


def of_kind(value: object, kind: type | tuple[type, ...], sentence: str) -> None:
    """Raise ``TypeError`` with a sentence unless a value is of a kind; true and false are no numbers."""
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
        raise TypeError(sentence)


def one_of(value: object, words: object, argument: str) -> None:
    """Raise ``ValueError`` unless an argument is one of the words of a literal type."""
    allowed = get_args(words)
    if value not in allowed:
        message = f"{argument} is one of {', '.join(map(repr, allowed))}"
        raise ValueError(message)


def whole(value: object, argument: str, least: int | None = None) -> None:
    """Raise ``TypeError`` or ``ValueError`` unless an argument is a whole number of at least so much."""
    bound = "" if least is None else f", {least} or more"
    sentence = f"{argument} is a whole number{bound}"
    of_kind(value, int, sentence)
    if least is not None and isinstance(value, int) and value < least:
        raise ValueError(sentence)


def day_of(value: object, name: str = "day") -> date:
    """Return a date, the day of a date with a time; raises ``TypeError`` naming the argument for anything else."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    message = f"{name} is a date, for example datetime.date(year, month, day)"
    raise TypeError(message)


def cost_of(value: object, argument: str) -> int:
    """Return pence for what a pupil is assumed to cost, in pounds: text, a whole number or a ``Decimal``.

    Raises ``TypeError`` or ``ValueError``, which name the argument, for anything else.
    """
    sentence = f"{argument} is pounds such as 1500 or Decimal('1500.50')"
    of_kind(value, (str, int, Decimal), sentence)
    try:
        return support_cost(f"{value:f}" if isinstance(value, Decimal) else str(value))
    except ValueError:
        raise ValueError(sentence) from None
