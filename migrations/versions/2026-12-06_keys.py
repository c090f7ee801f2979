"""Keep keys of programs and of spreadsheets: what proves them, and never the keys themselves."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "keys"
down_revision: str | None = "tenants"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "access_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("prefix", sa.String(16), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(7), nullable=False),
        sa.Column("tenant", sa.String(120), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("roles", sa.String(120), nullable=False),
        sa.Column("created_by", sa.String(120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("last_used", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_access_key"),
        sa.UniqueConstraint("prefix", name="uq_access_key_prefix"),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_access_key_digest_is_whole")),
        sa.CheckConstraint("kind IN ('service', 'cell')", name=op.f("ck_access_key_kind_is_known")),
        sa.CheckConstraint(
            "kind <> 'cell' OR roles = 'viewer'", name=op.f("ck_access_key_cells_read_alone")
        ),
        sa.CheckConstraint(
            "expires_at > created_at", name=op.f("ck_access_key_expires_after_created")
        ),
        sa.CheckConstraint(
            "revoked_at >= created_at", name=op.f("ck_access_key_revoked_after_created")
        ),
    )


def downgrade() -> None:
    op.drop_table("access_key")
