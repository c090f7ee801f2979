"""Remember which files are published, so that a start reads new ones alone."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "rule_files"
down_revision: str | None = "rule_set_parts"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "rule_file",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_rule_file"),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_rule_file_digest_is_whole")),
    )


def downgrade() -> None:
    op.drop_table("rule_file")
