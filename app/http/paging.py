"""Pages of a list by key: stable while entries are added."""

from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

from pydantic import Field

from app.schemas import PLAIN_DIGITS, Answer

T = TypeVar("T")

LONGEST_PAGE = 100
Limit = Annotated[
    int,
    Field(ge=1, le=LONGEST_PAGE, description="how many to answer at most", examples=[50]),
    PLAIN_DIGITS,
]


class Page(Answer, Generic[T]):
    """Part of a list in the order of its key."""

    items: list[T]
    next: str | None = Field(
        default=None, description="pass it as 'after' to read on; null at the end of the list"
    )


def page_of(rows: Sequence[T], limit: int, key: Callable[[T], str]) -> tuple[list[T], str | None]:
    """Return at most ``limit`` rows and the key to read on from; ``rows`` holds one row more."""
    shown = list(rows[:limit])
    return shown, key(shown[-1]) if len(rows) > limit else None
