"""A top-up rule in a rule document: how a band's price becomes what is paid for a pupil."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import Field, model_validator

from engine.rules.calendar import CalendarRule
from engine.rules.inputs import Conditions
from engine.rules.value_tables import PoundsBy
from engine.rules.values import Day, Document, Misfit, Section, Share
from engine.vocabulary import Setting
from engine.wording import text_form


class PartTime(Document):
    """Part-time pupils are paid the share of a full-time week that they attend."""

    full_time_hours: Annotated[
        str, text_form(r"^[0-9]{1,3}(\.[0-9]{1,2})?$", "must be hours such as 25 or 32.5")
    ]


class Threshold(Section):
    """The first part of additional cost that the school meets itself."""

    pounds: PoundsBy
    inside: bool = Field(
        description="true where the price is total cost, so that the threshold is taken off"
    )
    settings: tuple[
        Annotated[
            str,
            text_form(
                "^(" + "|".join(Setting.__members__) + ")$",
                f"must be one of {', '.join(Setting.__members__)}",
            ),
        ],
        ...,
    ] = Field(strict=False, default=(), description="settings it applies in; all where left out")


class LossProtection(Section):
    """No pupil, or no school, is paid less than a share of what is paid today, until a day."""

    until: Day = Field(
        description="last day of protection; within the year, only the part until then is protected"
    )
    pupil_percent: Share | None = Field(default=None, description="of the pupil's top-up today")
    school_percent: Share | None = Field(
        default=None, description="of a school's top-ups today, all its pupils together"
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        return self.refuse_faults()

    def faults(self) -> Iterator[Misfit]:
        """Yield that no percentage is there."""
        if self.pupil_percent is None and self.school_percent is None:
            message = "needs pupil_percent, school_percent or both"
            yield Misfit(message)


class Backdating(Document):
    """A late plan is paid from the day by which it was due, counted from the request."""

    weeks: Annotated[int, Field(ge=1, le=104)]


class TopUpRule(Section):
    """How a band's price becomes what is paid for a pupil."""

    pays_when: Conditions = Field(
        default={}, description="pupils who are paid at all, for example those with a plan"
    )
    part_time: PartTime | None = None
    threshold: Threshold | None = None
    protection: LossProtection | None = None
    backdating: Backdating | None = None
    floor: PoundsBy | None = Field(
        default=None, description="least a year, before days are counted"
    )
    cap: PoundsBy | None = Field(default=None, description="most a year, before days are counted")
    calendar: CalendarRule
