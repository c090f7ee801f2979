"""The table of saved what-ifs."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Moment


class Scenario(Base):
    """Numbers to try in a version of a rule set; it is never changed and never deleted.

    ``overlay`` is canonical JSON of the numbers by their paths, with those of the scenario that this one began with.
    ``digest`` is the SHA-256 of ``base`` and ``overlay``, and ``parent`` the digest of the scenario that it began with.
    """

    __tablename__ = "scenario"
    __table_args__ = (
        UniqueConstraint("tenant", "digest"),
        CheckConstraint("length(digest) = 64", name="digest_is_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant: Mapped[str] = mapped_column(String(120))
    digest: Mapped[str] = mapped_column(String(64))
    rule_set: Mapped[str] = mapped_column(String(81))
    version: Mapped[int]
    base: Mapped[str] = mapped_column(ForeignKey("rule_text.digest", ondelete="RESTRICT"))
    parent: Mapped[str | None] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    overlay: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(String(120))
    saved_at: Mapped[datetime] = mapped_column(Moment)
