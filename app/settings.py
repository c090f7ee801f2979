"""What an operator may choose, read once from the environment and passed on."""

import ipaddress
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import DirectoryPath, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from engine.data import PUBLISHED

if TYPE_CHECKING:
    from sqlalchemy import URL

DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
MEGABYTE = 1024 * 1024


def data_home() -> Path:
    """Return the folder in which this user's programs keep their data."""
    chosen = os.environ.get("XDG_DATA_HOME")
    return (Path(chosen) if chosen else Path.home() / ".local" / "share") / "evenband"


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?|https?://\[[0-9a-f:]+\](:[0-9]{1,5})?")

HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\]")


def _parts(written: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in written.split(",") if one.strip())


def is_loopback(host: str) -> bool:
    """Return whether a host is reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Settings(BaseSettings):
    """The service's settings, each read from ``EVENBAND_`` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="EVENBAND_", frozen=True, extra="forbid")

    database_url: str = Field(
        default="",
        repr=False,
        description="SQLite or PostgreSQL; a file in the data folder where left out",
    )
    migration_url: str = Field(
        default="",
        repr=False,
        description="the same PostgreSQL database as its owner, who changes the schema; that of DATABASE_URL where left out",
    )
    data_folder: Path = Field(default_factory=data_home)
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    live_port: Annotated[int, Field(ge=1, le=65535)] | None = Field(
        default=None,
        description="where a process beside the service says whether it lives; none by default",
    )
    allow_public: bool = Field(
        default=False, description="accept requests from other machines, behind a proxy of your own"
    )
    hosts: str = Field(
        default="",
        description="names beside those of this machine under which the service is asked, with commas between them",
    )
    start_token: SecretStr = Field(
        default=SecretStr(""),
        description="what programs send with a change to a service without sign-in; made at each start by default",
    )
    require_keys: bool = Field(default=False, description="answer only those who send a key")
    max_body_bytes: Annotated[int, Field(ge=1024, le=1024 * MEGABYTE)] = 32 * MEGABYTE
    calculations_at_once: Annotated[int, Field(ge=1, le=1000)] = Field(
        default_factory=cores,
        description="heavy what-ifs that run at once; others wait. The number of cores by default",
    )
    calculation_wait_seconds: Annotated[float, Field(ge=0, le=60)] = Field(
        default=2, description="how long one waits before the answer is to try again"
    )
    rate_seconds_a_minute: Annotated[float, Field(ge=0, le=100_000)] | None = Field(
        default=None,
        description="seconds of one core that an asker may use in a minute, 0 for no limit; by default 60 where public, else no limit",
    )
    rate_burst_seconds: Annotated[float, Field(gt=0, le=100_000)] = Field(
        default=120,
        description="seconds of one core that an asker may use at once before the limit",
    )
    migrate_at_start: bool = True
    warm_at_start: bool = True
    rules_folder: DirectoryPath = PUBLISHED
    documentation: bool = True
    anchors: DirectoryPath | None = Field(
        default=None,
        description="the folder in which the service keeps an anchor of the audit each day; none by default",
    )
    log: Literal["json", "plain"] | None = Field(
        default=None,
        description="json: a line a request; plain: failures alone, in words; by default plain on a terminal, else json",
    )
    metrics: bool = Field(default=False, description="whether /metrics is served, for Prometheus")
    cors_origins: str = Field(
        default="", description="origins whose pages may read the API, with commas between them"
    )

    @field_validator("cors_origins")
    @classmethod
    def _are_origins(cls, written: str) -> str:
        if not all(ORIGIN.fullmatch(one) for one in _parts(written)):
            message = "must be origins such as https://sheets.example.org, with commas between them"
            raise ValueError(message)
        return written

    @field_validator("hosts")
    @classmethod
    def _are_host_names(cls, written: str) -> str:
        if not all(HOST.fullmatch(one) for one in _parts(written)):
            message = "must be host names such as bands.example.org, with commas between them"
            raise ValueError(message)
        return written

    @property
    def needs_sign_in(self) -> bool:
        """Return whether it has to be known who asks."""
        return self.require_keys

    @property
    def host_names(self) -> frozenset[str] | None:
        """Return the names under which the service is asked, beside those of this machine; None for any.

        A service that other machines reach is asked under names that it does not know, unless they are listed.
        """
        names = frozenset(_parts(self.hosts))
        return names if names or is_loopback(self.host) else None

    @property
    def origins(self) -> tuple[str, ...]:
        """Return the origins whose pages may read the API."""
        return _parts(self.cors_origins)

    @field_validator("database_url", "migration_url")
    @classmethod
    def _is_an_address_we_know(cls, written: str) -> str:
        if not written:
            return written
        from sqlalchemy import make_url  # noqa: PLC0415 - files are valued without a database
        from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

        try:
            backend = make_url(written).get_backend_name()
        except ArgumentError:
            backend = ""
        if backend not in DRIVERS:
            # The address may hold a password, so that the sentence says nothing of it.
            message = "must be the address of an SQLite file or of a PostgreSQL database"
            raise ValueError(message)
        if backend == "sqlite" and make_url(written).database in {None, "", ":memory:"}:
            message = "must name a file, as sqlite:////folder/evenband.db"
            raise ValueError(message)
        return written

    @model_validator(mode="after")
    def _has_one_owner(self) -> Self:
        if not self.migration_url:
            return self
        served, owned = self.address, self.owner_address
        if {one.get_backend_name() for one in (served, owned) if one} != {"postgresql"}:
            message = "EVENBAND_MIGRATION_URL is for PostgreSQL, beside EVENBAND_DATABASE_URL"
            raise ValueError(message)
        if served.username is None or owned is None or served.username == owned.username:
            message = "EVENBAND_MIGRATION_URL and EVENBAND_DATABASE_URL need different users"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _listens_here_by_default(self) -> Self:
        if not self.allow_public and not self.needs_sign_in and not is_loopback(self.host):
            message = (
                f"host {self.host} accepts requests from other machines, and the service has no "
                "sign-in; set EVENBAND_REQUIRE_KEYS=true, or EVENBAND_ALLOW_PUBLIC=true if a proxy "
                "in front of it has one"
            )
            raise ValueError(message)
        return self

    @property
    def address(self) -> "URL":
        """Return the database's address with the driver that is installed."""
        from sqlalchemy import URL, make_url  # noqa: PLC0415 - files are valued without a database

        if not self.database_url:
            return URL.create("sqlite", database=str(self.data_folder / "evenband.db"))
        return _with_driver(make_url(self.database_url))

    @property
    def owner_address(self) -> "URL | None":
        """Return the database's address as its owner, where the service is another role; None where it is the owner."""
        from sqlalchemy import make_url  # noqa: PLC0415 - files are valued without a database

        return _with_driver(make_url(self.migration_url)) if self.migration_url else None

    @property
    def address_of_schema(self) -> "URL":
        """Return the address with which the schema is changed."""
        return self.owner_address or self.address


def _with_driver(url: "URL") -> "URL":
    return url.set(drivername=DRIVERS[url.get_backend_name()])
