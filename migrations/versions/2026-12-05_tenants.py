"""Give each rule set the organisation whose it is; those that are there belong to everybody of the service.

Two organisations may use one identifier. A release before knows one use alone: going back is refused
where there are two.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app import guards

revision: str = "tenants"
down_revision: str | None = "reviews"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEPT = ("rule_set_unchanged", "rule_set_kept", "rule_set_not_emptied")
BEFORE = (*KEPT, "rule_set_not_replaced")
HELD = (*KEPT, "rule_set_not_replaced_in_its_tenant")


def upgrade() -> None:
    guards.drop(*BEFORE)
    with op.batch_alter_table("rule_set") as table:
        table.add_column(
            sa.Column("tenant", sa.String(120), server_default="local", nullable=False)
        )
        table.drop_constraint("uq_rule_set_identifier", type_="unique")
        table.create_unique_constraint("uq_rule_set_tenant_identifier", ["tenant", "identifier"])
    guards.install(*HELD)


def downgrade() -> None:
    guards.drop(*HELD)
    with op.batch_alter_table("rule_set") as table:
        table.drop_constraint("uq_rule_set_tenant_identifier", type_="unique")
        table.create_unique_constraint("uq_rule_set_identifier", ["identifier"])
        table.drop_column("tenant")
    guards.install(*BEFORE)
