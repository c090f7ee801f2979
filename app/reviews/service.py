"""The steps of a draft: begun, saved, sent for review, sent back, approved, published; each is recorded with its effect."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.access import OWNER, SHARED, Asker
from app.audit import service as audit
from app.audit.service import Action
from app.errors import InputRefused
from app.models import (
    CommentKind,
    RuleApproval,
    RuleChange,
    RuleComment,
    RuleVersion,
    State,
)
from app.reviews import repository
from app.reviews.checks import refuse_unread, tried_cases
from app.reviews.reading import DraftRead, document_of, looked, read, standing
from app.reviews.refusals import (
    ApprovalLapsed,
    DraftUnknown,
    LaterPublished,
    MatchStale,
    NoApproval,
    OwnText,
    StepRefused,
)
from app.reviews.schemas import ApprovalRequest
from app.rule_sets import repository as versions
from app.rule_sets import service as rule_sets
from app.rule_sets.folder import Folders
from app.rule_sets.publish import IdentifierShared, columns_of, subject_of, supersede_earlier
from engine.errors import Problem
from engine.rules import RuleSet, canonical, compile_rules, digest, load_rule_set

LONGEST_TAG = 32


@dataclass(frozen=True, slots=True)
class Named:
    """Which draft is asked about: its rule set and number, and the tag that it was read with, where one is needed."""

    identifier: str
    number: int
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class Publication:
    """A version that was published, and the numbers of those that it superseded."""

    version: RuleVersion
    superseded: tuple[int, ...]


def tag_of(version: RuleVersion) -> str:
    """Return the ETag of a draft: of its text and its step."""
    return f'"{version.digest[:LONGEST_TAG]}-{version.lock_version}"'


def drafts(asker: Asker, session: Session, after: tuple[str, int], limit: int) -> list[RuleVersion]:
    """Return drafts of the asker's organisation in the order of their identifiers, and one more than ``limit``."""
    return repository.drafts(session, asker.tenant, after, limit + 1)


def draft(asker: Asker, session: Session, named: Named) -> DraftRead:
    """Return a draft with its document and history; raises ``DraftUnknown``."""
    return read(asker, session, _found(asker, session, named))


def begin_from_text(asker: Asker, session: Session, text: str) -> RuleVersion:
    """Begin a draft from a text; raises ``RuleRefused`` with every problem of it."""
    return _begin(asker, session, load_rule_set(text))


def begin_as_successor(
    asker: Asker, session: Session, identifier: str, number: int | None
) -> RuleVersion:
    """Begin a draft as what is published, under the next number: it is beside that until it is published."""
    return _begin(asker, session, rule_sets.published(asker, session, identifier, number).document)


def _begin(asker: Asker, session: Session, document: RuleSet) -> RuleVersion:
    versions.hold_publishing(session)
    identifier = document.identifier
    if asker.tenant != SHARED and versions.is_shared(session, identifier):
        raise IdentifierShared
    number = repository.highest(session, asker.tenant, identifier) + 1
    ours, columns = _keep_text(session, document, number)
    begun = RuleVersion(
        rule_set=versions.named(session, asker.tenant, identifier),
        number=number,
        state=State.draft,
        author=asker.actor,
        **columns,
    )
    repository.add(session, begun)
    _record_change(asker, session, begun, 1, ours)
    audit.record(asker, session, Action.draft_begun, subject_of(begun), {"digest": ours})
    return begun


def _keep_text(session: Session, document: RuleSet, number: int) -> tuple[str, dict[str, object]]:
    """Keep the text of a document under a number; return its digest and its columns."""
    numbered = document.model_copy(update={"version": number})
    compile_rules(numbered)
    ours = digest(numbered)
    versions.keep_text(session, ours, canonical(numbered))
    repository.keep(session)
    return ours, columns_of(numbered, ours)


def _record_change(
    asker: Asker, session: Session, changed: RuleVersion, seq: int, ours: str
) -> None:
    now = datetime.now(UTC)
    change = RuleChange(version_id=changed.id, seq=seq, actor=asker.actor, at=now, digest=ours)
    repository.add(session, change)


def save(asker: Asker, session: Session, named: Named, text: str) -> RuleVersion:
    """Give a draft another text; one that is the same again changes nothing.

    Raises ``RuleRefused`` with every problem of the text, and ``InputRefused`` where it is of another rule set.
    """
    document = load_rule_set(text)
    held = _hold(asker, session, named, State.draft)
    if document.identifier != held.identifier:
        sentence = f"the identifier of this draft is {held.identifier}; begin another draft for another rule set"
        raise InputRefused(problems=[Problem(sentence, "other-identifier", place="body.document")])
    ours, columns = _keep_text(session, document, held.number)
    if ours == held.digest:
        return held
    _record_change(asker, session, held, held.lock_version + 1, ours)
    for name, value in columns.items():
        setattr(held, name, value)
    _step(session, held)
    audit.record(asker, session, Action.draft_saved, subject_of(held), {"digest": ours})
    return held


def submit(asker: Asker, session: Session, named: Named) -> RuleVersion:
    """Send a draft for review: its text does not change until it is sent back."""
    held = _hold(asker, session, named, State.draft)
    _step(session, held, State.review)
    detail = {"digest": held.digest}
    audit.record(asker, session, Action.draft_sent_for_review, subject_of(held), detail)
    return held


def send_back(asker: Asker, session: Session, named: Named, words: str) -> RuleVersion:
    """Send a draft back to its author with the reason; an approval of it ends."""
    held = _hold(asker, session, named, State.review)
    _step(session, held, State.draft)
    _comment(asker, session, held, CommentKind.sent_back, words)
    detail = {"digest": held.digest}
    audit.record(asker, session, Action.draft_sent_back, subject_of(held), detail)
    return held


def comment(asker: Asker, session: Session, named: Named, words: str) -> RuleVersion:
    """Keep a remark on a draft; the draft goes on as it is."""
    held = _hold(asker, session, named)
    _comment(asker, session, held, CommentKind.remark, words)
    audit.record(asker, session, Action.draft_commented, subject_of(held))
    return held


def _comment(
    asker: Asker, session: Session, held: RuleVersion, kind: CommentKind, words: str
) -> None:
    row = RuleComment(
        version_id=held.id,
        seq=held.lock_version,
        actor=asker.actor,
        at=datetime.now(UTC),
        kind=kind.value,
        words=words,
    )
    repository.add(session, row)


def approve(
    asker: Asker,
    session: Session,
    reading: Session,
    named: Named,
    request: ApprovalRequest,
    folders: Folders,
) -> RuleVersion:
    """Approve the text of a draft in review, by its digest, once its cases were tried and its findings read.

    Cases are tried before the draft is held, as that takes as long as it takes. Raises ``ApprovalLapsed``
    where the draft has another text by now, ``OwnText`` where the asker wrote or changed it, and
    ``InputRefused`` where a detector that found something is not acknowledged.
    """
    seen = _found(asker, reading, named)
    _refuse_approval(asker, reading, seen, request.digest)
    document = document_of(asker, reading, seen.digest)
    refuse_unread(looked(asker, reading, document), request.acknowledged)
    names = tried_cases(compile_rules(document), request.cases, folders)
    held = _hold(asker, session, named)
    _refuse_approval(asker, session, held, request.digest)
    row = RuleApproval(
        version_id=held.id,
        seq=held.lock_version,
        digest=held.digest,
        actor=asker.actor,
        at=datetime.now(UTC),
        cases=names.text(),
        detectors=json.dumps(sorted(set(request.acknowledged))),
    )
    repository.add(session, row)
    detail: audit.Detail = {
        "digest": held.digest,
        "cases as expected": len(names.passed),
        "cases different": len(names.different),
    }
    audit.record(asker, session, Action.draft_approved, subject_of(held), detail)
    return held


def _refuse_approval(asker: Asker, session: Session, seen: RuleVersion, approved: str) -> None:
    """Refuse an approval of another text, at another step, or of what the asker wrote or changed."""
    if seen.digest != approved:
        raise ApprovalLapsed(approved, seen.digest)
    _refuse_other_state(seen, State.review)
    given = repository.approvals(session, seen.id)
    if standing(seen, given) is not None:
        raise StepRefused("The draft is approved as it is now. It can be published.")
    if asker.actor in _writers(seen, repository.changes(session, seen.id), given):
        raise OwnText


def _writers(
    version: RuleVersion, changes: Sequence[RuleChange], approvals: Sequence[RuleApproval]
) -> set[str]:
    """Return who began a draft, and who changed it since its last approval."""
    since = max((one.seq for one in approvals), default=0)
    return {version.author, *(one.actor for one in changes if one.seq > since)}


def may_approve(asker: Asker, found: DraftRead) -> bool:
    """Return whether a draft is in review, not approved yet, and not of the asker's own words."""
    if found.version.state != State.review or found.standing_approval is not None:
        return False
    return asker.actor not in _writers(found.version, found.changes, found.approvals)


def publish(asker: Asker, session: Session, named: Named) -> Publication:
    """Publish a draft in review that is approved, superseding in the same transaction what applies on its days.

    The owner of a service without sign-in has no second person, and publishes what no other had a part in.
    """
    versions.hold_publishing(session)
    held = _hold(asker, session, named, State.review)
    approval = standing(held, repository.approvals(session, held.id))
    changes = repository.changes(session, held.id)
    if approval is None and not is_owners_alone(asker, changes):
        raise NoApproval
    beside = versions.on_the_same_days(session, held)
    if any(one.number > held.number for one in beside):
        raise LaterPublished
    now = datetime.now(UTC)
    ended = supersede_earlier(asker, session, held, beside, now)
    held.published_at = now
    held.reviewer = None if approval is None else approval.actor
    _step(session, held, State.published)
    detail = {
        "digest": held.digest,
        "author": held.author,
        "reviewer": held.reviewer or "published without a second person",
    }
    audit.record(asker, session, Action.rule_set_published, subject_of(held), detail)
    return Publication(held, tuple(ended))


def is_owners_alone(asker: Asker, changes: Sequence[RuleChange]) -> bool:
    """Return whether the owner of a service without sign-in asks, and no other had a part in a draft."""
    return asker == OWNER and {one.actor for one in changes} == {OWNER.actor}


def delete(asker: Asker, session: Session, named: Named) -> None:
    """Delete a draft with its history; what was done stays in the audit."""
    held = _hold(asker, session, named, State.draft)
    subject, detail = subject_of(held), {"digest": held.digest}
    repository.remove(session, held)
    audit.record(asker, session, Action.draft_deleted, subject, detail)


def _found(asker: Asker, session: Session, named: Named) -> RuleVersion:
    found = repository.draft(session, asker.tenant, named.identifier, named.number)
    if found is None:
        raise DraftUnknown
    return found


def _hold(asker: Asker, session: Session, named: Named, state: State | None = None) -> RuleVersion:
    """Return a draft that no other transaction changes before this one ends, at a step and as it was read."""
    found = repository.draft(session, asker.tenant, named.identifier, named.number, hold=True)
    if found is None:
        raise DraftUnknown
    if named.tag is not None and named.tag != tag_of(found):
        raise MatchStale
    if state is not None:
        _refuse_other_state(found, state)
    return found


WHERE = {
    State.draft: "The draft is in review: it is sent back before it is changed, sent again or deleted.",
    State.review: "The draft is not in review: its author sends it for review first.",
}


def _refuse_other_state(found: RuleVersion, state: State) -> None:
    if found.state != state:
        raise StepRefused(WHERE[state])


def _step(session: Session, held: RuleVersion, state: State | None = None) -> None:
    """Count a step of a draft, to another state where one is named."""
    held.lock_version += 1
    if state is not None:
        held.state = state.value
    repository.keep(session)
