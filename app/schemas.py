"""The base of all requests and answers: strict requests, frozen answers, shared field texts, pages of a list."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Generic, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
)

from engine.days import day_of
from engine.money import is_digits
from engine.wording import text_form


def _day(written: object) -> object:
    # Strict reading takes no text for a date, and lax reading takes numbers for one.
    return day_of(written) if isinstance(written, str) else written


Day = Annotated[
    date, BeforeValidator(_day, json_schema_input_type=date), Field(examples=["2025-04-01"])
]
"""A day as ISO text, such as ``2025-04-01``."""

AuthorityCode = Annotated[
    str,
    text_form(r"^[0-9]{3}$", "must be the three-digit code of a local authority, such as 929"),
    Field(examples=["929"]),
]
"""A local authority's three digits."""

FundingYear = Annotated[
    str,
    text_form(r"^20[0-9]{2}-[0-9]{2}$", "must be a funding year in the form YYYY-YY"),
    Field(examples=["2025-26"]),
]
"""A funding year, such as ``2025-26``."""

RuleSetIdentifier = Annotated[
    str,
    text_form(
        r"^[a-z0-9][a-z0-9\-]{2,80}$",
        "must be the identifier of a rule set; /v1/rule-sets lists them",
    ),
    Field(examples=["nff-2025-26"]),
]
"""The name under which a rule set's versions are published."""


def _digits(written: object) -> object:
    # A query is text, and the library reads 1_0 as 10, and 1.0 or +1 as 1.
    return "" if isinstance(written, str) and not is_digits(written) else written


PLAIN_DIGITS = BeforeValidator(_digits)
"""For whole numbers of a query: digits alone."""

VersionNumber = Annotated[int, Field(ge=1, le=10_000, examples=[1]), PLAIN_DIGITS]
NOT_BOTH = "give version or known, not both: a version of a number is the same on every day"


def _without_version(known: date | None, info: ValidationInfo) -> date | None:
    """Refuse a day of knowing beside the number of a version, which is a field before it."""
    if known is not None and info.data.get("version") is not None:
        raise ValueError(NOT_BOTH)
    return known


KnownDay = Annotated[
    Day | None,
    AfterValidator(_without_version),
    Field(
        description="by the version that was in use at the end of this day (UTC), whatever came later; "
        "the one in use now where left out"
    ),
]
"""The day on whose knowledge an answer is to rest."""
Digest = Annotated[
    str, text_form(r"^[0-9a-f]{64}$", "must be a digest of 64 digits and small letters a to f")
]


ALONE = "a scenario has its own version and numbers: leave out version, known and overrides"


def _is_alone(scenario: str | None, info: ValidationInfo) -> str | None:
    """Refuse a scenario beside what it says itself, in fields before it."""
    if scenario is not None and any(
        info.data.get(name) for name in ("version", "known", "overrides")
    ):
        raise ValueError(ALONE)
    return scenario


ScenarioDigest = Annotated[
    Digest | None,
    AfterValidator(_is_alone),
    Field(description="digest of a saved what-if whose numbers are tried, in place of overrides"),
]
"""A saved what-if by its digest."""


class Payload(BaseModel):
    """What a caller sends: no unknown field, no wrong type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Question(BaseModel):
    """Parameters of an address: text, read as numbers and days; unknown names are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Answer(BaseModel):
    """What the service answers."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, from_attributes=True
    )


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
    page = list(rows[:limit])
    return page, key(page[-1]) if len(rows) > limit else None
