"""Tables of rule sets: names, texts by digest, versions from draft to published, and files that were published."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import SHARED, Base, Moment


class RuleSetName(Base):
    """A rule set's identifier and the organisation whose it is; neither is ever changed, nor the row deleted."""

    __tablename__ = "rule_set"
    __table_args__ = (UniqueConstraint("tenant", "identifier"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    identifier: Mapped[str] = mapped_column(String(81))
    tenant: Mapped[str] = mapped_column(String(120), default=SHARED, server_default=SHARED)


class RuleText(Base):
    """A canonical text and its SHA-256; it is never changed and never deleted."""

    __tablename__ = "rule_text"
    __table_args__ = (CheckConstraint("length(digest) = 64", name="digest_is_whole"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    canonical: Mapped[str] = mapped_column(Text)


class RuleFile(Base):
    """The SHA-256 of a file's bytes, kept once the document in it is published."""

    __tablename__ = "rule_file"
    __table_args__ = (CheckConstraint("length(digest) = 64", name="digest_is_whole"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)


class State(StrEnum):
    """How far a version has come; from published on it never changes again, but for what became of it."""

    draft = "draft"
    review = "review"
    published = "published"
    superseded = "superseded"
    """a later version that applies on the same days was published in its place"""
    withdrawn = "withdrawn"
    """it is no longer in use, and no version takes its place"""


class RuleVersion(Base):
    """A version with what lists and searches show of its document.

    For a day one version alone of a rule set is published: publishing another supersedes it in the same
    transaction. A superseded or withdrawn one is kept, and answers by its number. ``lock_version`` counts the
    steps of a draft: it began as 1, and each change of its text or state is one more.
    """

    __tablename__ = "rule_version"
    __table_args__ = (
        UniqueConstraint("rule_set_id", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint(
            "state IN ('draft', 'review', 'published', 'superseded', 'withdrawn')",
            name="state_is_known",
        ),
        CheckConstraint(
            "state IN ('draft', 'review') OR published_at IS NOT NULL",
            name="published_at_a_moment",
        ),
        CheckConstraint(
            "(state IN ('superseded', 'withdrawn')) = (ended_at IS NOT NULL)",
            name="ended_at_a_moment",
        ),
        CheckConstraint("ended_at >= published_at", name="ended_after_published"),
        CheckConstraint("reviewer <> author", name="reviewed_by_another"),
        CheckConstraint("effective_first <= effective_last", name="runs_forward"),
        CheckConstraint("lock_version >= 1", name="steps_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rule_set_id: Mapped[int] = mapped_column(ForeignKey("rule_set.id", ondelete="RESTRICT"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    digest: Mapped[str] = mapped_column(ForeignKey("rule_text.digest", ondelete="RESTRICT"))
    title: Mapped[str] = mapped_column(String(2_000))
    authority_code: Mapped[str | None] = mapped_column(String(3))
    authority_name: Mapped[str | None] = mapped_column(String(60))
    funding_year: Mapped[str] = mapped_column(String(7))
    year_kind: Mapped[str] = mapped_column(String(9))
    effective_first: Mapped[date]
    effective_last: Mapped[date]
    standing: Mapped[str] = mapped_column(String(20))
    has_formula: Mapped[bool]
    has_bands: Mapped[bool]
    has_places: Mapped[bool] = mapped_column(server_default=false())
    has_block: Mapped[bool] = mapped_column(server_default=false())
    has_targeted: Mapped[bool] = mapped_column(server_default=false())
    author: Mapped[str] = mapped_column(String(120))
    reviewer: Mapped[str | None] = mapped_column(String(120))
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    lock_version: Mapped[int] = mapped_column(default=1, server_default="1")

    rule_set: Mapped[RuleSetName] = relationship(lazy="raise")

    @property
    def identifier(self) -> str:
        """Return the identifier of the rule set; the query must have loaded it."""
        return self.rule_set.identifier
