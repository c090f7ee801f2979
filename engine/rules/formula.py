"""The schools formula in a rule document: factors, their counting, and protection.

A factor has a line for each phase it is paid in. What a line counts is data too, so a
factor that counts something already in a column needs no code.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, NamedTuple, Self

from pydantic import Field, model_validator

from engine.money import decimal_of
from engine.rules.school_value_tables import (
    SchoolMultiplierBy,
    SchoolPercentBy,
    SchoolPoundsBy,
    SchoolShareBy,
    unit_value_faults,
)
from engine.rules.values import (
    Decimals,
    Document,
    Label,
    Misfit,
    Multiplier,
    Name,
    Section,
    Sentence,
    Share,
)
from engine.vocabulary import factor_order
from engine.wording import text_form


class Counts(StrEnum):
    """What the units of a line are."""

    pupils = "pupils"
    """pupils of the phase who meet ``where``"""
    school = "school"
    """the school itself, shared by year groups where it has several phases"""
    units = "units"
    """units given for each school, such as further sites"""
    sparsity = "sparsity"
    """a share of the unit value, by how small and how far from others the school is"""
    amount = "amount"
    """pounds given for each school; the line has no unit value"""


class PriorAmount(StrEnum):
    """Which year's amount of a line is taken off last year's budget, before this year is compared with it."""

    this_year = "this_year"
    """last year's where the table of schools gives it, otherwise this year's, as for a lump sum"""
    last_year = "last_year"
    """last year's, which the table of schools must give, as for rates"""


class LinePhase(StrEnum):
    """The phase that a line pays for."""

    primary = "primary"
    ks3 = "ks3"
    ks4 = "ks4"
    secondary = "secondary"
    middle = "middle"
    all_through = "all_through"
    all = "all"


PHASE_WORDS = {
    LinePhase.primary: "primary",
    LinePhase.ks3: "key stage 3",
    LinePhase.ks4: "key stage 4",
    LinePhase.secondary: "secondary",
    LinePhase.middle: "middle",
    LinePhase.all_through: "all-through",
    LinePhase.all: "",
}


class Where(Document):
    """Which pupils of the phase are counted; all of them where nothing is said."""

    fsm: bool | None = None
    fsm6: bool | None = None
    eal3: bool | None = None
    mobility: bool | None = None
    looked_after: bool | None = None
    low_prior_attainment: bool | None = None
    idaci: Annotated[str, text_form(r"^[A-G]$", "must be one of A, B, C, D, E, F, G")] | None = None


class Blend(Document):
    """Primary low prior attainment from two profiles, as funded up to 2017-18.

    Units are ``(weight × new + old) / assessed × pupils of the phase``, where the four
    counts are columns of the school table.
    """

    weight: Multiplier
    new: Name
    old: Name
    assessed: tuple[Name, ...] = Field(strict=False, min_length=1)


class Sparsity(Document):
    """How small and how remote a school must be: shares from 0 to 1, multiplied.

    A school of no more than ``full_below`` pupils a year group earns the whole, one of
    ``pupils_per_year`` or more nothing, in between a straight taper. The whole is earned
    from ``miles`` on, nothing up to ``tapers_from_miles``.
    """

    pupils_per_year: Decimals
    full_below: Decimals = "0"
    miles: Decimals | None = Field(default=None, description="average distance to the next school")
    tapers_from_miles: Decimals | None = Field(
        default=None, description="'miles' itself where left out"
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        return self.refuse_faults()

    def faults(self) -> Iterator[Misfit]:
        """Yield that the taper does not run towards its end."""
        start, end = decimal_of(self.full_below), decimal_of(self.pupils_per_year)
        near, far = self.tapers_from_miles, self.miles
        if (
            start > end
            or not end
            or (near is not None and (far is None or decimal_of(near) > decimal_of(far)))
        ):
            message = "pupils_per_year must be more than 0 and full_below no more than it; tapers_from_miles no more than miles"
            yield Misfit(message, "full_below", "pupils_per_year", "tapers_from_miles", "miles")


class Line(Section):
    """One line of the formula: a factor in a phase."""

    unit_value: SchoolPoundsBy | None = Field(
        default=None, description="pounds a unit, before area adjustment"
    )
    notional_percent: SchoolShareBy | None = Field(
        default=None, description="part that is notional SEN"
    )
    year_weights: dict[
        Annotated[
            str,
            text_form(
                r"^year_(reception|[1-9]|1[0-4])$", "must be year_reception, or year_1 to year_14"
            ),
        ],
        Multiplier,
    ] = {}
    blend: Blend | None = None
    sparsity: Sparsity | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        return self.refuse_faults()

    def faults(self) -> Iterator[Misfit]:
        """Yield that schools have none of a unit value."""
        yield from unit_value_faults(self.unit_value, "unit_value")


class Factor(Section):
    """A factor of the formula with its lines by phase."""

    label: Label
    counts: Counts = Field(strict=False)
    where: Where | None = None
    only_above_percent: Share | None = Field(
        default=None, description="only pupils above this share count"
    )
    area_adjusted: bool = True
    in_minimum_base: bool = Field(
        default=True, description="counts towards the minimum per-pupil level"
    )
    in_fringe: bool = Field(default=True, description="raised by a London fringe multiplier")
    in_guarantee: bool = Field(
        default=True, description="compared by the minimum funding guarantee"
    )
    removed_from_prior: bool = Field(
        default=False, description="an amount is taken off last year's budget before comparing"
    )
    prior_amount: PriorAmount = Field(
        default=PriorAmount.this_year,
        strict=False,
        description=(
            "which year's amount that is: 'last_year' must be in the table of schools, 'this_year' "
            "is this year's unless the table has last year's"
        ),
    )
    note: Sentence | None = None
    primary: Line | None = None
    ks3: Line | None = None
    ks4: Line | None = None
    secondary: Line | None = None
    middle: Line | None = None
    all_through: Line | None = None
    all: Line | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        return self.refuse_faults()

    def faults(self) -> Iterator[Misfit]:
        """Yield what is wrong with the fields and lines together."""
        lines = dict(self.lines())
        if not lines:
            message = "needs a line for at least one phase"
            yield Misfit(message)
        if self.counts is Counts.amount and any(line.unit_value for line in lines.values()):
            message = "counts amounts, so it cannot have a unit_value"
            yield Misfit(message, "counts")
        if self.counts is not Counts.pupils and (self.where or self.only_above_percent):
            message = "'where' and 'only_above_percent' need a factor that counts pupils"
            yield Misfit(message, "counts")
        if self.prior_amount is PriorAmount.last_year and not self.removed_from_prior:
            message = "has a prior_amount, so it needs removed_from_prior: true"
            yield Misfit(message)
        if any(
            (line.sparsity is not None) != (self.counts is Counts.sparsity)
            for line in lines.values()
        ):
            message = "every line of a factor that counts sparsity needs 'sparsity', and no line of another factor may have it"
            yield Misfit(message, "counts")

    def lines(self) -> Iterator[tuple[LinePhase, Line]]:
        """Yield the lines in the order of the phases."""
        for phase in LinePhase:
            line = getattr(self, phase.value)
            if line is not None:
                yield phase, line


class MinimumPerPupil(Section):
    """The minimum per-pupil level (MPPL): a floor on pupil-led funding and lump sum a head."""

    primary: SchoolPoundsBy | None = None
    ks3: SchoolPoundsBy | None = None
    ks4: SchoolPoundsBy | None = None
    secondary: SchoolPoundsBy | None = Field(
        default=None, description="used where key stages have no level of their own"
    )
    notional_percent: SchoolShareBy | None = None


class Protection(Section):
    """The minimum funding guarantee, and the cap and scaling that pay for it."""

    guarantee_percent: SchoolPercentBy | None = Field(
        default=None, description="least change a pupil, for example -0.5"
    )
    cap_percent: SchoolPercentBy | None = Field(
        default=None, description="greatest gain a pupil that is kept whole"
    )
    scaling_percent: SchoolShareBy | None = Field(
        default=None, description="share of the gain above the cap taken back"
    )
    notional_percent: SchoolShareBy | None = None


class ExpectedCalls(Section):
    """What a notional SEN budget is expected to pay for."""

    high_needs_threshold: SchoolPoundsBy = Field(
        description="first part of a plan's cost that the school meets"
    )


class LineKey(NamedTuple):
    """The identity of a line: factor and phase."""

    factor: str
    phase: LinePhase

    @property
    def name(self) -> str:
        """Return the line's name in columns and places, for example ``fsm6_primary``."""
        return self.factor if self.phase is LinePhase.all else f"{self.factor}_{self.phase.value}"


class SchoolsFormula(Section):
    """An authority's schools formula, or the national one."""

    area_cost_adjustment: SchoolMultiplierBy | None = None
    fringe: bool = Field(default=False, description="schools bring a 'london_fringe' multiplier")
    reception_uplift: bool = Field(
        default=False, description="pupils of the 'reception_difference' are added to primary"
    )
    year_days: Annotated[int, Field(ge=365, le=366)] | None = Field(
        default=None, description="schools open for part of the year bring 'days_open' of these"
    )
    pupils_counted_by: Name = Field(description="the factor whose units are the school's pupils")
    factors: dict[Name, Factor]
    minimum_per_pupil: MinimumPerPupil | None = None
    protection: Protection | None = None
    expected_calls: ExpectedCalls | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        return self.refuse_faults()

    def faults(self) -> Iterator[Misfit]:
        """Yield that no factor counts the school's pupils."""
        counted = self.factors.get(self.pupils_counted_by)
        if counted is None or counted.counts is not Counts.pupils or counted.where is not None:
            message = "'pupils_counted_by' must be a factor that counts pupils, without 'where'"
            own = (
                f".factors.{self.pupils_counted_by}{field}" for field in ("", ".counts", ".where")
            )
            yield Misfit(message, ".pupils_counted_by", ".factors", *own)

    def pupil_lines(self) -> dict[LinePhase, tuple[str, ...]]:
        """Return, for each phase that lines pay for, the lines that count its pupils."""
        counted = dict(self.factors[self.pupils_counted_by].lines())
        lines: dict[LinePhase, tuple[str, ...]] = {
            phase: (LineKey(self.pupils_counted_by, phase).name,) for phase in counted
        }
        stages = tuple(
            name for phase in (LinePhase.ks3, LinePhase.ks4) for name in lines.get(phase, ())
        )
        lines.setdefault(LinePhase.secondary, stages)
        lines[LinePhase.all] = tuple(
            LineKey(self.pupils_counted_by, phase).name for phase in counted
        )
        return lines

    def lines(self) -> Iterator[tuple[LineKey, Factor, Line]]:
        """Yield every line with its factor, in the order in which statements print them."""
        for name, factor in sorted(self.factors.items(), key=lambda item: factor_place(item[0])):
            for phase, line in factor.lines():
                yield LineKey(name, phase), factor, line


def factor_place(factor: str) -> tuple[int, str]:
    """Return a factor's place: statements print them in the same order for every document."""
    order = factor_order()
    return order.get(factor, len(order)), factor
