"""The name under which the versions of a rule set are published."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class RuleSetName(Base):
    """A rule set's identifier; it is never changed and never deleted."""

    __tablename__ = "rule_set"

    id: Mapped[int] = mapped_column(primary_key=True)
    identifier: Mapped[str] = mapped_column(String(81), unique=True)
