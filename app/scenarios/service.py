"""What-ifs are saved once under their digest, found again by it, and set beside each other."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.access import Asker
from app.audit import service as audit
from app.errors import AddressUnknown, InputRefused
from app.models import Scenario
from app.rule_sets import service as rule_sets
from app.scenarios import repository
from app.scenarios.overlays import Overlay, canonical_text, overlay_digest, overlay_of
from app.scenarios.schemas import ScenarioRequest
from engine.errors import Problem
from engine.export import numbers_of


class ScenarioUnknown(AddressUnknown):
    """The organisation saved no such scenario."""

    kind = "scenario-unknown"
    title = "Scenario not found"
    detail = (
        "Your organisation saved no scenario of this digest. GET /v1/scenarios lists its scenarios."
    )


@dataclass(frozen=True, slots=True)
class Saved:
    """A scenario with its numbers by their paths, and whether it was saved just now."""

    row: Scenario
    overlay: Overlay
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class NumberBeside:
    """A number that either of two scenarios tries: its value in each and as published; None where there is none."""

    path: str
    published: tuple[str | None, str | None]
    first: str | None
    second: str | None


def save(asker: Asker, session: Session, request: ScenarioRequest) -> Saved:
    """Save the numbers to try, or return the scenario that has them already."""
    began = None if request.parent is None else found(asker, session, request.parent)
    if (began is None) == (request.rule_set is None):
        sentence = "give rule_set, or the parent that the scenario begins with, but not both"
        raise InputRefused(problems=[Problem(sentence, "contradiction", place="body.parent")])
    identifier = request.rule_set if began is None else began.row.rule_set
    version = request.version if began is None else began.row.version
    tried = [(one.place, one.value) for one in request.overrides]
    own = overlay_of(tried)
    overlay = own if began is None else {**began.overlay, **own}
    base = rule_sets.published(
        asker, session, str(identifier), version, known=None if began else request.known
    )
    # Refuses a path that leads to no number or is there twice, and a value that does not fit it.
    rule_sets.compiled_on(base, None, tried)
    if began is not None:
        rule_sets.compiled_on(base, None, list(overlay.items()))
    digest = overlay_digest(base.digest, overlay)
    repository.hold_saving(session)
    there = repository.scenario(session, asker.tenant, digest)
    if there is not None:
        return _read(there)
    row = Scenario(
        tenant=asker.tenant, digest=digest, rule_set=base.identifier, version=base.version,
        base=base.digest, parent=request.parent, title=request.title or "", overlay=canonical_text(overlay),
        actor=asker.actor, saved_at=datetime.now(UTC),
    )  # fmt: skip
    repository.add(session, row)
    detail: audit.Detail = {
        "rule set": base.identifier,
        "version": base.version,
        "numbers": len(overlay),
    }
    audit.record(asker, session, audit.Action.scenario_saved, digest, detail)
    return Saved(row, overlay, is_new=True)


def found(asker: Asker, session: Session, digest: str) -> Saved:
    """Return the organisation's scenario of a digest; ``ScenarioUnknown`` where it has none."""
    row = repository.scenario(session, asker.tenant, digest)
    if row is None:
        raise ScenarioUnknown
    return _read(row)


def newest(
    asker: Asker, session: Session, rule_set: str | None, after: str | None, limit: int
) -> list[Saved]:
    """Return scenarios, the last saved first, from after that of a digest, and one more than ``limit``."""
    before = None if after is None else found(asker, session, after).row.id
    rows = repository.newest(session, asker.tenant, rule_set, before, limit + 1)
    return list(map(_read, rows))


def beside(asker: Asker, session: Session, first: Saved, second: Saved) -> Sequence[NumberBeside]:
    """Return every number that either of two scenarios tries, by its path."""
    published = [_published(asker, session, one) for one in (first, second)]
    return [
        NumberBeside(
            path,
            (published[0].get(path), published[1].get(path)),
            first.overlay.get(path),
            second.overlay.get(path),
        )
        for path in sorted({*first.overlay, *second.overlay})
    ]


def _published(asker: Asker, session: Session, saved: Saved) -> dict[str, str | None]:
    """Return the numbers of a scenario's rules as published; of a path with several values the one in force last."""
    row = saved.row
    document = rule_sets.published(asker, session, row.rule_set, row.version).document
    return {one.path: one.value for one in numbers_of(document)}


def _read(row: Scenario) -> Saved:
    overlay: dict[str, str] = json.loads(row.overlay)
    return Saved(row, overlay)
