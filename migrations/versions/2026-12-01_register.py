"""Keep a register of schools, so that a school is found by its name, its number or its postcode."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "register"
down_revision: str | None = "rule_files"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "register_edition",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("day", sa.Date()),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_register_edition"),
        sa.CheckConstraint("id = 1", name=op.f("ck_register_edition_one_alone")),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_register_edition_digest_is_whole")),
    )
    op.create_table(
        "register_school",
        sa.Column("urn", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(250), nullable=False),
        sa.Column("words", sa.String(252), nullable=False),
        sa.Column("authority", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(30)),
        sa.Column("kind", sa.String(120), nullable=False),
        sa.Column("status", sa.String(60), nullable=False),
        sa.Column("town", sa.String(120), nullable=False),
        sa.Column("postcode", sa.String(8), nullable=False),
        sa.Column("opened", sa.Date()),
        sa.Column("closed", sa.Date()),
        sa.PrimaryKeyConstraint("urn", name="pk_register_school"),
    )


def downgrade() -> None:
    op.drop_table("register_school")
    op.drop_table("register_edition")
