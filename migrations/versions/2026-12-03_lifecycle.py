"""Keep what became of a published version: superseded by a later one, or withdrawn, and from which moment on.

Of versions that apply on the same days only one is published from now on: those before it become superseded.
"""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from alembic import op

from app import guards

revision: str = "lifecycle"
down_revision: str | None = "audit"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BEFORE = (
    "rule_version_unchanged",
    "rule_version_kept",
    "rule_version_not_emptied",
    "rule_version_not_replaced",
    "rule_version_reviewed",
)
HELD = (
    "rule_version_not_emptied",
    "rule_version_not_replaced",
    "rule_version_steps",
    "rule_version_final",
    "rule_version_ended",
    "rule_version_only_drafts_go",
    "rule_version_one_published",
    "rule_version_one_published_now",
)

ENDED = """
UPDATE rule_version SET state = 'superseded', ended_at = (
    SELECT CASE WHEN MIN(later.published_at) > rule_version.published_at
        THEN MIN(later.published_at) ELSE rule_version.published_at END
    FROM rule_version AS later WHERE {follows})
WHERE state = 'published' AND EXISTS (SELECT 1 FROM rule_version AS later WHERE {follows})
"""
FOLLOWS = (
    "later.rule_set_id = rule_version.rule_set_id AND later.number > rule_version.number"
    " AND later.published_at IS NOT NULL AND later.effective_first <= rule_version.effective_last"
    " AND rule_version.effective_first <= later.effective_last"
)
NO_OVERLAP = """
ALTER TABLE rule_version ADD CONSTRAINT ex_rule_version_one_published
EXCLUDE USING gist (rule_set_id WITH =, daterange(effective_first, effective_last, '[]') WITH &&)
WHERE (state = 'published')
"""
STATES = {
    "state_is_known": "state IN ('draft', 'review', 'published', 'superseded', 'withdrawn')",
    "published_at_a_moment": "state IN ('draft', 'review') OR published_at IS NOT NULL",
    "ended_at_a_moment": "(state IN ('superseded', 'withdrawn')) = (ended_at IS NOT NULL)",
    "ended_after_published": "ended_at >= published_at",
}
STATES_BEFORE = {
    "state_is_known": "state IN ('draft', 'review', 'published')",
    "published_at_a_moment": "state <> 'published' OR published_at IS NOT NULL",
}


def upgrade() -> None:
    guards.drop(*BEFORE)
    with op.batch_alter_table("rule_version") as table:
        for name in STATES_BEFORE:
            table.drop_constraint(op.f(f"ck_rule_version_{name}"), type_="check")
        table.alter_column("state", type_=sa.String(10), existing_nullable=False)
        table.add_column(sa.Column("ended_at", sa.DateTime(timezone=True)))
    op.execute(ENDED.format(follows=FOLLOWS))
    _create_conditions(STATES)
    if _is_postgresql():
        op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        op.execute(NO_OVERLAP)
    guards.install(*HELD)


def downgrade() -> None:
    guards.drop(*HELD)
    if _is_postgresql():
        op.execute("ALTER TABLE rule_version DROP CONSTRAINT ex_rule_version_one_published")
    with op.batch_alter_table("rule_version") as table:
        for name in STATES:
            table.drop_constraint(op.f(f"ck_rule_version_{name}"), type_="check")
    # The release before knows no other word, and takes the highest number.
    op.execute(
        "UPDATE rule_version SET state = 'published' WHERE state IN ('superseded', 'withdrawn')"
    )
    with op.batch_alter_table("rule_version") as table:
        table.drop_column("ended_at")
        table.alter_column("state", type_=sa.String(9), existing_nullable=False)
    _create_conditions(STATES_BEFORE)
    guards.install(*BEFORE)


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _create_conditions(conditions: Mapping[str, str]) -> None:
    with op.batch_alter_table("rule_version") as table:
        for name, condition in conditions.items():
            table.create_check_constraint(op.f(f"ck_rule_version_{name}"), condition)
