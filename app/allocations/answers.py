"""Answers about places, blocks and targeted funding; money is pounds as text."""

from dataclasses import dataclass

from app.calculations.answers import EngineUsed, Number, Pounds, RulesUsed


@dataclass(frozen=True, slots=True)
class PlacesPaid:
    """The money for one record's places; ``rates`` are empty where sums of money were given."""

    row: int
    la: str
    institution_group: str | None
    place_type: str
    label: str
    places: tuple[Number, ...]
    rates: tuple[Pounds, ...]
    amount: Pounds


@dataclass(frozen=True, slots=True)
class PlacesAnswer:
    """The money for places, in the order in which they were sent, and all of it."""

    rules: RulesUsed
    engine: EngineUsed
    total: Pounds
    places: tuple[PlacesPaid, ...]


@dataclass(frozen=True, slots=True)
class TermPaid:
    """One term of a block, to the penny."""

    term: str
    label: str
    amount: Pounds


@dataclass(frozen=True, slots=True)
class BlockPaid:
    """One authority's block; ``additional`` is null where the rules do not work it out."""

    row: int
    la: str
    terms: tuple[TermPaid, ...]
    additional: Pounds | None
    total: Pounds


@dataclass(frozen=True, slots=True)
class BlockAnswer:
    """The blocks of the authorities, in the order in which they were sent, and all of them."""

    rules: RulesUsed
    engine: EngineUsed
    total: Pounds
    authorities: tuple[BlockPaid, ...]


@dataclass(frozen=True, slots=True)
class CallsChecked:
    """A budget and its expected calls; ``left`` is before, ``left_after`` with the extra funding.

    Both are negative where the budget falls short. What is not known is null, and ``not_known``
    says why.
    """

    sen_support: Pounds | None
    plans: Pounds | None
    total: Pounds | None
    left: Pounds | None
    left_after: Pounds | None
    not_known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SchoolPaid:
    """What a school is paid: by the pattern, out of the rest of a pot, and both together."""

    row: int
    urn: str
    school_name: str | None
    due: Pounds
    shared: Pounds
    amount: Pounds
    expected_calls: CallsChecked | None


@dataclass(frozen=True, slots=True)
class TargetedAnswer:
    """The targeted funding of the schools, in the order in which they were sent, and all of it."""

    rules: RulesUsed
    engine: EngineUsed
    total: Pounds
    schools: tuple[SchoolPaid, ...]
