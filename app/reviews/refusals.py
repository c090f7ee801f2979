"""What is refused of drafts."""

from http import HTTPStatus

from app.errors import AddressUnknown, Conflict, Refused


class DraftUnknown(AddressUnknown):
    """The organisation has no such draft."""

    kind = "draft-unknown"
    title = "Draft not found"
    detail = "Your organisation has no draft of this rule set and number. GET /v1/drafts lists its drafts."


class StepRefused(Conflict):
    """A draft is not where this step begins."""

    kind = "draft-step"
    title = "The draft is not at this step"


class ApprovalLapsed(Conflict):
    """What would be approved is not what the draft has now."""

    kind = "approval-lapsed"
    title = "The draft was changed"

    def __init__(self, approved: str, now: str) -> None:
        """Name the digest that was to be approved, and the one that the draft has now."""
        super().__init__(
            f"The approval is of the text {approved}, and the draft has the text {now} now. Nothing was"
            " approved: read what changed, and approve that."
        )


class OwnText(Conflict):
    """The asker wrote or changed what is to be approved."""

    kind = "own-text"
    title = "Approved by its own writer"
    detail = "You wrote this draft, or changed it since the last approval: a person who did neither approves it."


class NoApproval(Conflict):
    """A draft has no approval that is of its text as it is now."""

    kind = "no-approval"
    title = "The draft is not approved"
    detail = (
        "A second person approves this draft before it is published. An earlier approval ended when the"
        " draft was changed or sent back."
    )


class LaterPublished(Conflict):
    """A later version that applies on the same days is published."""

    kind = "later-published"
    title = "A later version is published"
    detail = "A version with a higher number is published for days of this draft. Begin a draft as successor of it."


class MatchNeeded(Refused):
    """A change of a draft says which state of it is changed."""

    status = HTTPStatus.PRECONDITION_REQUIRED
    kind = "match-needed"
    title = "If-Match is missing"
    detail = (
        "Send the ETag that the draft was read with as If-Match, so that no other change is lost."
    )


class MatchStale(Refused):
    """A draft was changed since it was read."""

    status = HTTPStatus.PRECONDITION_FAILED
    kind = "match-stale"
    title = "The draft was changed since"
    detail = (
        "The draft is not as it was when you read it. Read it again, and make your change on that."
    )
