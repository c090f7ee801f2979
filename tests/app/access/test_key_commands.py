"""``evenband keys``: the key is printed once, and a list or an event never has it."""

import pytest
from sqlalchemy import make_url
from typer.testing import CliRunner

from app.access.secrets_of_keys import read_key
from app.cli import app
from app.database import open_database


@pytest.fixture
def call(migrated_url, monkeypatch):
    """Call the program on a database, and give its exit code and what it printed."""
    monkeypatch.setenv("EVENBAND_DATABASE_URL", migrated_url)

    def called(*arguments: str) -> tuple[int, str]:
        ran = CliRunner().invoke(app, ["keys", *arguments])
        return ran.exit_code, ran.output

    return called


def test_a_key_is_made_listed_and_revoked(call):
    code, printed = call("create", "nightly run", "--role", "modeller", "--organisation", "929")
    text = printed.strip()
    said = read_key(text)
    assert (code, said.kind) == (0, "service")
    assert call("list") == (0, "No key was made.\n")
    code, listed = call("list", "--organisation", "929")
    assert code == 0
    assert f"{said.prefix}  in use  service  modeller  until" in listed
    assert listed.rstrip().endswith("never used  nightly run")
    assert text.rpartition("_")[2] not in listed
    assert call("revoke", said.prefix)[0] == 1
    revoke = ("revoke", said.prefix, "--organisation", "929")
    assert call(*revoke) == (0, "The key is revoked.\n")
    assert call(*revoke) == (0, "The key was revoked before.\n")
    assert "  revoked  " in call("list", "--organisation", "929")[1]


def test_a_key_of_cells_is_printed_as_one(call):
    assert read_key(call("create", "sheet", "--cell")[1].strip()).kind == "cell"


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(("x", "--role", "king"), id="an unknown role"),
        pytest.param(("x", "--days", "0"), id="no day"),
        pytest.param(("",), id="no name"),
        pytest.param(("x" * 121,), id="too long a name"),
        pytest.param(("x", "--organisation", ""), id="no organisation"),
        pytest.param(("line\nbreak",), id="a line break"),
    ],
)
def test_what_is_no_key_is_refused_as_misuse(call, wrong, migrated_url):
    assert call("create", *wrong)[0] == 2
    database = open_database(make_url(migrated_url))
    with database.reading() as session:
        assert not session.connection().exec_driver_sql("SELECT * FROM access_key").all()
    database.close()
