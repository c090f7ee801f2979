"""Two clocks: values in force on a day, by the rules as they were known on another, at every entry."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import make_url

from app.access import OWNER
from app.database import open_database
from app.models import RuleSetName, RuleText, RuleVersion, State
from app.rule_sets import service as rule_sets
from app.settings import Settings
from engine.rules import canonical, digest, load_rule_file, rule_files
from tests.app.test_openapi import body_of, description, operations
from tests.app.two_versions import (
    BEFORE,
    CORRECTED,
    EARLY,
    FIRST,
    LATE,
    OF_A_CORRECTION,
    SECOND,
    TOY,
    Life,
    keep,
    move,
    served,
)

SCHOOL = {"phase": "primary", "fsm6_primary": "10", "others": "0"}
CELL = f"/v1/cells/{TOY}/notional-sen"
PAGE = f"/notional-sen/{TOY}?phase=primary&units_fsm6_primary=10&blanks=none"
OLD, NEW = (digest(one) for one in CORRECTED)
SENTENCE = (
    "version 2 of these rules, published on 2025-06-01, took the place of version 1,"
    " and may give another answer; leave out known to use it"
)


@pytest.fixture
def caller(database, migrated_url, tmp_path) -> Iterator[TestClient]:
    """Give a caller of a service whose toy rules were corrected in June 2025."""
    keep(database, CORRECTED)
    move(database, OF_A_CORRECTION)
    with served(database, migrated_url, tmp_path) as found:
        yield found


def test_a_cell_has_two_answers_for_two_days_of_knowing_and_says_why(caller):
    early, late, now = (
        caller.get(CELL, params={**SCHOOL, **known})
        for known in ({"known": str(EARLY)}, {"known": str(LATE)}, {})
    )
    assert early.text != late.text == now.text
    assert [one.headers["Evenband-Digest"] for one in (early, late)] == [OLD, NEW]
    assert [one.headers["Evenband-Rule-Set"] for one in (early, late)] == [f"{TOY} 1", f"{TOY} 2"]
    assert early.headers["Evenband-Later-Rules"] == SENTENCE
    assert early.headers["Evenband-Known"] == "2025-05-31"
    assert "Evenband-Later-Rules" not in late.headers
    assert {"Evenband-Later-Rules", "Evenband-Known"}.isdisjoint(now.headers)
    notes = caller.get(CELL, params={**SCHOOL, "known": str(EARLY), "notes": "text"})
    assert notes.text.startswith(SENTENCE)


@pytest.mark.parametrize(
    "cell", ["tariff?band=C&setting=special", "factor?line=fsm6_primary&units=10"]
)
def test_every_cell_takes_the_day_of_knowing(caller, cell):
    texts = [caller.get(f"/v1/cells/{TOY}/{cell}&known={day}").text for day in (EARLY, LATE)]
    assert texts[0] != texts[1]


def test_a_version_that_was_superseded_says_so_by_its_number_too(caller):
    answer = caller.get(CELL, params={**SCHOOL, "version": "1"})
    assert answer.headers["Evenband-Later-Rules"] == SENTENCE.replace("known", "version")
    answer = caller.get(CELL, params={**SCHOOL, "version": "2"})
    assert "Evenband-Later-Rules" not in answer.headers


def test_what_nobody_knew_on_a_day_is_refused_with_the_day_on_which_it_came(caller):
    answer = caller.get(CELL, params={**SCHOOL, "known": str(BEFORE)})
    assert answer.status_code == 404
    assert answer.json()["detail"] == (
        "No version of these rules was in use at the end of 2025-02-28 (UTC). Version 1 was published on 2025-03-01."
    )
    body = {"rule_set": TOY, "known": str(BEFORE), "schools": [{"urn": "900001", "phase": "x"}]}
    problems = caller.post("/v1/what-ifs/notional-sen", json=body).json()
    assert problems["problems"][0]["place"] == "body.known"
    assert "published on 2025-03-01" in problems["problems"][0]["sentence"]


@pytest.mark.parametrize("known", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_days_like_others(caller, known):
    answer = caller.get(CELL, params={**SCHOOL, "known": known})
    assert answer.status_code == (404 if known < "2025" else 200)
    assert caller.get(f"/v1/rule-sets/{TOY}", params={"known": known}).status_code in {200, 404}


BOTH = "give version or known, not both: a version of a number is the same on every day"


def test_a_number_beside_a_day_of_knowing_is_refused_in_the_callers_words(caller):
    both = {"version": "1", "known": str(EARLY)}
    for path in (CELL, f"/v1/rule-sets/{TOY}/values"):
        answer = caller.get(path, params={**(SCHOOL if path == CELL else {}), **both})
        assert answer.status_code == 422
        [only] = answer.json()["problems"]
        assert (only["place"], only["sentence"]) == ("query.known", BOTH)
    side = {"rule_set": TOY, "version": 1, "known": str(EARLY)}
    bodies = {
        "notional-sen": ({**side, "schools": [{"urn": "1", "phase": "primary"}]}, "body.known"),
        "comparison": (
            {"baseline": side, "candidate": {"rule_set": TOY}, "schools": [{"urn": "1"}]},
            "body.baseline.known",
        ),
    }
    for path, (body, place) in bodies.items():
        answer = caller.post(f"/v1/what-ifs/{path}", json=body)
        assert answer.status_code == 422
        assert (place, BOTH) in [(x["place"], x["sentence"]) for x in answer.json()["problems"]]
    page = caller.get(f"{PAGE}&version=1&known={EARLY}")
    assert page.status_code == 422
    assert BOTH in page.text


def test_a_page_has_two_results_says_why_and_leads_from_one_to_the_other(caller):
    early, late = (caller.get(f"{PAGE}&known={day}") for day in (EARLY, LATE))
    assert "By the rules as they were known on 31 May 2025." in early.text
    assert (
        "Version 2 of these rules, published on 1 June 2025, took the place of version 1"
        in early.text
    )
    assert OLD in early.text
    assert "which are still in use" in late.text
    assert NEW in late.text
    assert "version=2" in early.text
    # The addresses that begin at the result keep the day.
    for path in ("/letter/", "/pupils?", "/years-ahead?", "working.csv?", "/since-last-year?"):
        [link] = [one for one in early.text.split('href="')[1:] if path in one.split('"')[0]][:1]
        assert "known" in link.split('"')[0], path
        assert "version" not in link.split('"')[0], path
    sent = {"phase": "primary", "units_fsm6_primary": "10", "blanks": "none", "known": str(EARLY)}
    there = caller.post(f"/notional-sen/{TOY}", data=sent, follow_redirects=False).headers[
        "location"
    ]
    assert f"known={EARLY}" in there
    assert "version" not in there
    csv = caller.get(f"/notional-sen/{TOY}/working.csv?{there.partition('?')[2]}").text
    assert OLD in csv
    assert "31 May 2025" in csv


@pytest.mark.parametrize(
    "path",
    [
        f"/bands/{TOY}?band_1=C&plans_1=2&setting_1=special&hours_1=25", f"/bands/{TOY}/pupil?", f"/rules/{TOY}?",
        f"/letter/{TOY}?phase=primary&units_fsm6_primary=10&blanks=none&letter_notional=1",
        f"/notional-sen/{TOY}/pupils?phase=primary&units_fsm6_primary=10&blanks=none",
        f"/notional-sen/{TOY}/years-ahead?phase=primary&units_fsm6_primary=10&blanks=none",
        f"/paste/{TOY}?phase=primary",
    ],
)  # fmt: skip
def test_every_page_of_rules_takes_the_day_of_knowing(caller, path):
    early = caller.get(f"{path}&known={EARLY}")
    assert early.status_code == 200, early.text
    assert "known on 31 May 2025" in early.text or f'value="{EARLY}"' in early.text
    assert caller.get(f"{path}&known={BEFORE}").status_code == 404
    assert caller.get(f"{path}&known=soon").status_code == 422
    assert caller.get(f"{path}&known=").status_code == 200


def test_a_page_says_what_changed_between_two_days_of_knowing(caller):
    sides = {"before": f"{TOY}@{EARLY}", "after": f"{TOY}@{LATE}"}
    found = caller.get("/rule-changes", params=sides)
    assert found.status_code == 200
    assert f"/rules/{TOY}?version=1" in found.text
    assert f"/rules/{TOY}?version=2" in found.text
    assert (
        caller.get("/rule-changes", params={**sides, "after": f"{TOY}@{BEFORE}"}).status_code == 422
    )


def bodies():
    return [
        pytest.param(path, example["value"], id=f"{operation['operationId']} {name}")
        for path, method, operation in operations(description())
        if method == "post" and path.startswith(("/v1/what-ifs", "/v1/atlas"))
        for name, example in body_of(operation).get("examples", {}).items()
    ]


def with_known(value: object, day: date) -> object:
    """Return a body with a day of knowing wherever it names rules."""
    if isinstance(value, list):
        return [with_known(one, day) for one in value]
    if not isinstance(value, dict):
        return value
    found = {name: with_known(one, day) for name, one in value.items() if name != "version"}
    return found | ({"known": str(day)} if "rule_set" in value else {})


def rules_said(answer: object) -> list[dict[str, object]]:
    """Return what an answer says of its rules, wherever it does."""
    if isinstance(answer, list):
        return [one for part in answer for one in rules_said(part)]
    if not isinstance(answer, dict):
        return []
    own = [answer] if {"rule_set", "digest"} <= answer.keys() else []
    return own + [
        one for name, part in answer.items() if name != "explanation" for one in rules_said(part)
    ]


@pytest.fixture(scope="module")
def corrected(published_file, tmp_path_factory) -> Iterator[TestClient]:
    """Give a caller of a service of which every published rule set was corrected in June 2025."""
    path = tmp_path_factory.mktemp("corrected") / "evenband.db"
    path.write_bytes(published_file.read_bytes())
    url = f"sqlite:///{path}"
    database = open_database(make_url(url))
    documents = [load_rule_file(one) for one in rule_files(Settings().rules_folder)]
    latest = {one.identifier: one for one in sorted(documents, key=lambda one: one.version)}
    keep(database, tuple(
        one.model_copy(update={"version": 9_000, "title": f"{one.title}, corrected"})
        for one in latest.values()
    ))  # fmt: skip
    lives = {one.version: Life(FIRST, SECOND, State.superseded) for one in documents} | {
        9_000: Life(SECOND)
    }
    move(database, lives)
    with served(database, url, tmp_path_factory.mktemp("no_rules")) as found:
        yield found
    database.close()


@pytest.mark.parametrize(("path", "body"), bodies())
def test_every_body_that_names_rules_takes_a_day_of_knowing_for_each(corrected, path, body):
    answers = {}
    for day in (EARLY, LATE):
        answer = corrected.post(path, json=with_known(body, day))
        assert answer.status_code == 200, answer.text
        answers[day] = rules_said(answer.json())
    for early, late in zip(answers[EARLY], answers[LATE], strict=True):
        assert early["version"] != late["version"] == 9_000
        assert early["digest"] != late["digest"]
        assert (early["known"], late["known"]) == (str(EARLY), str(LATE))
        assert "version 9000 of these rules, published on 2025-06-01" in json.dumps(early["later"])
        assert late["later"] is None


YEARS = [(date(2025, 4, 1), date(2025, 8, 31)), (date(2025, 9, 1), date(2026, 3, 31)),
         (date(2025, 4, 1), date(2026, 3, 31))]  # fmt: skip
DAY_ONE = datetime(2025, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 9).map(lambda day: DAY_ONE + timedelta(days=day, hours=23, minutes=59))


@st.composite
def histories(draw):
    """Draw versions with the days on which they apply, and when each was published and ended; any history at all."""
    versions = []
    for number in range(1, draw(st.integers(1, 5)) + 1):
        first, last = draw(st.sampled_from(YEARS))
        published, ended = draw(MOMENTS), draw(st.none() | MOMENTS)
        ended = None if ended is None else max(published, ended)
        versions.append((number, first, last, published, ended))
    return versions


def plain(versions, valid, known):
    """Return the number of the version by the definition: the highest that applies, published and not ended by then."""
    midnight = datetime.combine(known + timedelta(1), datetime.min.time(), UTC)
    return max(
        (
            number
            for number, first, last, published, ended in versions
            if published < midnight
            and (ended is None or ended >= midnight)
            and (valid is None or first <= valid <= last)
        ),
        default=None,
    )


@given(data=st.data(), versions=histories())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_days_of_validity_and_knowing_find_the_version_of_a_plain_model(
    database, data, versions
):
    fill(database, versions)
    days = st.dates(date(2024, 12, 31), date(2025, 1, 12))
    valid_days = st.none() | st.sampled_from([date(2025, 4, 1), date(2025, 9, 1), date(2027, 1, 1)])
    for _ in range(12):
        valid, known = data.draw(valid_days), data.draw(days)
        with database.reading() as session:
            try:
                found = rule_sets.version_known(OWNER, session, TOY, valid, known).number
            except rule_sets.RuleSetUnknown:
                found = None
            assert found == plain(versions, valid, known)
            usual = plain(versions, valid, known) or plain(versions, None, known)
            try:
                used = rule_sets.published(OWNER, session, TOY, on=valid, known=known).version
            except rule_sets.RuleSetUnknown:
                used = None
            assert used == usual


def fill(database, versions) -> None:
    """Keep a history that no service would make, past the guards."""
    document = CORRECTED[0]
    with database.engine.begin() as connection:
        on = connection.dialect.name == "postgresql"
        names = ("rule_version_only_drafts_go", "rule_version_not_replaced",
                 "rule_version_one_published", "rule_version_one_published_now")  # fmt: skip
        for name in names:
            connection.exec_driver_sql(
                f"DROP TRIGGER IF EXISTS {name}{' ON rule_version' if on else ''}"
            )
        if on:
            connection.exec_driver_sql(
                "ALTER TABLE rule_version DROP CONSTRAINT IF EXISTS ex_rule_version_one_published"
            )
        connection.exec_driver_sql("DELETE FROM rule_version")
    with database.writing() as session:
        if session.get(RuleText, digest(document)) is None:
            session.add(RuleText(digest=digest(document), canonical=canonical(document)))
            session.add(RuleSetName(id=1, identifier=TOY))
            session.flush()
        for number, first, last, published, ended in versions:
            session.add(
                RuleVersion(
                    rule_set_id=1,
                    number=number,
                    digest=digest(document),
                    title="Toy",
                    author="A",
                    state=State.published if ended is None else State.superseded,
                    funding_year="2025-26",
                    year_kind="academic",
                    effective_first=first,
                    effective_last=last,
                    standing="proposed",
                    has_formula=True,
                    has_bands=True,
                    published_at=published,
                    ended_at=ended,
                )
            )
