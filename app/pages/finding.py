"""A school found in the register: by its name, its unique reference number or its postcode."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access import Asker
from app.models import RegisterSchool
from app.pages.answers import AUTHORITY, LONGEST_NAME, PHASE, SCHOOL, URN, Mistake
from app.pages.rule_lists import Choice
from app.pages.words import PHASES, day_words
from app.register import service as register
from app.register.repository import OPEN
from engine.authority_codes import authority_codes
from engine.vocabulary import SchoolPhase

FIND = "find"
NO_TEXT = Mistake("Enter the name of your school, its URN or its postcode", FIND)
NO_SCHOOL = Mistake("Choose your school", FIND)
_NEXT, _NEXT_BANDS = "choose your local authority and phase below", "choose the bands below"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was sought in the register, and what was found; ``school`` is the one that is chosen.

    ``edition`` says which register is asked, None where there is none.
    """

    edition: str | None = None
    text: str = ""
    found: tuple[Choice, ...] = ()
    more: bool = False
    school: RegisterSchool | None = None
    mistakes: tuple[Mistake, ...] = ()

    def choices(self, sent: Mapping[str, str]) -> dict[str, str]:
        """Return the choices of the start: those sent, beside authority and phase of the school; none while one is sought."""
        if self.text or self.mistakes:
            return {}
        if self.school is None or self.school.phase is None:
            return {**sent}
        return {AUTHORITY: str(self.school.authority), PHASE: self.school.phase, **sent}

    @property
    def address_parts(self) -> list[tuple[str, str]]:
        """Return what an address keeps of the school."""
        if self.school is None:
            return []
        return [(SCHOOL, self.school.name[:LONGEST_NAME]), (URN, str(self.school.urn))]

    @property
    def authority(self) -> str:
        """Return the name of the authority of the school that is chosen, empty where none is."""
        return "" if self.school is None else authority_codes()[self.school.authority].name

    def wrong(self, name: str) -> str | None:
        """Return what is wrong with an answer."""
        return next((one.sentence for one in self.mistakes if one.field == name), None)


def finding(
    asker: Asker, session: Session, sent: Mapping[str, str], *, any_kind: bool = False
) -> Finding:
    """Return what an address asks of the register, and what it finds there.

    A school that the schools formula does not fund is a mistake, unless a school of ``any_kind`` is looked for.
    """
    edition = register.edition(asker, session)
    if edition is None:
        return Finding()
    of = "imported " + day_words(edition.imported_at.date())
    named = of if edition.day is None else f"edition of {day_words(edition.day)}"
    if URN in sent:
        school = register.school(asker, session, sent[URN])
        if school is None:
            return Finding(named, sent.get(FIND, ""), mistakes=(NO_SCHOOL,))
        wrong = () if any_kind else tuple(_not_funded(school))
        return Finding(named, school=school, mistakes=wrong)
    if FIND not in sent:
        return Finding(named)
    text = sent[FIND].strip()[:LONGEST_NAME]
    if not text:
        return Finding(named, mistakes=(NO_TEXT,))
    found = register.find(asker, session, text)
    if not found.schools:
        nothing = Mistake(
            f"No school in the register is found by “{text}”: try fewer words, or {_NEXT_BANDS if any_kind else _NEXT}",
            FIND,
        )
        return Finding(named, text, mistakes=(nothing,))
    return Finding(named, text, tuple(_choices(found.schools)), found.more)


def _choices(schools: Sequence[RegisterSchool]) -> list[Choice]:
    codes = authority_codes()
    return [
        Choice(
            str(one.urn),
            ", ".join(
                part
                for part in (one.name, one.town, codes[one.authority].name, _closed(one))
                if part
            ),
        )
        for one in schools
    ]


def _closed(school: RegisterSchool) -> str:
    if school.status.startswith(OPEN):
        return ""
    if school.closed is None:
        return school.status.lower()
    return f"closed on {day_words(school.closed)}"


def _not_funded(school: RegisterSchool) -> list[Mistake]:
    """Return why a school has no notional SEN budget: it is none of those that the schools formula funds."""
    if school.phase is not None and SchoolPhase[school.phase] in PHASES:
        return []
    return [
        Mistake(
            f"{school.name} is not funded by the schools formula, so that it has no notional SEN budget: "
            f"the register has it as “{school.kind}”",
            FIND,
        )
    ]
