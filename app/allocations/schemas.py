"""Requests about an authority's places, blocks and schools: rules, values to try, records."""

from typing import Annotated

from pydantic import Field

from app.bodies.records import CELLS, Cell, ColumnName
from app.calculations.schemas import MOST_RECORDS, Pounds, RulesWanted

MOST_COLUMNS = 100

PlaceRecord = Annotated[
    dict[ColumnName, Cell],
    Field(
        max_length=MOST_COLUMNS,
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
        max_length=MOST_COLUMNS,
        description="An authority's block: la and the terms by their names in the rule set",
        examples=[{"la": "202", "import_export_adjustment": "1881000"}],
    ),
]
TargetedRecord = Annotated[
    dict[ColumnName, Cell],
    Field(
        max_length=MOST_COLUMNS,
        description=(
            "A school: urn, notional_sen in pounds, ehc_plans and, where the rules need them, pupils "
            "and expected_calls in pounds; sen_support_pupils where calls are to be worked out"
        ),
        examples=[{"urn": "900001", "notional_sen": "60000.00", "ehc_plans": 12}],
    ),
]


class PlacesWanted(RulesWanted):
    """Places whose money is wanted."""

    places: Annotated[list[PlaceRecord], Field(min_length=1, max_length=MOST_RECORDS), CELLS]


class BlockWanted(RulesWanted):
    """Authorities whose high needs blocks are wanted."""

    authorities: Annotated[list[BlockRecord], Field(min_length=1, max_length=MOST_RECORDS), CELLS]


class TargetedWanted(RulesWanted):
    """Schools whose targeted funding is wanted."""

    schools: Annotated[list[TargetedRecord], Field(min_length=1, max_length=MOST_RECORDS), CELLS]
    sen_support_cost: Pounds | None = Field(
        default=None, description="pounds a year that a pupil on SEN support is assumed to cost"
    )
