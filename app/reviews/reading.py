"""A draft as it is read: its document, what differs from the version before, findings, and its history."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access import Asker
from app.models import RuleApproval, RuleChange, RuleComment, RuleVersion, State
from app.reviews import repository
from app.rule_sets import service as rule_sets
from engine.detectors import Looked, look
from engine.export import difference_rows
from engine.rules import RuleSet, load_canonical


@dataclass(frozen=True, slots=True)
class Difference:
    """A place with what each side has there, None where it has nothing."""

    place: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class DraftRead:
    """A draft with all that a reviewer reads; ``base`` is None where nothing is there to compare with."""

    version: RuleVersion
    document: RuleSet
    base: rule_sets.Published | None
    differences: tuple[Difference, ...]
    detectors: tuple[Looked, ...]
    changes: Sequence[RuleChange]
    comments: Sequence[RuleComment]
    approvals: Sequence[RuleApproval]

    @property
    def standing_approval(self) -> RuleApproval | None:
        """Return the approval that is of the draft as it is now, None where there is none."""
        return standing(self.version, self.approvals)


@dataclass(frozen=True, slots=True)
class CaseNames:
    """The names of the cases that came to what they expect, and of those that did not."""

    passed: tuple[str, ...] = ()
    different: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the names as they are kept with an approval."""
        return json.dumps({"different": self.different, "passed": self.passed}, ensure_ascii=False)


def case_names(approval: RuleApproval) -> CaseNames:
    """Return the names of cases that are kept with an approval."""
    kept = json.loads(approval.cases)
    return CaseNames(tuple(kept["passed"]), tuple(kept["different"]))


def acknowledged(approval: RuleApproval) -> list[str]:
    """Return the names of the detectors whose findings were acknowledged in an approval."""
    return list(json.loads(approval.detectors))


def standing(version: RuleVersion, approvals: Sequence[RuleApproval]) -> RuleApproval | None:
    """Return the approval of a draft in review as it is now: of its text, with no step since."""
    if version.state != State.review:
        return None
    return next(
        (
            one
            for one in approvals
            if one.seq == version.lock_version and one.digest == version.digest
        ),
        None,
    )


def read(asker: Asker, session: Session, version: RuleVersion) -> DraftRead:
    """Return a draft with its document and history."""
    document = document_of(asker, session, version.digest)
    base = _base(asker, session, version, document)
    rows = () if base is None else difference_rows(base.document, document).frame.to_dicts()
    return DraftRead(
        version,
        document,
        base,
        tuple(Difference(one["place"], one["before"], one["after"]) for one in rows),
        looked(asker, session, document),
        repository.changes(session, version.id),
        repository.comments(session, version.id),
        repository.approvals(session, version.id),
    )


def document_of(asker: Asker, session: Session, digest: str) -> RuleSet:
    """Return the document of a text that is kept."""
    return load_canonical(rule_sets.text_of(asker, session, digest))


def looked(asker: Asker, session: Session, document: RuleSet) -> tuple[Looked, ...]:
    """Return what detectors find in a document, beside the published rules of the year before."""
    last = _year_before(asker, session, document)
    return look(document, None if last is None else last.document)


def _base(
    asker: Asker, session: Session, version: RuleVersion, document: RuleSet
) -> rule_sets.Published | None:
    """Return the latest published version of an earlier number, or else the rules of the year before."""
    numbers = rule_sets.versions_of(asker, session, version.identifier)
    earlier = [one for one in numbers if one < version.number]
    if earlier:
        return rule_sets.published(asker, session, version.identifier, max(earlier))
    return _year_before(asker, session, document)


def _year_before(asker: Asker, session: Session, document: RuleSet) -> rule_sets.Published | None:
    """Return the published rules that are called the same but for the year, of the year before."""
    year = document.funding_year
    before = f"{int(year[:4]) - 1}-{year[2:4]}"
    identifier = document.identifier.replace(year, before)
    if identifier == document.identifier:
        return None
    try:
        return rule_sets.published(asker, session, identifier)
    except rule_sets.RuleSetUnknown:
        return None
