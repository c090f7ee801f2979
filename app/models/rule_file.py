"""The files that were published already, so that a start reads new ones alone."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class RuleFile(Base):
    """The SHA-256 of a file's bytes, kept once the document in it is published."""

    __tablename__ = "rule_file"
    __table_args__ = (CheckConstraint("length(digest) = 64", name="digest_is_whole"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
