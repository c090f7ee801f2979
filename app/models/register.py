"""Tables of the register of schools: the edition that was imported, and its schools."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Moment


class RegisterEdition(Base):
    """The one edition of the register that is kept: the next import takes its place whole."""

    __tablename__ = "register_edition"
    __table_args__ = (
        CheckConstraint("id = 1", name="one_alone"),
        CheckConstraint("length(digest) = 64", name="digest_is_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(64))
    day: Mapped[date | None]
    imported_at: Mapped[datetime] = mapped_column(Moment)


class RegisterSchool(Base):
    """A school of the register; ``words`` and ``postcode`` are as searches spell them.

    ``phase`` is the name of a phase of the rules, None where the school has none that rules know.
    """

    __tablename__ = "register_school"

    urn: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(250))
    words: Mapped[str] = mapped_column(String(252))
    authority: Mapped[int]
    phase: Mapped[str | None] = mapped_column(String(30))
    kind: Mapped[str] = mapped_column(String(120))
    status: Mapped[str] = mapped_column(String(60))
    town: Mapped[str] = mapped_column(String(120))
    postcode: Mapped[str] = mapped_column(String(8))
    opened: Mapped[date | None]
    closed: Mapped[date | None]
