"""What changes schools' notional SEN budgets from one year to the next: what is sent, and what is answered.

Money is pounds as text, and null means not known, never zero.
"""

from dataclasses import dataclass
from typing import Annotated

from sqlalchemy.orm import Session

from app.access import Asker
from app.what_ifs.answers import EngineUsed, RulesUsed, TableNotice
from app.what_ifs.formatting import As, Of, Pounds, Record, answer
from app.what_ifs.rules import ENGINE, refuse_without_percentages, rules_of, rules_used
from app.what_ifs.schemas import YearChangeRequest
from app.what_ifs.valuation import unused, value_schools
from engine.attribution import year_changes
from engine.modules import SCHOOL_FORMULA
from engine.notices import of_every_table


@dataclass(frozen=True, slots=True)
class CauseOfChange:
    """What one cause brings, or several that cannot be separated: `pupils`, `unit_values`, `factors`, `percentages`, `protection`.

    ``change`` is null where a part that it may change is not known, as ``why_not_known`` says; ``known`` is then what it
    brings in all other parts.
    """

    causes: tuple[str, ...]
    change: Pounds | None
    known: Pounds
    why_not_known: Annotated[tuple[str, ...], Of("missing")]


@dataclass(frozen=True, slots=True)
class PartOfChange:
    """A line or adjustment of a budget in both years, and what each of the school's causes brings in it, in their order."""

    part: Annotated[str, Of("name")]
    label: str
    before: Pounds | None
    after: Pounds | None
    change: Pounds | None
    by_cause: tuple[Pounds, ...]


@dataclass(frozen=True, slots=True)
class SchoolChange:
    """A school's notional SEN budget in both years; causes add to the change, and parts to both, to the penny."""

    urn: Annotated[str, As(str)]
    name: str
    before: Pounds | None
    after: Pounds | None
    change: Pounds | None
    causes: tuple[CauseOfChange, ...]
    parts: tuple[PartOfChange, ...]
    why_not_known: Annotated[tuple[str, ...], Of("missing")]


@dataclass(frozen=True, slots=True)
class YearChangeAnswer:
    """What changes the budgets of the schools that both years have; the others are named."""

    before: RulesUsed
    after: RulesUsed
    engine: EngineUsed
    notices: tuple[TableNotice, ...]
    schools: tuple[SchoolChange, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]


def change_of_years(asker: Asker, session: Session, request: YearChangeRequest) -> Record:
    """Return what changes schools' budgets from one year to another."""
    sides = {"before": request.before, "after": request.after}
    schools = {"before": request.schools_before, "after": request.schools_after}
    rules = {name: rules_of(asker, session, one) for name, one in sides.items()}
    for one in rules.values():
        refuse_without_percentages(one)
    valued = {
        name: value_schools(
            rules[name], sent, request.absent_lines, request, f"body.schools_{name}"
        )
        for name, sent in schools.items()
    }
    found = year_changes(valued["before"], valued["after"])
    unread = unused(request.habits(), *schools.values())
    notices = (*unread, *of_every_table([one.notices for one in valued.values()]))
    used = {
        name: rules_used(asker, session, rules[name], one, [SCHOOL_FORMULA.name])
        for name, one in sides.items()
    }
    return {
        **used, "engine": ENGINE, "notices": [one.record() for one in notices],
        "schools": [answer(SchoolChange, one) for one in found.schools],
        "only_before": list(map(str, found.only_before)),
        "only_after": list(map(str, found.only_after)),
    }  # fmt: skip
