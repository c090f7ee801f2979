"""Record who did what, in a chain in which no earlier event can be changed unseen."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app import guards

revision: str = "audit"
down_revision: str | None = "register"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

HELD = (
    "audit_event_unchanged",
    "audit_event_kept",
    "audit_event_not_emptied",
    "audit_event_not_replaced",
)


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("tenant", sa.String(120), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit_event"),
        sa.UniqueConstraint("previous", name="uq_audit_event_previous"),
        sa.UniqueConstraint("hash", name="uq_audit_event_hash"),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_audit_event_seq_from_one")),
        sa.CheckConstraint("length(hash) = 64", name=op.f("ck_audit_event_hash_is_whole")),
        sa.CheckConstraint("length(previous) = 64", name=op.f("ck_audit_event_previous_is_whole")),
    )
    guards.install(*HELD)


def downgrade() -> None:
    guards.drop(*HELD)
    op.drop_table("audit_event")
