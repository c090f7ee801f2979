"""Drafts beside a plain model of them: whatever is done in whatever order, the service does and refuses the same."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import make_url

from app.access import OWNER, Asker
from app.audit.service import check_chain
from app.database import open_database
from app.errors import Refused
from app.reviews import service
from app.reviews.schemas import ApprovalRequest
from app.reviews.service import Named
from app.rule_sets.publish import publish as publish_document
from engine.rules import load_rule_set
from tests.app.conftest import ENGINES, migrate
from tests.app.reviews.conftest import IDENTIFIER, TOY, person
from tests.storm_size import repetitions

PEOPLE = [person(one) for one in ("anna", "ben", "cleo")]
TEXTS = [TOY.replace('notional_percent: "5"', f'notional_percent: "{one}"', 1) for one in (6, 7, 8)]
MACHINES = len(repetitions(8, 60))


@dataclass
class Plain:
    """A draft as a person would keep it on paper."""

    author: str
    state: str = "draft"
    wrote: set[str] = field(default_factory=set)
    text: int | None = None
    approver: str | None = None


class Lifecycle(RuleBasedStateMachine):
    """Three people and one draft at a time, on a database of its own."""

    address = ""
    making: object = None

    def __init__(self) -> None:
        super().__init__()
        self.database = open_database(make_url(type(self).making()))
        with self.database.writing() as session:
            publish_document(OWNER, session, load_rule_set(TOY))
        self.plain: Plain | None = None
        self.number, self.published = 1, [1]

    def teardown(self) -> None:
        self.database.close()

    def same(self, expected: bool, step, *args, **more) -> bool:
        try:
            with self.database.reading() as reading, self.database.writing() as session:
                extra = (reading,) if step is service.approve else ()
                step(more["asker"], session, *extra, *args)
        except Refused:
            assert not expected, step.__name__
            return False
        assert expected, step.__name__
        return True

    @property
    def named(self) -> Named:
        return Named(IDENTIFIER, self.number)

    @rule(asker=st.sampled_from(PEOPLE))
    def begin(self, asker: Asker) -> None:
        if self.plain is not None:
            return
        with self.database.writing() as session:
            self.number = service.begin_as_successor(asker, session, IDENTIFIER, None).number
        self.plain = Plain(asker.actor, wrote={asker.actor})

    @rule(asker=st.sampled_from(PEOPLE), text=st.sampled_from(range(3)))
    def save(self, asker: Asker, text: int) -> None:
        may = self.plain is not None and self.plain.state == "draft"
        if self.same(may, service.save, self.named, TEXTS[text], asker=asker):
            if self.plain.text != text and not self.is_published(text):
                self.plain.wrote.add(asker.actor)
            self.plain.text = text

    def is_published(self, text: int) -> bool:
        """Return whether a draft that was not saved yet has a text: that of the version it succeeds."""
        return self.plain.text is None and self.base == text

    base: int | None = None

    @rule(asker=st.sampled_from(PEOPLE))
    def submit(self, asker: Asker) -> None:
        may = self.plain is not None and self.plain.state == "draft"
        if self.same(may, service.submit, self.named, asker=asker):
            self.plain.state = "review"

    @rule(asker=st.sampled_from(PEOPLE))
    def send_back(self, asker: Asker) -> None:
        may = self.plain is not None and self.plain.state == "review"
        if self.same(may, service.send_back, self.named, "words", asker=asker):
            self.plain.state, self.plain.approver = "draft", None

    @rule(asker=st.sampled_from(PEOPLE))
    def approve(self, asker: Asker) -> None:
        plain = self.plain
        may = (
            plain is not None
            and plain.state == "review"
            and plain.approver is None
            and asker.actor not in {plain.author, *plain.wrote}
        )
        digest = "0" * 64
        if plain is not None:
            with self.database.reading() as session:
                digest = service.draft(asker, session, self.named).version.digest
        request = ApprovalRequest(digest=digest)
        folders = (Path("none"),)
        if self.same(may, service.approve, self.named, request, folders, asker=asker):
            plain.approver, plain.wrote = asker.actor, set()

    @rule(asker=st.sampled_from(PEOPLE))
    def publish(self, asker: Asker) -> None:
        plain = self.plain
        may = plain is not None and plain.approver is not None
        if self.same(may, service.publish, self.named, asker=asker):
            self.published.append(self.number)
            self.base = self.base if plain.text is None else plain.text
            self.plain = None

    @rule(asker=st.sampled_from(PEOPLE))
    def delete(self, asker: Asker) -> None:
        may = self.plain is not None and self.plain.state == "draft"
        if self.same(may, service.delete, self.named, asker=asker):
            self.plain = None

    @invariant()
    def the_register_is_what_the_model_has(self) -> None:
        with self.database.reading() as session:
            drafts = service.drafts(OWNER, session, ("", 0), 9)
            assert [one.state for one in drafts] == (
                [] if self.plain is None else [self.plain.state]
            )
            if self.plain is not None:
                approval = service.draft(OWNER, session, self.named).standing_approval
                assert (approval and approval.actor) == self.plain.approver
            numbers = service.rule_sets.versions_of(OWNER, session, IDENTIFIER)
            assert numbers == self.published
            current = service.rule_sets.version_of(OWNER, session, IDENTIFIER)
            assert current.number == self.published[-1]
            assert check_chain(OWNER, session).fault is None


@pytest.mark.parametrize("engine", ENGINES)
def test_whatever_is_done_in_whatever_order_is_done_and_refused_as_on_paper(
    engine, request, tmp_path
):
    made = []

    def sqlite() -> str:
        copy = tmp_path / f"{len(made)}.db"
        made.append(shutil.copyfile(request.getfixturevalue("migrated_file"), copy))
        return f"sqlite:///{copy}"

    def postgresql() -> str:
        server = request.getfixturevalue("postgres_server")
        made.append(server.create(server.template("migrated", migrate)))
        return server.url(made[-1])

    class OfEngine(Lifecycle):
        making = staticmethod({"sqlite": sqlite, "postgresql": postgresql}[engine])

    run_state_machine_as_test(
        OfEngine,
        settings=settings(
            max_examples=MACHINES,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    if engine == "postgresql":
        for name in made:
            request.getfixturevalue("postgres_server").drop(name)
