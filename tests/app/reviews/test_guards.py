"""What the database itself refuses of drafts, by raw SQL: approvals of one's own words, and histories that change."""

# ruff: noqa: S608 - raw SQL, of numbers and words of these tests, is what they try

from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.database import Database

MOMENT = "'2026-01-01 00:00:00'"
TEXTS = [one * 64 for one in "0123"]


@dataclass
class Raw:
    """A draft that raw SQL drives, past the service, each call a transaction."""

    database: Database
    step: int = 1
    digest: str = TEXTS[0]

    def run(self, *statements: str) -> None:
        with self.database.writing() as session:
            for one in statements:
                session.execute(text(one))

    def refuses(self, *statements: str) -> bool:
        try:
            self.run(*statements)
        except IntegrityError:
            return True
        return False

    def begin(self, author: str, *, told: bool = True) -> None:
        texts = [f"INSERT INTO rule_text VALUES ('{one}', '{{}}')" for one in TEXTS]
        fields = {
            "id": 1, "rule_set_id": 1, "number": 1, "state": "draft", "digest": self.digest, "title": "Toy",
            "funding_year": "2025-26", "year_kind": "financial", "effective_first": date(2025, 4, 1),
            "effective_last": date(2026, 3, 31), "standing": "verified", "has_formula": True,
            "has_bands": False, "author": author,
        }  # fmt: skip
        with self.database.writing() as session:
            for one in ("INSERT INTO rule_set (id, identifier) VALUES (1, 'raw')", *texts):
                session.execute(text(one))
            names, places = ", ".join(fields), ", ".join(f":{one}" for one in fields)
            session.execute(text(f"INSERT INTO rule_version ({names}) VALUES ({places})"), fields)
            if told:
                session.execute(text(self.change(author, 1, self.digest)))

    def change(self, actor: str, seq: int, digest: str) -> str:
        return f"INSERT INTO rule_change VALUES (1, {seq}, '{actor}', {MOMENT}, '{digest}')"

    def moved(self, changes: str) -> str:
        return f"UPDATE rule_version SET {changes}, lock_version = {self.step + 1}"

    def save(self, actor: str, digest: str) -> None:
        self.run(self.change(actor, self.step + 1, digest), self.moved(f"digest = '{digest}'"))
        self.step, self.digest = self.step + 1, digest

    def go(self, state: str) -> None:
        self.run(self.moved(f"state = '{state}'"))
        self.step += 1

    def approval(self, actor: str, *, seq: int | None = None, digest: str | None = None) -> str:
        values = (
            f"1, {seq or self.step}, '{digest or self.digest}', '{actor}', {MOMENT}, '{{}}', '[]'"
        )
        return (
            "INSERT INTO rule_approval (version_id, seq, digest, actor, at, cases, detectors)"
            f" VALUES ({values})"
        )

    def publication(self, reviewer: str | None, **changes: str) -> str:
        who = "NULL" if reviewer is None else f"'{reviewer}'"
        more = "".join(f", {name} = '{value}'" for name, value in changes.items())
        return self.moved(f"state = 'published', published_at = {MOMENT}, reviewer = {who}{more}")


@pytest.fixture
def raw(database) -> Raw:
    return Raw(database)


def test_the_author_never_approves(raw):
    raw.begin("A")
    raw.go("review")
    assert raw.refuses(raw.approval("A"))
    assert not raw.refuses(raw.approval("B"))


def test_who_changed_a_text_since_the_last_approval_does_not_approve_it(raw):
    raw.begin("A")
    raw.save("B", TEXTS[1])
    raw.go("review")
    assert raw.refuses(raw.approval("A"))
    assert raw.refuses(raw.approval("B"))
    assert not raw.refuses(raw.approval("C"))
    raw.go("draft")
    raw.save("C", TEXTS[2])
    raw.go("review")
    assert raw.refuses(raw.approval("C"))
    assert raw.refuses(raw.approval("A"))
    assert not raw.refuses(raw.approval("B")), "what B wrote was approved by C before C went on"


def test_an_approval_is_of_the_text_in_review_and_of_this_step(raw):
    raw.begin("A")
    assert raw.refuses(raw.approval("B"))
    raw.go("review")
    assert raw.refuses(raw.approval("B", digest=TEXTS[1]))
    assert raw.refuses(raw.approval("B", seq=raw.step - 1))
    assert raw.refuses(raw.approval("B", seq=raw.step + 1))
    assert not raw.refuses(raw.approval("B"))
    assert raw.refuses(raw.approval("C")), "a second approval of one step says nothing more"


def test_nothing_is_published_without_a_standing_approval_of_its_text(raw):
    raw.begin("A")
    raw.go("review")
    assert raw.refuses(raw.publication(None))
    assert raw.refuses(raw.publication("B"))
    raw.run(raw.approval("B"))
    assert raw.refuses(raw.publication(None))
    assert raw.refuses(raw.publication("C"))
    assert raw.refuses(raw.publication("B", digest=TEXTS[1]))
    assert not raw.refuses(raw.publication("B"))


def test_an_approval_ends_when_a_draft_is_sent_back_even_if_nothing_is_changed(raw):
    raw.begin("A")
    raw.go("review")
    raw.run(raw.approval("B"))
    raw.go("draft")
    raw.go("review")
    assert raw.refuses(raw.publication("B"))
    raw.run(raw.approval("B"))
    assert not raw.refuses(raw.publication("B"))


def test_the_owner_of_a_service_without_sign_in_publishes_alone(raw):
    raw.begin("owner")
    raw.save("owner", TEXTS[1])
    raw.go("review")
    assert raw.refuses(raw.publication("B"))
    assert not raw.refuses(raw.publication(None))


def test_nobody_publishes_alone_what_another_had_a_part_in(raw):
    raw.begin("owner")
    raw.save("A", TEXTS[1])
    raw.go("review")
    assert raw.refuses(raw.publication(None))


def test_a_draft_without_a_history_is_not_published_alone(raw):
    raw.begin("owner", told=False)
    raw.go("review")
    assert raw.refuses(raw.publication(None))


def test_a_text_is_changed_with_who_changed_it_and_in_a_draft_alone(raw):
    raw.begin("A")
    assert raw.refuses(raw.moved(f"digest = '{TEXTS[1]}'"))
    assert raw.refuses(raw.change("A", 3, TEXTS[1])), "one step at a time"
    assert raw.refuses(raw.change("B", 1, TEXTS[1])), "a draft begins once"
    raw.save("B", TEXTS[1])
    raw.go("review")
    assert raw.refuses(raw.change("B", raw.step + 1, TEXTS[2]))
    assert raw.refuses(raw.moved(f"digest = '{TEXTS[0]}'"))
    assert raw.refuses(raw.moved("title = 'Another'"))


@pytest.mark.parametrize("state", ["draft", "review"])
@pytest.mark.parametrize(
    "change",
    ["author = 'B'", "number = 2", "reviewer = 'B'", "state = 'withdrawn'", "state = 'superseded'"],
)
def test_a_draft_keeps_its_number_and_author_and_has_no_reviewer_yet(raw, state, change):
    raw.begin("A")
    if state == "review":
        raw.go("review")
    assert raw.refuses(raw.moved(change))


def test_every_step_is_counted(raw):
    raw.begin("A")
    assert raw.refuses("UPDATE rule_version SET state = 'review'")
    assert raw.refuses("UPDATE rule_version SET state = 'review', lock_version = 3")
    raw.go("review")
    raw.run(raw.approval("B"))
    raw.run(raw.publication("B"))
    ended = f"UPDATE rule_version SET state = 'superseded', ended_at = {MOMENT}"
    assert raw.refuses(f"{ended}, lock_version = lock_version + 1")
    assert not raw.refuses(ended)


TABLES = ("rule_change", "rule_comment", "rule_approval")


def with_history(raw: Raw) -> None:
    raw.begin("A")
    raw.go("review")
    raw.run(
        raw.approval("B"),
        "INSERT INTO rule_comment (version_id, seq, actor, at, kind, words)"
        f" VALUES (1, {raw.step}, 'B', {MOMENT}, 'remark', 'words')",
    )


@pytest.mark.parametrize("table", TABLES)
def test_the_history_of_a_draft_never_changes(raw, table):
    with_history(raw)
    replaced = {
        "sqlite": f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        "postgresql": f"TRUNCATE {table} CASCADE",
    }[raw.database.engine.dialect.name]
    for one in (f"UPDATE {table} SET actor = 'C'", f"DELETE FROM {table}", replaced):
        assert raw.refuses(one), one


def test_a_history_goes_with_its_draft_and_stays_with_what_is_published(raw):
    with_history(raw)
    raw.go("draft")
    raw.run("DELETE FROM rule_version")
    with raw.database.reading() as session:
        left = [session.execute(text(f"SELECT COUNT(*) FROM {one}")).scalar_one() for one in TABLES]
    assert left == [0, 0, 0]


@pytest.mark.parametrize("words", ["kind = 'shouted'", "words = ''"])
def test_words_on_a_draft_are_of_a_kind_that_is_known_and_say_something(raw, words):
    raw.begin("A")
    name, value = words.split(" = ")
    fields = {"kind": "'remark'", "words": "'words'"} | {name: value}
    assert raw.refuses(
        "INSERT INTO rule_comment (version_id, seq, actor, at, kind, words)"
        f" VALUES (1, 1, 'B', {MOMENT}, {fields['kind']}, {fields['words']})"
    )
