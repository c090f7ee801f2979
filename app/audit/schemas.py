"""Questions about the events of the audit, and their answers."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from app.schemas import PLAIN_DIGITS, Answer, Limit, Question
from engine.wording import text_form

EventNumber = Annotated[int, Field(ge=1, le=10**12, examples=[120]), PLAIN_DIGITS]


class EventsQuestion(Question):
    """Which events to list."""

    subject: (
        Annotated[
            str,
            text_form(r"^[^\x00-\x1f\x7f]+$", "must be one line of plain text", least=1, most=100),
        ]
        | None
    ) = Field(default=None, description="events about this: part of the subject")
    before: EventNumber | None = Field(
        default=None, description="events before this one; the newest where left out"
    )
    limit: Limit = 50


class EventOut(Answer):
    """An event: who did what, to what, when."""

    seq: int
    at: datetime
    actor: str
    tenant: str
    action: str = Field(examples=["rule set published"])
    subject: str = Field(examples=["kent-2026-27 version 2"])
    detail: dict[str, str | int] = Field(
        description="words and numbers of the event, such as how many rows were read; never a value"
    )
    hash: str = Field(description="SHA-256 of the event and of the one before it")


class EventPage(Answer):
    """Part of the audit, the newest first."""

    items: list[EventOut]
    next: int | None = Field(
        default=None, description="pass it as 'before' to read on; null at the first event"
    )
