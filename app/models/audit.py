"""The table of the audit: one row an event, each with the hash of the one before it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Moment


class AuditEvent(Base):
    """An event that was recorded; it is never changed and never deleted.

    ``detail`` is canonical JSON of words and numbers, none of them of a pupil; ``hash`` is the SHA-256 of all
    other columns, with ``previous``, the hash of the event before it.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        CheckConstraint("seq >= 1", name="seq_from_one"),
        CheckConstraint("length(hash) = 64", name="hash_is_whole"),
        CheckConstraint("length(previous) = 64", name="previous_is_whole"),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str] = mapped_column(String(120))
    tenant: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(200))
    detail: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
