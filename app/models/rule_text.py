"""The one text of a rule document, kept under its digest."""

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class RuleText(Base):
    """A canonical text and its SHA-256; it is never changed and never deleted."""

    __tablename__ = "rule_text"
    __table_args__ = (CheckConstraint("length(digest) = 64", name="digest_is_whole"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    canonical: Mapped[str] = mapped_column(Text)
