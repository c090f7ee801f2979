"""``evenband serve``: the service on this machine, saying where to look."""

import os
from contextlib import ExitStack, suppress
from socket import socket
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.exits import CODES, UNREADABLE, answered, misused

if TYPE_CHECKING:
    from uvicorn import Config

    from app.settings import Settings

PREFIX = "EVENBAND_"

SECONDS_TO_STOP = 30
"""How long requests that are under way may take once the service is asked to stop."""


def serve(
    host: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="Address to listen on; by default this machine alone."
        ),
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, metavar="PORT", help="By default 8000.")
    ] = None,
) -> None:
    """Serve pages and the API, with the published rule sets loaded."""
    # A request holds a thousand rows at most, which several threads only take longer over;
    # requests run on threads of the service's own.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    with answered():
        import asyncio

        import uvicorn

        from app.liveness.heartbeat import beat

        settings = _settings(host, port)
        token = settings.start_token.get_secret_value()
        here = f"[{settings.host}]" if ":" in settings.host else settings.host

        class Announced(uvicorn.Server):
            """A server that says where to look once it listens, and beats while its loop turns."""

            heard: int | None = None

            async def startup(self, sockets: list[socket] | None = None) -> None:
                if self.heard is not None:
                    self.beating = asyncio.create_task(beat(self.heard))
                await super().startup(sockets)
                if self.started:
                    # A full disk behind standard output is no reason not to serve.
                    with suppress(OSError):
                        typer.echo(f"Evenband: http://{here}:{settings.port}/ (stop with Ctrl+C)")
                        typer.echo(f"Start-up token, for programs that change something: {token}")

        server = Announced(_configuration(settings))
        with ExitStack() as beside:
            if settings.live_port is not None:
                server.heard = _beside(beside, settings.host, settings.live_port)
            with suppress(KeyboardInterrupt):
                server.run()
        if not server.started:
            # Its log has said why.
            raise typer.Exit(UNREADABLE)


def _configuration(settings: "Settings") -> "Config":
    """Return how the server listens, and that it answers what is under way before it stops."""
    from uvicorn import Config

    from app.http.protocol import KEEP_ALIVE_SECONDS, MOST_HEAD_BYTES, DressedProtocol
    from app.observability.log import configuration, form_of

    return Config(
        "app.main:application",
        factory=True,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        log_config=configuration(form_of(settings.log)),
        server_header=False,
        http=DressedProtocol,
        h11_max_incomplete_event_size=MOST_HEAD_BYTES,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=SECONDS_TO_STOP,
    )


def _settings(host: str | None, port: int | None) -> "Settings":
    """Return the settings with the options and a start-up token, and let the service find them too."""
    from pydantic import ValidationError

    from app.access.start_token import keep_token, new_token
    from app.commands.published import sentences
    from app.settings import Settings

    options = {"host": host, "port": port}
    chosen = {name: str(one) for name, one in options.items() if one is not None}
    try:
        found = Settings()
        chosen["start_token"] = found.start_token.get_secret_value() or new_token()
        settings = Settings.model_validate({**found.model_dump(), **chosen})
    except ValidationError as error:
        raise misused(sentences(error)) from None
    keep_token(settings.data_folder, chosen["start_token"])
    # The service reads its own settings, from the same place as any other process of it.
    os.environ.update({PREFIX + name.upper(): one for name, one in chosen.items()})
    return settings


def _beside(stack: ExitStack, host: str, port: int) -> int:
    """Start the process that says whether the service lives; give the pipe on which it listens."""
    from app.liveness.heartbeat import watched

    try:
        return stack.enter_context(watched(host, port))
    except OSError:
        message = f"EVENBAND_LIVE_PORT: port {port} is in use or not allowed"
        raise misused(message) from None


serve.__doc__ = f"{serve.__doc__}\n\n{CODES}"
