"""Tables of who may ask: keys of programs and of spreadsheets, none of which holds a secret."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Moment


class AccessKey(Base):
    """A key of an organisation: ``digest`` is the SHA-256 of its whole text, which is kept nowhere.

    ``prefix`` is public and finds it; ``roles`` are words with commas between them. A key of cells reads alone.
    """

    __tablename__ = "access_key"
    __table_args__ = (
        CheckConstraint("length(digest) = 64", name="digest_is_whole"),
        CheckConstraint("kind IN ('service', 'cell')", name="kind_is_known"),
        CheckConstraint("kind <> 'cell' OR roles = 'viewer'", name="cells_read_alone"),
        CheckConstraint("expires_at > created_at", name="expires_after_created"),
        CheckConstraint("revoked_at >= created_at", name="revoked_after_created"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    prefix: Mapped[str] = mapped_column(String(16), unique=True)
    digest: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(7))
    tenant: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(120))
    roles: Mapped[str] = mapped_column(String(120))
    created_by: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    last_used: Mapped[date | None]
