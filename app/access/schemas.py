"""What the endpoints of keys are sent, and what they answer."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from app.access.rights import Role
from app.access.secrets_of_keys import KeyKind, KeyState
from app.schemas import Answer, Payload
from engine.wording import text_form

MOST_DAYS = 731

KeyPrefix = Annotated[
    str,
    text_form(r"^[a-z0-9]{10}$", "must be the ten letters and digits after 'ev_' of a key"),
    Field(examples=["k7m2pq9xwz"]),
]
Words = Annotated[
    str, StringConstraints(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")
]


class KeyRequest(Payload):
    """A key to make."""

    name: Words = Field(description="what it is for", examples=["nightly payment run"])
    kind: KeyKind = Field(
        default=KeyKind.service,
        strict=False,
        description="'cell' for the addresses of spreadsheets: it reads cells and nothing else",
    )
    roles: list[Annotated[Role, Field(strict=False)]] = Field(
        default=[Role.viewer], min_length=1, max_length=len(Role), description="what it may do"
    )
    days: int = Field(default=365, ge=1, le=MOST_DAYS, description="days until it expires")


class KeyOut(Answer):
    """A key, without its secret."""

    prefix: str
    kind: KeyKind
    name: str
    roles: list[Role]
    state: KeyState
    created_by: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used: date | None


class NewKey(KeyOut):
    """A new key with its text, which is shown this once."""

    key: str = Field(description="the key itself; it is kept nowhere and cannot be shown again")


class KeysOut(Answer):
    """The keys of an organisation."""

    items: list[KeyOut]
