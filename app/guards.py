"""Guards that the database itself keeps: what is published never changes.

A guard, once part of a migration, is never edited: a change is a new guard under a new
name. On SQLite a batch migration rebuilds its table and loses the guards silently,
so that every migration of a guarded table ends by installing them again.
"""

from dataclasses import dataclass

from alembic import op


@dataclass(frozen=True)
class Guard:
    """A trigger that refuses ``event`` on ``table`` where ``when`` holds."""

    table: str
    event: str
    sentence: str
    when: str | None = None
    dialects: tuple[str, ...] = ("sqlite", "postgresql")


SQLITE = ("sqlite",)
POSTGRESQL = ("postgresql",)
FINAL = "what is published never changes"
TEXT = "the text under a digest never changes"
RECORDED = "what is recorded never changes"
NAME = "the identifier of a rule set never changes"

ONE_PUBLISHED = "of a rule set one version alone is published for a day"

_CONTENT = (
    "id", "rule_set_id", "number", "digest", "title", "funding_year", "year_kind", "effective_first",
    "effective_last", "standing", "has_formula", "has_bands", "has_places", "has_block",
    "has_targeted", "author", "published_at",
)  # fmt: skip
_WORDS_OR_NONE = ("authority_code", "authority_name", "reviewer")
_CHANGED = " OR ".join(
    [
        "NEW.published_at IS NULL",
        *(f"NEW.{one} <> OLD.{one}" for one in _CONTENT),
        *(f"COALESCE(NEW.{one}, '') <> COALESCE(OLD.{one}, '')" for one in _WORDS_OR_NONE),
    ]
)
"""That any column of a version is another but its state and the moment at which it ended."""

_OVERLAPS = (
    "NEW.state = 'published' AND EXISTS (SELECT 1 FROM rule_version WHERE rule_set_id = NEW.rule_set_id"
    " AND number <> NEW.number AND state = 'published'"
    " AND effective_first <= NEW.effective_last AND NEW.effective_first <= effective_last)"
)
"""On PostgreSQL the same is a constraint of the table, as writers there do not wait for each other."""

GUARDS = {
    "rule_set_unchanged": Guard("rule_set", "UPDATE", NAME),
    "rule_set_kept": Guard("rule_set", "DELETE", NAME),
    "rule_set_not_emptied": Guard("rule_set", "TRUNCATE", NAME, dialects=POSTGRESQL),
    "rule_text_unchanged": Guard("rule_text", "UPDATE", TEXT),
    "rule_text_kept": Guard("rule_text", "DELETE", TEXT),
    "rule_text_not_emptied": Guard("rule_text", "TRUNCATE", TEXT, dialects=POSTGRESQL),
    "rule_version_unchanged": Guard("rule_version", "UPDATE", FINAL, "OLD.state = 'published'"),
    "rule_version_kept": Guard("rule_version", "DELETE", FINAL, "OLD.state = 'published'"),
    "rule_version_not_emptied": Guard("rule_version", "TRUNCATE", FINAL, dialects=POSTGRESQL),
    "rule_version_reviewed": Guard(
        "rule_version",
        "UPDATE",
        "a draft is published after review alone",
        "OLD.state = 'draft' AND NEW.state = 'published'",
    ),
    # INSERT OR REPLACE takes the old row away without asking the guard of deletion.
    "rule_set_not_replaced": Guard(
        "rule_set",
        "INSERT",
        NAME,
        "EXISTS (SELECT 1 FROM rule_set WHERE id = NEW.id OR identifier = NEW.identifier)",
        SQLITE,
    ),
    "rule_text_not_replaced": Guard(
        "rule_text",
        "INSERT",
        TEXT,
        "EXISTS (SELECT 1 FROM rule_text WHERE digest = NEW.digest)",
        SQLITE,
    ),
    "rule_version_not_replaced": Guard(
        "rule_version",
        "INSERT",
        FINAL,
        "EXISTS (SELECT 1 FROM rule_version WHERE id = NEW.id"
        " OR (rule_set_id = NEW.rule_set_id AND number = NEW.number))",
        SQLITE,
    ),
    "rule_version_steps": Guard(
        "rule_version",
        "UPDATE",
        "a version goes from draft to review, to published, and then to superseded or withdrawn",
        "OLD.state <> NEW.state AND NOT ("
        "(OLD.state = 'draft' AND NEW.state = 'review')"
        " OR (OLD.state = 'review' AND NEW.state IN ('draft', 'published'))"
        " OR (OLD.state = 'published' AND NEW.state IN ('superseded', 'withdrawn')))",
    ),
    "rule_version_final": Guard(
        "rule_version",
        "UPDATE",
        FINAL,
        f"OLD.state IN ('published', 'superseded', 'withdrawn') AND ({_CHANGED})",
    ),
    "rule_version_ended": Guard(
        "rule_version",
        "UPDATE",
        "what was superseded or withdrawn never changes",
        "OLD.state IN ('superseded', 'withdrawn')",
    ),
    "rule_version_only_drafts_go": Guard(
        "rule_version", "DELETE", "a draft alone can be deleted", "OLD.state <> 'draft'"
    ),
    "rule_version_one_published": Guard("rule_version", "INSERT", ONE_PUBLISHED, _OVERLAPS, SQLITE),
    "rule_version_one_published_now": Guard(
        "rule_version", "UPDATE", ONE_PUBLISHED, _OVERLAPS, SQLITE
    ),
    "audit_event_unchanged": Guard("audit_event", "UPDATE", RECORDED),
    "audit_event_kept": Guard("audit_event", "DELETE", RECORDED),
    "audit_event_not_emptied": Guard("audit_event", "TRUNCATE", RECORDED, dialects=POSTGRESQL),
    "audit_event_not_replaced": Guard(
        "audit_event",
        "INSERT",
        RECORDED,
        "EXISTS (SELECT 1 FROM audit_event WHERE seq = NEW.seq OR previous = NEW.previous OR hash = NEW.hash)",
        SQLITE,
    ),
}
"""Every guard by the name of its trigger."""

RETIRED = frozenset({"rule_version_unchanged", "rule_version_kept", "rule_version_reviewed"})
"""Guards of earlier migrations that a later one took away."""

FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'restrict_violation';
END
$$
"""


def statement(name: str, guard: Guard, dialect: str) -> str:
    """Return the statement that makes a guard."""
    head = f"CREATE TRIGGER {name} BEFORE {guard.event} ON {guard.table}"
    if dialect == "sqlite":
        when = f" WHEN {guard.when}" if guard.when else ""
        return f"{head}{when} BEGIN SELECT RAISE(ABORT, '{guard.sentence}'); END"
    each = "STATEMENT" if guard.event == "TRUNCATE" else "ROW"
    when = f" WHEN ({guard.when})" if guard.when else ""
    return f"{head} FOR EACH {each}{when} EXECUTE FUNCTION refuse_change('{guard.sentence}')"


def install(*names: str) -> None:
    """Make the named guards, or keep them where they are."""
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        op.execute(FUNCTION)
    drop(*names)
    for name in names:
        if dialect in GUARDS[name].dialects:
            op.execute(statement(name, GUARDS[name], dialect))


def drop(*names: str) -> None:
    """Remove the named guards."""
    dialect = op.get_bind().dialect.name
    for name in names:
        guard = GUARDS[name]
        if dialect in guard.dialects:
            of = f" ON {guard.table}" if dialect == "postgresql" else ""
            op.execute(f"DROP TRIGGER IF EXISTS {name}{of}")


def drop_function() -> None:
    """Drop the function that the guards of PostgreSQL call."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS refuse_change()")
