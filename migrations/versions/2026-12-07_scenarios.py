"""Keep what-ifs that are saved: numbers to try in a version of a rule set, each under its digest."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app import guards

revision: str = "scenarios"
down_revision: str | None = "keys"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

HELD = ("scenario_unchanged", "scenario_kept", "scenario_not_emptied", "scenario_not_replaced")


def upgrade() -> None:
    op.create_table(
        "scenario",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant", sa.String(120), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("rule_set", sa.String(81), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("base", sa.String(64), nullable=False),
        sa.Column("parent", sa.String(64)),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("overlay", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_scenario"),
        sa.UniqueConstraint("tenant", "digest", name="uq_scenario_tenant_digest"),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_scenario_digest_is_whole")),
        sa.ForeignKeyConstraint(
            ["base"], ["rule_text.digest"], name="fk_scenario_base", ondelete="RESTRICT"
        ),
    )
    guards.install(*HELD)


def downgrade() -> None:
    guards.drop(*HELD)
    op.drop_table("scenario")
