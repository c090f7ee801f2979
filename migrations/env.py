"""Run migrations in one transaction, on SQLite and on PostgreSQL alike.

On SQLite foreign keys are off while tables are rebuilt: with them on, rebuilding a parent
deletes its children. They are checked before the transaction ends.
"""

from alembic import context
from sqlalchemy import Connection, inspect

from app.database import VERSIONS, ReferencesBroken, make_engine
from app.guards import rights_on
from app.models import Base
from app.settings import Settings

ONE_AT_A_TIME = 7_301_402


def give_rights(connection: Connection, role: str) -> None:
    """Give the role of a service what it needs, and take from it whatever else it has on the tables."""
    named = connection.dialect.identifier_preparer.quote(role)
    present = set(inspect(connection).get_table_names())
    connection.exec_driver_sql(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {named}")
    for table in sorted(present & set(Base.metadata.tables)):
        connection.exec_driver_sql(f"GRANT {rights_on(table)} ON {table} TO {named}")
    connection.exec_driver_sql(f"GRANT SELECT ON {VERSIONS} TO {named}")
    connection.exec_driver_sql(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {named}")


def run(connection: Connection) -> None:
    """Migrate within one transaction; what fails leaves nothing behind."""
    sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        compare_server_default=True,
        render_as_batch=sqlite,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        if not sqlite:
            connection.exec_driver_sql("SET LOCAL lock_timeout = '30s'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")
        context.run_migrations()
        role = context.config.attributes.get("serves_as")
        if role is not None and not sqlite:
            give_rights(connection, role)
        if sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise ReferencesBroken(
                    f"rows refer to nothing in {sorted({row[0] for row in broken})}"
                )


address = context.config.attributes.get("address") or Settings().address_of_schema
engine = make_engine(address, foreign_keys=False)
try:
    with engine.connect() as opened:
        run(opened)
finally:
    engine.dispose()
