"""The service put together: settings in, an application out."""

import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from importlib.metadata import version

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from app.access import NotAllowed, SignInNeeded
from app.access.identification import Identification
from app.admission import Gate
from app.audit.reads import AuditWriter, PupilReads
from app.bodies.route import BodyRoute
from app.errors import EVERYWHERE, refusals
from app.health import Readiness
from app.observability import endpoints as observability
from app.observability.log import log_request
from app.observability.metrics import Metrics
from app.openapi import SERVERS, TAGS, Service, operation_name
from app.problems import responses
from app.rate_limits import limits_of
from app.routers import MOUNTS, ROOT_ROUTERS, ROUTERS
from app.settings import Settings
from app.start import StartRefused, open_storage, start
from app.warm_up import ask_first_questions

DESCRIPTION = """\
High-needs funding and national banding, to the penny: notional SEN budgets, bands and top-ups
under published rule sets. Money is pounds as text with two decimals. Every refusal is
`application/problem+json` and names each place that cannot be used.
"""


def create_app(settings: Settings) -> Service:
    """Return the service under ``settings``; it opens its database when it starts."""
    # The reader of forms would log what it cannot read, a part of what was sent.
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL + 1)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.readiness = Readiness()
        # Threads that calculate give way to the event loop five times as often as they do by default.
        sys.setswitchinterval(1e-3)
        try:
            with closing(open_storage(settings)) as database:
                app.state.database = database
                await run_in_threadpool(start, settings, database, app.state.readiness)
                if settings.warm_at_start:
                    await ask_first_questions(app)
                    app.state.readiness.kernels_warm = True
                with AuditWriter(database, app.state.reads, settings.anchors).running():
                    yield
        except StartRefused as refused:
            app.state.start_refused = str(refused)
            raise

    app = Service(
        title="Evenband",
        version=version("evenband"),
        summary="High-needs funding and national banding",
        description=DESCRIPTION,
        lifespan=lifespan,
        responses=EVERYWHERE | refusals(SignInNeeded, NotAllowed),
        openapi_tags=TAGS,
        servers=SERVERS,
        generate_unique_id_function=operation_name,
        max_body_size=settings.max_body_bytes,
        openapi_url="/openapi.json" if settings.documentation else None,
        # The framework's own pages fetch their scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        # A redirection would name the host that the caller sent.
        redirect_slashes=False,
        # Its traces hold query strings.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.settings = settings
    app.state.gate = Gate(settings)
    app.state.limits = limits_of(settings)
    app.state.reads = PupilReads()
    app.state.observers = [log_request, app.state.reads.observe]
    if settings.metrics:
        app.state.metrics = Metrics(app.state.gate)
        app.state.observers.append(app.state.metrics.observe)
        app.include_router(observability.router)
    app.state.identification = Identification(settings)
    app.router.route_class = BodyRoute
    responses.install(app)
    for router in ROUTERS:
        app.include_router(router, prefix="/v1")
    for router in ROOT_ROUTERS:
        app.include_router(router)
    app.routes.extend(MOUNTS)
    return app


def application() -> Service:
    """Return the service under the settings of the environment, as a server's factory."""
    return create_app(Settings())
