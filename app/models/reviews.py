"""Tables of a draft's history: who changed the text, comments on it, and who approved which text."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Moment


class RuleChange(Base):
    """A text that a draft was given; ``seq`` is the draft's step, 1 for the text that it began with."""

    __tablename__ = "rule_change"
    __table_args__ = (CheckConstraint("seq >= 1", name="seq_from_one"),)

    version_id: Mapped[int] = mapped_column(
        ForeignKey("rule_version.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    actor: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(Moment)
    digest: Mapped[str] = mapped_column(ForeignKey("rule_text.digest", ondelete="RESTRICT"))


class CommentKind(StrEnum):
    """What words on a draft are."""

    remark = "remark"
    """a remark, after which the draft goes on as it was"""
    sent_back = "sent_back"
    """why a draft was sent back from review to its author"""


class RuleComment(Base):
    """Words on a draft; ``seq`` is the step of the draft that they are about."""

    __tablename__ = "rule_comment"
    __table_args__ = (
        CheckConstraint("kind IN ('remark', 'sent_back')", name="kind_is_known"),
        CheckConstraint("length(words) >= 1", name="says_something"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(
        ForeignKey("rule_version.id", ondelete="CASCADE"), index=True
    )
    seq: Mapped[int]
    actor: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(Moment)
    kind: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(String(2_000))


class RuleApproval(Base):
    """An approval of a text, by its digest, at a step of its draft: any later step ends it.

    ``cases`` is JSON: the names of the cases that came to what they expect, and how many did not.
    ``detectors`` is JSON: the findings that were acknowledged, by name.
    """

    __tablename__ = "rule_approval"
    __table_args__ = (
        UniqueConstraint("version_id", "seq"),
        CheckConstraint("length(digest) = 64", name="digest_is_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("rule_version.id", ondelete="CASCADE"))
    seq: Mapped[int]
    digest: Mapped[str] = mapped_column(ForeignKey("rule_text.digest", ondelete="RESTRICT"))
    actor: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(Moment)
    cases: Mapped[str] = mapped_column(Text)
    detectors: Mapped[str] = mapped_column(Text)
