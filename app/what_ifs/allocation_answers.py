"""What the what-ifs about an authority's own tables answer: places, the high needs block, and extra funding for plans."""

from dataclasses import dataclass
from typing import Annotated

from app.what_ifs.answers import EngineUsed, FigureWarning, RowsRead, RulesUsed, TableNotice
from app.what_ifs.formatting import As, Number, Of, Pounds


@dataclass(frozen=True, slots=True)
class PlacesPaid:
    """The money for one record's places; ``rates`` are empty where sums of money were given.

    What depends on a rate that is not printed is null, and ``why_not_known`` says so.
    """

    row: int
    la: Annotated[str, As(str)]
    institution_group: Annotated[str | None, Of("group"), As(lambda name: name or None)]
    place_type: str
    label: str
    places: Annotated[tuple[Number, ...], Of("counts")]
    rates: Annotated[tuple[Pounds | None, ...], Of("amount.rates")]
    amount: Annotated[Pounds | None, Of("amount.amount")]
    why_not_known: Annotated[str | None, Of("missing")]


@dataclass(frozen=True, slots=True)
class PlacesAnswer:
    """The money for places, in the order in which they were sent, and all of it."""

    rules: RulesUsed
    engine: EngineUsed
    notices: tuple[TableNotice, ...]
    warnings: tuple[FigureWarning, ...]
    rows: RowsRead
    total: Pounds
    places: tuple[PlacesPaid, ...]


@dataclass(frozen=True, slots=True)
class TermPaid:
    """One term of a block, to the penny; null where it depends on a rate that is not printed."""

    term: str
    label: str
    amount: Pounds | None


@dataclass(frozen=True, slots=True)
class BlockPaid:
    """One authority's block; ``additional`` is null where the rules do not work it out.

    What depends on a rate that is not printed is null, and ``why_not_known`` says so.
    """

    row: int
    la: Annotated[str, As(str)]
    terms: tuple[TermPaid, ...]
    additional: Annotated[Pounds | None, Of("amount.additional")]
    total: Annotated[Pounds | None, Of("amount.total")]
    why_not_known: Annotated[str | None, Of("missing")]


@dataclass(frozen=True, slots=True)
class BlockAnswer:
    """The blocks of the authorities, in the order in which they were sent, and all of them."""

    rules: RulesUsed
    engine: EngineUsed
    notices: tuple[TableNotice, ...]
    warnings: tuple[FigureWarning, ...]
    rows: RowsRead
    total: Pounds
    authorities: tuple[BlockPaid, ...]


@dataclass(frozen=True, slots=True)
class CallsChecked:
    """A budget and its expected calls; ``left`` is before, ``left_after`` with the extra funding.

    Both are negative where the budget falls short. What is not known is null, and ``not_known``
    says why.
    """

    sen_support: Annotated[Pounds | None, Of("calls.sen_support")]
    plans: Annotated[Pounds | None, Of("calls.plans")]
    total: Annotated[Pounds | None, Of("calls.total")]
    left: Pounds | None
    left_after: Pounds | None
    not_known: Annotated[tuple[str, ...], Of("calls.missing")]


@dataclass(frozen=True, slots=True)
class SchoolPaid:
    """What a school is paid: by the pattern, out of the rest of a pot, and both together.

    They are null where they depend on a value that is not printed, and ``why_not_known`` says so.
    """

    row: int
    urn: Annotated[str, As(str)]
    school_name: Annotated[str | None, Of("name"), As(lambda name: name or None)]
    due: Annotated[Pounds | None, Of("by_pattern")]
    shared: Pounds | None
    amount: Pounds | None
    why_not_known: Annotated[str | None, Of("missing")]
    expected_calls: CallsChecked | None


@dataclass(frozen=True, slots=True)
class TargetedAnswer:
    """The targeted funding of the schools, in the order in which they were sent, and all of it."""

    rules: RulesUsed
    engine: EngineUsed
    notices: tuple[TableNotice, ...]
    warnings: tuple[FigureWarning, ...]
    total: Pounds
    schools: tuple[SchoolPaid, ...]
