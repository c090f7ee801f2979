"""A service without sign-in takes changes from its own pages and from programs with its token, and from no page of elsewhere."""

import stat

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr, ValidationError

from app.access import OWNER, AskerDep
from app.access.start_token import FILE, keep_token, new_token
from app.audit.service import newest
from app.database import ReadSessionDep, SessionDep
from app.main import create_app
from app.rule_sets.publish import publish
from app.settings import Settings
from engine.rules import load_rule_set
from engine.vocabulary import FIXTURES

TOY = (FIXTURES / "rules" / "toy" / "toy-2025-26.yaml").read_text(encoding="utf-8")
OWN = load_rule_set(TOY.replace("toy-2025-26", "own-2025-26"))
TOKEN = "a-token-of-this-test"  # noqa: S105 - of this test alone
ADDRESS = "/published"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def service(settings):
    app = create_app(settings.model_copy(update={"start_token": SecretStr(TOKEN)}))

    @app.post(ADDRESS)
    def publish_own(asker: AskerDep, session: SessionDep) -> bool:
        return publish(asker, session, OWN)

    return app


@pytest.fixture
def caller(service):
    """Give a caller that sends no more headers than a test names."""
    with TestClient(service) as caller:
        yield caller


def is_published(caller) -> bool:
    return caller.get("/v1/rule-sets/own-2025-26").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Sec-Fetch-Site": "same-origin"}, id="a page of the service"),
        pytest.param(BEARER, id="a program with the token"),
        pytest.param({"Origin": "http://testserver"}, id="its page over plain HTTP"),
        pytest.param({**BEARER, "Sec-Fetch-Site": "cross-site"}, id="the token, wherever from"),
    ],
)
def test_a_change_is_taken_from(caller, headers):
    answer = caller.post(ADDRESS, headers=headers)
    assert (answer.status_code, answer.json()) == (200, True)
    assert is_published(caller)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="who says nothing"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, id="a page of another site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, id="a page of another port"),
        pytest.param({"Sec-Fetch-Site": "none"}, id="no page"),
        pytest.param({"Origin": "http://evil.example"}, id="another origin"),
        pytest.param({"Origin": "http://testserver:81"}, id="another port, over plain HTTP"),
        pytest.param({"Origin": "null"}, id="a page without an origin"),
        pytest.param(
            {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, id="both, that differ"
        ),
        pytest.param({"Authorization": "Bearer wrong"}, id="a wrong token"),
        pytest.param({"Authorization": f"Basic {TOKEN}"}, id="the token as a password"),
    ],
)
def test_a_change_is_not_taken_from(caller, service, headers):
    answer = caller.post(ADDRESS, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/change-not-allowed")
    assert not is_published(caller)
    with service.state.database.reading() as session:
        [event] = newest(OWNER, session, 1)
        assert (event.action, event.subject) == ("access denied", f"POST {ADDRESS}")


def test_a_what_if_that_keeps_nothing_needs_no_token(caller):
    answer = caller.post("/v1/what-ifs/notional-sen", json={}, headers={"Origin": "null"})
    assert answer.status_code == 422


def test_a_reading_endpoint_of_any_method_needs_no_token(caller, service):
    @service.post("/asked")
    def ask(session: ReadSessionDep) -> bool:
        return True

    assert caller.post("/asked").json()


def test_a_service_without_a_token_in_its_settings_has_one_that_nobody_knows(settings):
    made = [create_app(settings).state.identification.token for _ in range(2)]
    assert len(set(made)) == 2
    assert min(map(len, made)) >= 43


@pytest.mark.parametrize(
    "host", ["testserver", "127.0.0.1:8000", "localhost", "[::1]:8000", "LOCALHOST:1", "127.0.0.2"]
)
def test_a_request_for_a_name_of_the_service_is_answered(caller, host):
    assert caller.get("/v1/rule-sets", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost.evil.example",
     "testserver.evil.example", "192.168.0.1", "[::2]", "", "localhost:x", "a@localhost"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_a_request_for_another_name_is_refused_whatever_it_asks(caller, host, method):
    headers = {"Host": host, "Sec-Fetch-Site": "same-origin"}
    answer = caller.request(method, ADDRESS, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (421, "/problems/host-unknown")
    assert "evil" not in answer.text
    assert not is_published(caller)


def test_a_probe_asks_for_health_under_any_name(caller):
    assert caller.get("/health/live", headers={"Host": "10.0.0.7"}).status_code == 200


def test_a_service_that_other_machines_reach_is_asked_under_any_name_unless_they_are_listed():
    assert Settings(hosts="").host_names == frozenset()
    assert Settings(host="0.0.0.0", allow_public=True, hosts="").host_names is None  # noqa: S104
    listed = Settings(host="0.0.0.0", allow_public=True, hosts="one.example, two.example")  # noqa: S104
    assert listed.host_names == {"one.example", "two.example"}
    with pytest.raises(ValidationError, match="must be host names"):
        Settings(hosts="https://one.example")


def test_the_token_is_in_a_file_that_its_owner_alone_reads(tmp_path):
    folder = tmp_path / "data"
    for _ in range(2):
        token = new_token()
        path = keep_token(folder, token)
        assert path == folder / FILE
        assert path.read_text().strip() == token
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in folder.iterdir()] == [FILE]


def test_a_folder_that_cannot_be_written_is_no_reason_not_to_serve(tmp_path):
    (tmp_path / "file").write_text("")
    assert keep_token(tmp_path / "file" / "below", new_token()) is None


def test_the_settings_do_not_print_the_token():
    assert TOKEN not in repr(Settings(start_token=SecretStr(TOKEN)))
