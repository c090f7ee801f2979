"""Guards that the database itself keeps: what is published never changes.

A guard, once part of a migration, is never edited: a change is a new guard under a new
name. On SQLite a batch migration rebuilds its table and loses the guards silently,
so that every migration of a guarded table ends by installing them again.
"""

# ruff: noqa: S608 - conditions of triggers are put together from words of this file alone

from collections.abc import Iterator
from dataclasses import dataclass

from alembic import op


@dataclass(frozen=True)
class Guard:
    """A trigger that refuses ``event`` on ``table`` where ``when`` holds.

    One that ``asks`` looks at other rows, which on PostgreSQL a function of its own does. It asks once the row
    that it ``holds`` is held by no other transaction, so that what it sees is still so when this one ends.
    """

    table: str
    event: str
    sentence: str
    when: str | None = None
    dialects: tuple[str, ...] = ("sqlite", "postgresql")
    asks: bool = False
    holds: str | None = None


SQLITE = ("sqlite",)
POSTGRESQL = ("postgresql",)
FINAL = "what is published never changes"
TEXT = "the text under a digest never changes"
RECORDED = "what is recorded never changes"
SCENARIO = "a saved what-if never changes"
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

_CHANGED_IN_REVIEW = " OR ".join(
    [
        *(f"NEW.{one} <> OLD.{one}" for one in _CONTENT if one != "published_at"),
        *(
            f"COALESCE(NEW.{one}, '') <> COALESCE(OLD.{one}, '')"
            for one in ("authority_code", "authority_name")
        ),
    ]
)
"""That a column of what is reviewed is another."""

_OVERLAPS = (
    "NEW.state = 'published' AND EXISTS (SELECT 1 FROM rule_version WHERE rule_set_id = NEW.rule_set_id"
    " AND number <> NEW.number AND state = 'published'"
    " AND effective_first <= NEW.effective_last AND NEW.effective_first <= effective_last)"
)
"""On PostgreSQL the same is a constraint of the table, as writers there do not wait for each other."""

_APPEND_ONLY = {
    "rule_change": "version_id = NEW.version_id AND seq = NEW.seq",
    "rule_comment": "id = NEW.id",
    "rule_approval": "id = NEW.id OR (version_id = NEW.version_id AND seq = NEW.seq)",
}
"""Tables of the history of a draft, and what is the same in a row and in one that it would replace."""

_DRAFTED = "state IN ('draft', 'review')"
_HISTORY = "the history of a version never changes, and goes with its draft alone"
_CONTRIBUTED = (
    "EXISTS (SELECT 1 FROM rule_change AS made WHERE made.version_id = NEW.version_id"
    " AND made.actor = NEW.actor AND made.seq > COALESCE((SELECT MAX(given.seq) FROM rule_approval AS given"
    " WHERE given.version_id = NEW.version_id), 0))"
)
_APPROVED = (
    "EXISTS (SELECT 1 FROM rule_approval AS given WHERE given.version_id = OLD.id"
    " AND given.seq = OLD.lock_version AND given.digest = NEW.digest AND given.actor = NEW.reviewer)"
)
_OWNERS_ALONE = (
    "(NEW.reviewer IS NULL AND EXISTS (SELECT 1 FROM rule_change WHERE version_id = OLD.id)"
    " AND NOT EXISTS (SELECT 1 FROM rule_change WHERE version_id = OLD.id AND actor <> 'owner'))"
)
"""That the owner of a service without sign-in alone ever wrote a draft: there is no second person."""

_HOLDS_VERSION = "rule_version WHERE id = NEW.version_id"


def _append_only() -> Iterator[tuple[str, Guard]]:
    for table, same in _APPEND_ONLY.items():
        there = "EXISTS (SELECT 1 FROM rule_version WHERE id = OLD.version_id)"
        again = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"
        yield f"{table}_unchanged", Guard(table, "UPDATE", _HISTORY)
        yield f"{table}_kept", Guard(table, "DELETE", _HISTORY, there, asks=True)
        yield f"{table}_not_emptied", Guard(table, "TRUNCATE", _HISTORY, dialects=POSTGRESQL)
        yield f"{table}_not_replaced", Guard(table, "INSERT", _HISTORY, again, SQLITE)


REVIEW_GUARDS = {
    **dict(_append_only()),
    "rule_version_counted": Guard(
        "rule_version",
        "UPDATE",
        "each step of a draft is counted, and nothing is counted once it is published",
        f"(OLD.{_DRAFTED} AND NEW.lock_version <> OLD.lock_version + 1)"
        f" OR (NOT OLD.{_DRAFTED} AND NEW.lock_version <> OLD.lock_version)",
    ),
    "rule_version_name_kept": Guard(
        "rule_version",
        "UPDATE",
        "a draft keeps its rule set, its number and its author",
        "NEW.id <> OLD.id OR NEW.rule_set_id <> OLD.rule_set_id OR NEW.number <> OLD.number"
        " OR NEW.author <> OLD.author",
    ),
    "rule_version_in_review": Guard(
        "rule_version",
        "UPDATE",
        "a text in review is sent back before it is changed",
        f"OLD.state = 'review' AND ({_CHANGED_IN_REVIEW})",
    ),
    "rule_version_change_told": Guard(
        "rule_version",
        "UPDATE",
        "a change of a draft is recorded with who made it",
        "NEW.digest <> OLD.digest AND NOT EXISTS (SELECT 1 FROM rule_change AS made WHERE"
        " made.version_id = OLD.id AND made.seq = NEW.lock_version AND made.digest = NEW.digest)",
        asks=True,
    ),
    "rule_version_no_early_reviewer": Guard(
        "rule_version",
        "UPDATE",
        "a version has its reviewer once it is published",
        f"NEW.{_DRAFTED} AND NEW.reviewer IS NOT NULL",
    ),
    "rule_version_no_reviewer_yet": Guard(
        "rule_version",
        "INSERT",
        "the reviewer of a version is who approved its draft",
        "NEW.reviewer IS NOT NULL",
    ),
    "rule_version_approved": Guard(
        "rule_version",
        "UPDATE",
        "a draft is published as it was approved by a second person",
        f"OLD.state = 'review' AND NEW.state = 'published' AND NOT ({_APPROVED} OR {_OWNERS_ALONE})",
        asks=True,
    ),
    "rule_change_of_a_draft": Guard(
        "rule_change",
        "INSERT",
        "a draft alone is changed, one step at a time",
        "NOT EXISTS (SELECT 1 FROM rule_version AS changed WHERE changed.id = NEW.version_id"
        " AND ((changed.state = 'draft' AND NEW.seq = changed.lock_version + 1)"
        f" OR (changed.{_DRAFTED} AND NEW.seq = 1 AND changed.lock_version = 1"
        " AND NEW.digest = changed.digest AND NEW.actor = changed.author)))",
        asks=True,
        holds=_HOLDS_VERSION,
    ),
    "rule_approval_of_what_is_in_review": Guard(
        "rule_approval",
        "INSERT",
        "an approval is of the text in review as it is now",
        "NOT EXISTS (SELECT 1 FROM rule_version AS reviewed WHERE reviewed.id = NEW.version_id"
        " AND reviewed.state = 'review' AND reviewed.digest = NEW.digest"
        " AND reviewed.lock_version = NEW.seq)",
        asks=True,
        holds=_HOLDS_VERSION,
    ),
    "rule_approval_by_another": Guard(
        "rule_approval",
        "INSERT",
        "nobody approves what they wrote or changed since the last approval",
        "EXISTS (SELECT 1 FROM rule_version WHERE id = NEW.version_id AND author = NEW.actor)"
        f" OR {_CONTRIBUTED}",
        asks=True,
        holds=_HOLDS_VERSION,
    ),
}
"""Guards of drafts and of their history."""

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
    "rule_set_not_replaced_in_its_tenant": Guard(
        "rule_set",
        "INSERT",
        NAME,
        "EXISTS (SELECT 1 FROM rule_set WHERE id = NEW.id"
        " OR (tenant = NEW.tenant AND identifier = NEW.identifier))",
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
    **REVIEW_GUARDS,
    "scenario_unchanged": Guard("scenario", "UPDATE", SCENARIO),
    "scenario_kept": Guard("scenario", "DELETE", SCENARIO),
    "scenario_not_emptied": Guard("scenario", "TRUNCATE", SCENARIO, dialects=POSTGRESQL),
    "scenario_not_replaced": Guard(
        "scenario",
        "INSERT",
        SCENARIO,
        "EXISTS (SELECT 1 FROM scenario WHERE id = NEW.id OR (tenant = NEW.tenant AND digest = NEW.digest))",
        SQLITE,
    ),
}
"""Every guard by the name of its trigger."""

RETIRED = frozenset(
    {
        "rule_set_not_replaced",
        "rule_version_unchanged",
        "rule_version_kept",
        "rule_version_reviewed",
    }
)
"""Guards of earlier migrations that a later one took away."""

FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'restrict_violation';
END
$$
"""


ASKING = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {holding}
    IF {when} THEN
        RAISE EXCEPTION USING MESSAGE = '{sentence}', ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END
$$
"""


def function(name: str, guard: Guard) -> str:
    """Return the statement that makes the function of a guard that asks."""
    holding = f"PERFORM 1 FROM {guard.holds} FOR UPDATE;" if guard.holds else ""
    return ASKING.format(name=name, holding=holding, when=guard.when, sentence=guard.sentence)


def statement(name: str, guard: Guard, dialect: str) -> str:
    """Return the statement that makes a guard."""
    head = f"CREATE TRIGGER {name} BEFORE {guard.event} ON {guard.table}"
    if dialect == "sqlite":
        when = f" WHEN {guard.when}" if guard.when else ""
        return f"{head}{when} BEGIN SELECT RAISE(ABORT, '{guard.sentence}'); END"
    if guard.asks:
        return f"{head} FOR EACH ROW EXECUTE FUNCTION {name}()"
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
        guard = GUARDS[name]
        if dialect not in guard.dialects:
            continue
        if guard.asks and dialect == "postgresql":
            op.execute(function(name, guard))
        op.execute(statement(name, guard, dialect))


def drop(*names: str) -> None:
    """Remove the named guards."""
    dialect = op.get_bind().dialect.name
    for name in names:
        guard = GUARDS[name]
        if dialect in guard.dialects:
            of = f" ON {guard.table}" if dialect == "postgresql" else ""
            op.execute(f"DROP TRIGGER IF EXISTS {name}{of}")
            if guard.asks and dialect == "postgresql":
                op.execute(f"DROP FUNCTION IF EXISTS {name}()")


def rights_on(table: str) -> str:
    """Return what the role of a service needs on a table: all but what a guard refuses of every row."""
    refused = {
        guard.event
        for name, guard in GUARDS.items()
        if name not in RETIRED and guard.table == table and guard.when is None
    }
    return ", ".join(one for one in ("SELECT", "INSERT", "UPDATE", "DELETE") if one not in refused)


def drop_function() -> None:
    """Drop the function that the guards of PostgreSQL call."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS refuse_change()")
