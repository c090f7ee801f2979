"""What a caller of the what-ifs sends: rules, values to try, and records to value."""

from typing import Annotated

from pydantic import Field

from app.bodies.records import CELLS, Cell, ColumnName
from app.schemas import Day, Payload, RuleSetIdentifier, VersionNumber
from engine.evaluate.absent import AbsentLines
from engine.schedule import Divided
from engine.wording import text_form

MOST_RECORDS = 1_000
MOST_OVERRIDES = 200

SchoolRecord = Annotated[
    dict[ColumnName, Cell],
    Field(
        max_length=500,
        description=(
            "A school: urn, phase and, for each line of the formula, units_LINE, proportion_LINE "
            "or amount_LINE; sen_support_pupils and ehc_plans where calls are to be worked out, "
            "sen_support_figure in pounds where the school has its own figure for SEN support; "
            "sparsity_distance (miles), days_open, reception_difference and london_fringe where "
            "the rules use them"
        ),
        examples=[{"urn": "900001", "phase": "primary", "units_basic_entitlement_primary": "210"}],
    ),
]
PupilRecord = Annotated[
    dict[ColumnName, Cell],
    Field(
        max_length=100,
        description=(
            "A pupil: pupil_key (any name of your own, never a UPN), la and the columns that the "
            "rule set uses"
        ),
        examples=[{"pupil_key": "pupil-1", "la": "894", "sen_provision": "E", "band": "9"}],
    ),
]
Schools = Annotated[list[SchoolRecord], Field(min_length=1, max_length=MOST_RECORDS), CELLS]
Pupils = Annotated[list[PupilRecord], Field(min_length=1, max_length=MOST_RECORDS), CELLS]
Pounds = Annotated[
    str,
    text_form(
        r"^[0-9]{1,8}(\.[0-9]{1,2})?$",
        "must be pounds such as 1500 or 1500.50, with no pound sign or comma",
    ),
    Field(examples=["1500.00"]),
]
"""Pounds as text, such as ``"1500.00"``."""


class OverrideWanted(Payload):
    """A value to try in place of a published one."""

    place: Annotated[str, Field(min_length=1, max_length=300)] = Field(
        description="place of the value in the rule document, as explanations name it",
        examples=["schools_formula.factors.fsm6.primary.notional_percent"],
    )
    value: Annotated[str, Field(min_length=1, max_length=40)] = Field(
        description="the value as decimal text", examples=["60"]
    )


class RulesWanted(Payload):
    """A published rule set on a day, with values to try."""

    rule_set: RuleSetIdentifier
    version: VersionNumber | None = Field(default=None, description="the latest where left out")
    on: Day | None = Field(default=None, description="first day of the rule set where left out")
    overrides: Annotated[list[OverrideWanted], Field(max_length=MOST_OVERRIDES)] = []


class NotionalSenWanted(RulesWanted):
    """Schools whose notional SEN budget is wanted."""

    schools: Schools
    absent_lines: AbsentLines = Field(
        default=AbsentLines.refused,
        strict=False,
        description="what a line of the formula that no record has means",
    )
    sen_support_cost: Pounds | None = Field(
        default=None, description="pounds a year that a pupil on SEN support is assumed to cost"
    )
    explain: bool = Field(default=False, description="answer with the working of each school")

    @property
    def work(self) -> float:
        """Return about how many seconds of one core the answer takes."""
        return len(self.schools) * (2e-3 if self.explain else 1e-3)


class TopUpsWanted(RulesWanted):
    """Pupils whose band and top-up are wanted."""

    pupils: Pupils
    explain: bool = Field(default=False, description="answer with the working of each pupil")
    schedule: Divided | None = Field(
        default=None,
        strict=False,
        description="answer with each pupil's payments by month or by period of the calendar",
    )

    @property
    def work(self) -> float:
        """Return about how many seconds of one core the answer takes."""
        return len(self.pupils) * (2e-3 if self.explain else 2e-4)


class ComparisonWanted(Payload):
    """A baseline and a candidate, and the schools or pupils that both are to value."""

    baseline: RulesWanted
    candidate: RulesWanted
    schools: Schools | None = None
    pupils: Pupils | None = None
    absent_lines: AbsentLines = Field(
        default=AbsentLines.refused,
        strict=False,
        description="what a line of a formula that no record has means",
    )
