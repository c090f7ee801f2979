"""The service put together: settings in, an application out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from app import refusing
from app.bodies.route import BodyRoute
from app.database import Database, open_database
from app.errors import EVERYWHERE
from app.first_questions import ask_first_questions
from app.health import Readiness
from app.openapi import SERVERS, TAGS, Service, operation_name
from app.routers import MOUNTS, ROOT_ROUTERS, ROUTERS
from app.rule_sets.publish import publish_folder
from app.rule_sets.service import compile_every
from app.settings import Settings

DESCRIPTION = """\
High-needs funding and national banding, to the penny: notional SEN budgets, bands and top-ups
under published rule sets. Money is pounds as text with two decimals. Every refusal is
`application/problem+json` and names each place that cannot be used.
"""


def create_app(settings: Settings) -> Service:
    """Return the service under ``settings``; it opens its database when it starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        database = open_database(settings.address)
        app.state.database, app.state.readiness = database, Readiness()
        try:
            await run_in_threadpool(start, settings, database, app.state.readiness)
            if settings.warm_at_start:
                await ask_first_questions(app)
                app.state.readiness.kernels_warm = True
            yield
        finally:
            database.close()

    app = Service(
        title="Evenband",
        version=version("evenband"),
        summary="High-needs funding and national banding",
        description=DESCRIPTION,
        lifespan=lifespan,
        responses=EVERYWHERE,
        openapi_tags=TAGS,
        servers=SERVERS,
        generate_unique_id_function=operation_name,
        max_body_size=settings.max_body_bytes,
        openapi_url="/openapi.json" if settings.documentation else None,
        # The framework's own pages fetch their scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        # A redirection would name whatever host the caller says this is.
        redirect_slashes=False,
        # Its traces hold query strings.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.settings = settings
    app.router.route_class = BodyRoute
    refusing.install(app)
    for router in ROUTERS:
        app.include_router(router, prefix="/v1")
    for router in ROOT_ROUTERS:
        app.include_router(router)
    app.routes.extend(MOUNTS)
    return app


def start(settings: Settings, database: Database, readiness: Readiness) -> None:
    """Bring the schema to head, publish the rule sets and compile rules and kernels."""
    if settings.migrate_at_start:
        database.migrate()
    with database.writing() as session:
        publish_folder(session, settings.rules_folder)
    readiness.rules_published = True
    if settings.warm_at_start:
        # Compiling takes seconds, and nothing but the start of the service asks for it.
        from engine.warm import warm  # noqa: PLC0415

        warm()
        with database.reading() as session:
            compile_every(session)


def application() -> Service:
    """Return the service under the settings of the environment, as a server's factory."""
    return create_app(Settings())
