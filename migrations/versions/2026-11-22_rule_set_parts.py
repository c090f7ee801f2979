"""Store for each version whether it holds places, a block or targeted funding."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "rule_set_parts"
down_revision: str | None = "rule_sets"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

PARTS = ("has_places", "has_block", "has_targeted")


def upgrade() -> None:
    # No document published before could hold these parts, so false is correct.
    for part in PARTS:
        op.add_column(
            "rule_version", sa.Column(part, sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    for part in PARTS:
        op.drop_column("rule_version", part)
