"""What a caller of the what-ifs sends: rules, values to try, and records to value."""

from abc import abstractmethod
from collections.abc import Sized
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, ValidationInfo, model_validator

from app.bodies.records import CELLS, BodyProblems, Cell, ColumnName
from app.schemas import (
    Day,
    KnownDay,
    Payload,
    RuleSetIdentifier,
    ScenarioDigest,
    VersionNumber,
)
from app.what_ifs.statements import (
    AuthoritiesRequest,
    CellsRequest,
    DatedCellsRequest,
    RecordCellsRequest,
)
from engine.modules import AbsentLines
from engine.schedule import Divided
from engine.wording import text_form

MOST_RECORDS = 1_000
MOST_OVERRIDES = 200
MOST_LINES_UNASKED = 10
"""Records up to which an answer has lines where the caller does not say how much is wanted."""

SchoolRecord = Annotated[
    dict[ColumnName, Cell],
    Field(
        max_length=500,
        description=(
            "A school: urn, phase and, for each line of the formula, units_LINE, proportion_LINE "
            "or amount_LINE; sen_support_pupils and ehc_plans where calls are to be worked out, "
            "sen_support_figure in pounds where the school has its own figure for SEN support; "
            "sparsity_distance (miles), days_open, reception_difference and london_fringe where "
            "the rules use them; prior_budget and prior_pupils where they have a guarantee or a cap "
            "(none for a new school), with prior_amount_LINE for last year's amounts"
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
PlaceRecord = Annotated[
    dict[ColumnName, Cell],
    Field(
        max_length=100,
        description=(
            "Places of one kind: la, institution_group where it is known, place_type as the rule "
            "set names it, and places_1, places_2 for the periods in which they are counted"
        ),
        examples=[{"la": "202", "place_type": "pre16_ap", "places_1": "3", "places_2": "2"}],
    ),
]
BlockRecord = Annotated[
    dict[ColumnName, Cell],
    Field(
        max_length=100,
        description="An authority's block: la and the terms by their names in the rule set",
        examples=[{"la": "202", "import_export_adjustment": "1881000"}],
    ),
]
TargetedRecord = Annotated[
    dict[ColumnName, Cell],
    Field(
        max_length=100,
        description=(
            "A school: urn, notional_sen in pounds, ehc_plans and, where the rules need them, pupils "
            "and expected_calls in pounds; sen_support_pupils where calls are to be worked out"
        ),
        examples=[{"urn": "900001", "notional_sen": "60000.00", "ehc_plans": 12}],
    ),
]
CaseRecord = Annotated[
    dict[ColumnName, Cell],
    Field(
        max_length=500,
        description=(
            "A case: the columns of a pupil, a school or a row of an authority's own table, and what it "
            "should come to: paid, budget, notional_sen, extra, deduction or block, or expected_ and the "
            "name of a result. case may name it"
        ),
        examples=[{"case": "band 9", "band": "9", "sen_provision": "E", "paid": "1044.85"}],
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


class Override(Payload):
    """A value to try in place of a published one."""

    place: Annotated[str, Field(min_length=1, max_length=300)] = Field(
        description=(
            "path of the number in the rule document, as explanations or /v1/rule-sets/ID/paths name "
            "it: the value in force on the day; with @2025-09-01 the one that begins then, with @* "
            "every one, with @from:2025-09-01 a new one"
        ),
        examples=["schools_formula.factors.fsm6.primary.notional_percent"],
    )
    value: Annotated[str, Field(min_length=1, max_length=40)] = Field(
        description="the value as decimal text", examples=["60"]
    )


class RulesRequest(Payload):
    """A published rule set on a day, with values to try."""

    rule_set: RuleSetIdentifier
    version: VersionNumber | None = Field(default=None, description="the latest where left out")
    known: KnownDay = None
    on: Day | None = Field(
        default=None,
        description="use the values of this day for the whole year; where left out each value counts from its own day",
    )
    overrides: Annotated[list[Override], Field(max_length=MOST_OVERRIDES)] = []
    scenario: ScenarioDigest = None


class WorkingDetail(StrEnum):
    """How much of each record is answered."""

    none = "none"
    lines = "lines"
    whole = "whole"


SECONDS = {WorkingDetail.none: 1.2e-4, WorkingDetail.lines: 6e-4, WorkingDetail.whole: 2e-3}
"""Of one core, that a record takes."""


class RecordsRequest(RulesRequest, AuthoritiesRequest, RecordCellsRequest):
    """Rules, and how much of each school or pupil is to be answered."""

    explain: bool | None = Field(
        default=None,
        description="`true` is read as `working: whole`; use `working`",
        json_schema_extra={"deprecated": True},
    )
    working: WorkingDetail | None = Field(
        default=None,
        strict=False,
        description=(
            "`none`: the totals of each record. `lines`: each line of the formula too. `whole`: "
            "every step with its source as well, some 30 KB a school. Left out, "
            f"it is `lines` up to {MOST_LINES_UNASKED} records and `none` above"
        ),
    )

    @property
    @abstractmethod
    def records(self) -> Sized:
        """Return the schools or pupils."""

    @property
    def detail(self) -> WorkingDetail:
        """Return how much of each record is answered."""
        if self.explain:
            return WorkingDetail.whole
        few = len(self.records) <= MOST_LINES_UNASKED
        return self.working or (WorkingDetail.lines if few else WorkingDetail.none)

    @property
    def work(self) -> float:
        """Return about how many seconds of one core the answer takes."""
        return len(self.records) * SECONDS[self.detail]

    @model_validator(mode="after")
    def _is_clear(self, info: ValidationInfo) -> Self:
        found = info.context if isinstance(info.context, BodyProblems) else BodyProblems()
        working = self.working
        if (
            working
            and self.explain is not None
            and self.explain is not (working is WorkingDetail.whole)
        ):
            sentence = f"contradicts explain: {str(self.explain).lower()}; leave explain out"
            found.add(sentence, "contradiction", "body", "working")
        if info.context is not found:
            found.refuse()
        return self


class NotionalSenRequest(RecordsRequest):
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

    @property
    def records(self) -> Sized:
        """Return the schools."""
        return self.schools


class TopUpsRequest(RecordsRequest):
    """Pupils whose band and top-up are wanted."""

    pupils: Pupils
    schedule: Divided | None = Field(
        default=None,
        strict=False,
        description="answer with each pupil's payments by month or by period of the calendar",
    )

    @property
    def records(self) -> Sized:
        """Return the pupils."""
        return self.pupils


class ComparisonRequest(AuthoritiesRequest, RecordCellsRequest):
    """A baseline and a candidate, and the schools or pupils that both are to value."""

    baseline: RulesRequest
    candidate: RulesRequest
    schools: Schools | None = None
    pupils: Pupils | None = None
    absent_lines: AbsentLines = Field(
        default=AbsentLines.refused,
        strict=False,
        description="what a line of a formula that no record has means",
    )


YEARS_SECONDS = 5e-3
"""Of one core, that a school takes of which two years are compared."""


class YearChangeRequest(AuthoritiesRequest, RecordCellsRequest):
    """The rules of two years, and the same schools in both, by their urn; either year may be the later."""

    before: RulesRequest
    after: RulesRequest
    schools_before: Schools
    schools_after: Schools
    absent_lines: AbsentLines = Field(
        default=AbsentLines.refused,
        strict=False,
        description="what a line of a formula that no record of its year has means",
    )

    @property
    def work(self) -> float:
        """Return about how many seconds of one core the answer takes."""
        return (len(self.schools_before) + len(self.schools_after)) * YEARS_SECONDS


LETTER_SECONDS = 0.5
"""Of one core, that a letter takes: each change that may explain it is worked out."""

LetterPounds = Annotated[
    str,
    text_form(
        r"^-?[0-9]{1,9}(\.[0-9]{1,2})?$",
        "must be pounds such as 1500 or -1500.50, with no pound sign or comma",
    ),
    Field(examples=["1152138.52"]),
]
"""Pounds as a letter prints them, as text; an adjustment may be below 0."""


class LetterLine(Payload):
    """What a letter prints of a line or an adjustment; what it does not print is left out."""

    amount: LetterPounds | None = Field(default=None, description="pounds of the line")
    notional: LetterPounds | None = Field(
        default=None, description="pounds of the line that are notional SEN"
    )


class LetterFigures(Payload):
    """What a letter or statement prints of a school's budget; what it does not print is left out."""

    notional: LetterPounds | None = Field(default=None, description="notional SEN in all")
    formula: LetterPounds | None = Field(default=None, description="formula funding in all")
    lines: Annotated[dict[ColumnName, LetterLine], Field(max_length=200)] = Field(
        default={},
        description=(
            "by the names of lines (fsm_primary), of several lines together (idaci), or of the "
            "adjustments minimum_per_pupil, protection and fringe"
        ),
    )


class LetterRequest(RulesRequest, AuthoritiesRequest, RecordCellsRequest):
    """A school, and what a letter prints of its budget."""

    school: SchoolRecord
    letter: LetterFigures
    absent_lines: AbsentLines = Field(
        default=AbsentLines.refused,
        strict=False,
        description="what a line of the formula that the record does not have means",
    )

    @property
    def work(self) -> float:
        """Return about how many seconds of one core the answer takes."""
        return LETTER_SECONDS


CLAUSES_SECONDS = 2.0
"""Of one core, that rules take whose places are tried one by one."""


class RuleChangesRequest(ComparisonRequest):
    """Two rule sets whose differences are to be worked out clause by clause, over the same schools or pupils."""

    @property
    def work(self) -> float:
        """Return about how many seconds of one core the answer takes."""
        return CLAUSES_SECONDS


class CasesRequest(RulesRequest, AuthoritiesRequest, DatedCellsRequest):
    """Cases with what each should come to."""

    cases: (
        Annotated[list[CaseRecord], Field(min_length=1, max_length=MOST_RECORDS), CELLS] | None
    ) = Field(default=None, description="those that come with the rule set where left out")
    absent_lines: AbsentLines = Field(
        default=AbsentLines.zero,
        strict=False,
        description="what a line of the formula that no record has means",
    )
    sen_support_cost: Pounds | None = Field(
        default=None, description="pounds a year that a pupil on SEN support is assumed to cost"
    )

    @property
    def work(self) -> float:
        """Return about how many seconds of one core the answer takes."""
        return len(self.cases or ()) * SECONDS[WorkingDetail.whole]


class PlacesRequest(RulesRequest, AuthoritiesRequest, CellsRequest):
    """Places whose money is wanted."""

    places: Annotated[list[PlaceRecord], Field(min_length=1, max_length=MOST_RECORDS), CELLS]


class BlockRequest(RulesRequest, AuthoritiesRequest, CellsRequest):
    """Authorities whose high needs blocks are wanted."""

    authorities: Annotated[list[BlockRecord], Field(min_length=1, max_length=MOST_RECORDS), CELLS]


class TargetedRequest(RulesRequest, CellsRequest):
    """Schools whose targeted funding is wanted."""

    schools: Annotated[list[TargetedRecord], Field(min_length=1, max_length=MOST_RECORDS), CELLS]
    sen_support_cost: Pounds | None = Field(
        default=None, description="pounds a year that a pupil on SEN support is assumed to cost"
    )


AllocationRequest = PlacesRequest | BlockRequest | TargetedRequest
"""A table of an authority's own, and the rules that value it."""
