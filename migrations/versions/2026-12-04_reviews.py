"""Keep drafts with their history: who changed a text, comments on it, and who approved which text."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app import guards

revision: str = "reviews"
down_revision: str | None = "lifecycle"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BEFORE = (
    "rule_version_not_emptied",
    "rule_version_not_replaced",
    "rule_version_steps",
    "rule_version_final",
    "rule_version_ended",
    "rule_version_only_drafts_go",
    "rule_version_one_published",
    "rule_version_one_published_now",
)
OF_VERSIONS = (
    "rule_version_counted",
    "rule_version_name_kept",
    "rule_version_in_review",
    "rule_version_change_told",
    "rule_version_no_early_reviewer",
    "rule_version_no_reviewer_yet",
    "rule_version_approved",
)
OF_HISTORY = (
    *(
        f"{table}_{kept}"
        for table in ("rule_change", "rule_comment", "rule_approval")
        for kept in ("unchanged", "kept", "not_emptied", "not_replaced")
    ),
    "rule_change_of_a_draft",
    "rule_approval_of_what_is_in_review",
    "rule_approval_by_another",
)

# What drafts began with, where a database has any.
FIRST_CHANGES = """
INSERT INTO rule_change (version_id, seq, actor, at, digest)
SELECT id, 1, author, CURRENT_TIMESTAMP, digest FROM rule_version WHERE state IN ('draft', 'review')
"""


def upgrade() -> None:
    guards.drop(*BEFORE)
    with op.batch_alter_table("rule_version") as table:
        table.add_column(
            sa.Column("lock_version", sa.Integer(), server_default="1", nullable=False)
        )
        table.create_check_constraint(op.f("ck_rule_version_steps_from_one"), "lock_version >= 1")
    op.execute("UPDATE rule_version SET reviewer = NULL WHERE state IN ('draft', 'review')")
    op.create_table(
        "rule_change",
        sa.Column("version_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("version_id", "seq", name="pk_rule_change"),
        _of_version("rule_change"),
        _of_text("rule_change"),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_rule_change_seq_from_one")),
    )
    op.create_table(
        "rule_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("words", sa.String(2_000), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rule_comment"),
        _of_version("rule_comment"),
        sa.CheckConstraint(
            "kind IN ('remark', 'sent_back')", name=op.f("ck_rule_comment_kind_is_known")
        ),
        sa.CheckConstraint("length(words) >= 1", name=op.f("ck_rule_comment_says_something")),
    )
    op.create_index("ix_rule_comment_version_id", "rule_comment", ["version_id"])
    op.create_table(
        "rule_approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cases", sa.Text(), nullable=False),
        sa.Column("detectors", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rule_approval"),
        _of_version("rule_approval"),
        _of_text("rule_approval"),
        sa.UniqueConstraint("version_id", "seq", name="uq_rule_approval_version_id_seq"),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_rule_approval_digest_is_whole")),
    )
    op.execute(FIRST_CHANGES)
    guards.install(*BEFORE, *OF_VERSIONS, *OF_HISTORY)


def downgrade() -> None:
    guards.drop(*OF_HISTORY, *OF_VERSIONS, *BEFORE)
    for table in ("rule_approval", "rule_comment", "rule_change"):
        op.drop_table(table)
    with op.batch_alter_table("rule_version") as table:
        table.drop_constraint(op.f("ck_rule_version_steps_from_one"), type_="check")
        table.drop_column("lock_version")
    guards.install(*BEFORE)


def _of_version(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["version_id"], ["rule_version.id"], name=f"fk_{table}_version_id", ondelete="CASCADE"
    )


def _of_text(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["digest"], ["rule_text.digest"], name=f"fk_{table}_digest", ondelete="RESTRICT"
    )
