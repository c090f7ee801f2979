"""Keep rule sets: their names, the text of each document, and the versions."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app import guards

revision: str = "rule_sets"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

HELD = (
    "rule_set_unchanged",
    "rule_set_kept",
    "rule_set_not_emptied",
    "rule_set_not_replaced",
    "rule_text_unchanged",
    "rule_text_kept",
    "rule_text_not_emptied",
    "rule_text_not_replaced",
    "rule_version_unchanged",
    "rule_version_kept",
    "rule_version_not_emptied",
    "rule_version_not_replaced",
    "rule_version_reviewed",
)


def upgrade() -> None:
    op.create_table(
        "rule_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identifier", sa.String(81), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rule_set"),
        sa.UniqueConstraint("identifier", name="uq_rule_set_identifier"),
    )
    op.create_table(
        "rule_text",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_rule_text"),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_rule_text_digest_is_whole")),
    )
    create_rule_version()
    guards.install(*HELD)


def create_rule_version() -> None:
    op.create_table(
        "rule_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule_set_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("title", sa.String(2_000), nullable=False),
        sa.Column("authority_code", sa.String(3)),
        sa.Column("authority_name", sa.String(60)),
        sa.Column("funding_year", sa.String(7), nullable=False),
        sa.Column("year_kind", sa.String(9), nullable=False),
        sa.Column("effective_first", sa.Date(), nullable=False),
        sa.Column("effective_last", sa.Date(), nullable=False),
        sa.Column("standing", sa.String(20), nullable=False),
        sa.Column("has_formula", sa.Boolean(), nullable=False),
        sa.Column("has_bands", sa.Boolean(), nullable=False),
        sa.Column("author", sa.String(120), nullable=False),
        sa.Column("reviewer", sa.String(120)),
        sa.Column("published_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_rule_version"),
        sa.ForeignKeyConstraint(
            ["rule_set_id"],
            ["rule_set.id"],
            name="fk_rule_version_rule_set_id",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["digest"], ["rule_text.digest"], name="fk_rule_version_digest", ondelete="RESTRICT"
        ),
        sa.UniqueConstraint("rule_set_id", "number", name="uq_rule_version_rule_set_id_number"),
        sa.CheckConstraint("number >= 1", name=op.f("ck_rule_version_number_from_one")),
        sa.CheckConstraint(
            "state IN ('draft', 'review', 'published')",
            name=op.f("ck_rule_version_state_is_known"),
        ),
        sa.CheckConstraint(
            "state <> 'published' OR published_at IS NOT NULL",
            name=op.f("ck_rule_version_published_at_a_moment"),
        ),
        sa.CheckConstraint("reviewer <> author", name=op.f("ck_rule_version_reviewed_by_another")),
        sa.CheckConstraint(
            "effective_first <= effective_last", name=op.f("ck_rule_version_runs_forward")
        ),
    )


def downgrade() -> None:
    guards.drop(*HELD)
    op.drop_table("rule_version")
    op.drop_table("rule_text")
    op.drop_table("rule_set")
    guards.drop_function()
