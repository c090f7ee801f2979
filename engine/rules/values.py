"""A value in a rule document: its amount, first day, source, and how far it was checked.

A value may be written short, ``unit_value: "4404"``, and then takes its date, source and
standing from the nearest ``provenance`` above it; or long, with what differs; or as a
list of dated values. Reading a document always expands it to the long form, so that the
digest covers the provenance too.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Annotated, Any, Self, TypeGuard, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    StringConstraints,
    model_validator,
)

from engine.days import day_of
from engine.money import decimal_of
from engine.steps import SourcedValue
from engine.vocabulary import NOT_PRINTED, Standing
from engine.wording import text_form

PLAIN_NUMBER = (
    "must be a plain number such as 5 or 1234.50, with no percent sign, pound sign or comma"
)

Name = Annotated[
    str,
    text_form(
        r"^[a-z][a-z0-9_]{0,60}$",
        "a name starts with a small letter and has only a to z, 0 to 9 and _, such as free_meals",
    ),
]
Label = Annotated[
    str,
    text_form(
        r"^\S(.*\S)?$", "must be one line, with no space at its start or end", least=1, most=60
    ),
]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
VALUE_FORM = f"{PLAIN_NUMBER}; or {NOT_PRINTED}, where the source gives no figure"
SourceKey = Annotated[
    str,
    text_form(
        r"^[a-z][a-z0-9_\-]{0,60}$",
        "a source's key starts with a small letter and has only a to z, 0 to 9, _ and -",
    ),
]


def _day(written: object) -> object:
    return day_of(written) if isinstance(written, str) else written


Day = Annotated[date, BeforeValidator(_day)]
"""A day: written plainly in YAML, as ISO text in JSON."""

_provenance: ContextVar[dict[str, object] | None] = ContextVar("provenance", default=None)


class Misfit(ValueError):
    """A fault of fields together: of which of them are there, and of the values of those named.

    ``fields`` are names of fields, wherever below the group they are, or paths such as ``.bands.0``, of a field or the group around it. ``at`` is where
    in the group the fault is to be corrected, where it is one place: then nothing else in the group decides it.
    ``instead`` is a value that would do there, where one is known.
    """

    def __init__(
        self,
        sentence: str,
        *fields: str,
        at: tuple[str | int, ...] = (),
        instead: str | None = None,
    ) -> None:
        """Keep the sentence, the names of the fields whose values decide it, the place and a value for it."""
        super().__init__(sentence)
        self.fields = frozenset(fields)
        self.at, self.instead = at, instead


class Misfits(ValueError):
    """Several faults of fields together, each with its place: none of them hides another."""

    def __init__(self, faults: Sequence[Misfit]) -> None:
        """Keep the faults."""
        super().__init__("; and ".join(map(str, faults)))
        self.faults = tuple(faults)


def refuse_misfits(faults: Iterable[Misfit]) -> None:
    """Raise a fault of fields as it is and several together; nothing where there is none."""
    match tuple(faults):
        case ():
            return
        case (one,):
            raise one
        case several:
            raise Misfits(several)


_faults_are_refused: ContextVar[bool] = ContextVar("faults_are_refused", default=True)


@contextmanager
def fields_alone() -> Iterator[None]:
    """Let parts of a document be read whose fields are sound each by itself, whatever they are together."""
    token = _faults_are_refused.set(False)
    try:
        yield
    finally:
        _faults_are_refused.reset(token)


class Document(BaseModel):
    """A part of a rule document: frozen, strict; unknown fields are refused."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, validate_by_name=False, defer_build=True
    )

    def faults(self) -> Iterator[Misfit]:
        """Yield what is wrong with the fields together, where each is sound by itself."""
        yield from ()

    def refuse_faults(self) -> Self:
        """Return the part, or raise what is wrong with its fields together: each part that has faults calls it."""
        if _faults_are_refused.get():
            refuse_misfits(self.faults())
        return self


class Provenance(Document):
    """Where the values below come from, unless they say otherwise."""

    from_: Day | None = Field(default=None, alias="from", description="first day in force")
    source: SourceKey | None = Field(default=None, description="a key of the document's sources")
    standing: Standing | None = Field(default=None, strict=False)
    note: Sentence | None = None


class Section(Document):
    """A part of a document that may state the provenance of the values below it."""

    provenance: Provenance | None = None

    @model_validator(mode="wrap")
    @classmethod
    def _hand_down(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        own = data.get("provenance") if isinstance(data, dict) else None
        token = _provenance.set(
            {**(_provenance.get() or {}), **(own if isinstance(own, dict) else {})}
        )
        try:
            return handler(data)
        finally:
            _provenance.reset(token)


class DatedValue(Document):
    """One value in force from a day on, as a decimal in text, or ``not printed`` where the source gives none."""

    from_: Day = Field(alias="from", description="first day in force")
    value: Annotated[
        str, text_form(rf"^(-?[0-9]{{1,12}}(\.[0-9]{{1,10}})?|{NOT_PRINTED})$", VALUE_FORM)
    ]
    source: SourceKey
    standing: Standing = Field(strict=False)
    note: Sentence | None = None

    @property
    def decimal(self) -> Decimal:
        """Return the value as an exact decimal; only where it is printed."""
        return decimal_of(self.value)

    @property
    def is_printed(self) -> bool:
        """Return whether the source gives a number."""
        return self.value != NOT_PRINTED


Decimals = Annotated[str, text_form(r"^[0-9]{1,6}(\.[0-9]{1,6})?$", PLAIN_NUMBER)]
"""A number with decimals, in text."""

Series = tuple[DatedValue, ...]
SHORT_FORMS = str | dict[str, str] | list[dict[str, str]]


def _expand(written: object) -> object:
    inherited = {key: part for key, part in (_provenance.get() or {}).items() if part is not None}
    if isinstance(written, str):
        return ({**inherited, "value": written},)
    if isinstance(written, dict):
        return ({**inherited, **written},)
    if isinstance(written, list | tuple):
        return tuple({**inherited, **one} if isinstance(one, dict) else one for one in written)
    message = (
        f'must be a number in quotes such as "12.5" (or {NOT_PRINTED}), or a list of dated values'
    )
    raise ValueError(message)


def same_number(before: DatedValue, after: DatedValue) -> bool:
    """Return whether two values are one number, or neither is printed."""
    if before.is_printed and after.is_printed:
        return before.decimal == after.decimal
    return before.is_printed == after.is_printed


def is_printed(given: SourcedValue | None) -> TypeGuard[SourcedValue]:
    """Return whether there is a value, and its source gives a number."""
    return given is not None and given.is_printed


def _within(places: int, lowest: str, highest: str) -> Callable[[Series], Series]:
    def check(series: Series) -> Series:
        if not series:
            message = "needs one or more values, each from a later day than the one before"
            raise ValueError(message)
        refuse_misfits([*_not_rising(series), *_beyond(series, places, lowest, highest)])
        return series

    return check


def _not_rising(series: Series) -> Iterator[Misfit]:
    """Yield each value that begins no later than the one before it."""
    days = [given.from_ for given in series]
    for at, (before, after) in enumerate(pairwise(days), start=1):
        if after <= before:
            sentence = "must be a later day than that of the value before"
            yield Misfit(sentence, at=(at, "from"))


def _beyond(series: Series, places: int, lowest: str, highest: str) -> Iterator[Misfit]:
    """Yield each value that is out of range or has too many decimals."""
    for at, given in enumerate(series):
        if not given.is_printed:
            continue
        if not Decimal(lowest) <= given.decimal <= Decimal(highest):
            yield Misfit(f"must be between {lowest} and {highest}", at=(at, "value"))
        elif -int(given.decimal.as_tuple().exponent) > places:
            yield Misfit(f"must have at most {places} decimal places", at=(at, "value"))


_EXPANDED = BeforeValidator(_expand, json_schema_input_type=SHORT_FORMS)

Pounds = Annotated[Series, AfterValidator(_within(2, "0", "100000000")), _EXPANDED]
"""Pounds, to the penny, in force from a day on."""

Percent = Annotated[Series, AfterValidator(_within(4, "-100", "100")), _EXPANDED]
"""A percentage such as ``"5.25"``; four decimals are exact millionths."""

Share = Annotated[Series, AfterValidator(_within(4, "0", "100")), _EXPANDED]
"""A percentage from 0 to 100."""

Multiplier = Annotated[Series, AfterValidator(_within(6, "0", "10")), _EXPANDED]
"""A multiplier or weight such as ``"1.02863"``."""

Rate = Annotated[Series, AfterValidator(_within(10, "0", "10")), _EXPANDED]
"""A national rate with up to ten decimals, such as ``"0.0412457406"``."""


def dated_values(
    part: object, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], DatedValue]]:
    """Yield every value of a document with its path."""
    found: list[tuple[tuple[str | int, ...], DatedValue]] = []
    _collect(part, path, found)
    return iter(found)


def _collect(
    part: object,
    path: tuple[str | int, ...],
    found: list[tuple[tuple[str | int, ...], DatedValue]],
) -> None:
    if isinstance(part, DatedValue):
        found.append((path, part))
    elif isinstance(part, BaseModel):
        for name in _fields_with_values(type(part)):
            _collect(getattr(part, name), (*path, name), found)
    elif isinstance(part, dict):
        for key, one in part.items():
            _collect(one, (*path, str(key)), found)
    elif isinstance(part, tuple):
        for index, one in enumerate(part):
            _collect(one, (*path, index), found)


@cache
def _fields_with_values(kind: type[BaseModel]) -> tuple[str, ...]:
    """Return the fields of a part of a document that may have values below them: most have none."""
    fields: dict[str, Any] = dict(kind.model_fields)
    return tuple(name for name, field in fields.items() if _may_hold(field.annotation))


@cache
def _may_hold(form: Any) -> bool:
    """Return whether a value may be in something of a type, or below it."""
    if isinstance(form, type) and issubclass(form, BaseModel):
        return form is DatedValue or bool(_fields_with_values(form))
    return any(_may_hold(one) for one in get_args(form) if isinstance(one, Hashable))
