"""Whether the service lives, and whether it can answer."""

from dataclasses import dataclass
from typing import cast

from fastapi import APIRouter, Request
from sqlalchemy.exc import SQLAlchemyError

from app.database import database_of
from app.errors import NotReady, refusals
from app.schemas import Answer
from engine.errors import Problem

router = APIRouter(prefix="/health", tags=["health"])


@dataclass(slots=True)
class Readiness:
    """What the start of the service has done so far."""

    rules_published: bool = False
    kernels_warm: bool = False


class Alive(Answer):
    """The process answers."""

    alive: bool


class Ready(Answer):
    """Everything is there that an answer needs."""

    ready: bool


@router.get("/live", summary="Ask whether the process answers")
async def read_alive() -> Alive:
    """Answer that the process runs; nothing else is checked, and no thread is waited for."""
    return Alive(alive=True)


@router.get("/ready", summary="Ask whether the service is ready", responses=refusals(NotReady))
def read_ready(request: Request) -> Ready:
    """Say that the schema is at head, the rules are published and the kernels are warm."""
    readiness = cast("Readiness", request.app.state.readiness)
    checks = {
        "schema": (
            "the database is not up to date; start with EVENBAND_MIGRATE_AT_START=true",
            schema_is_at_head(request),
        ),
        "rules": ("the published rule sets are not loaded yet", readiness.rules_published),
        "kernels": ("the kernels are not compiled yet", readiness.kernels_warm),
    }
    problems = [Problem(sentence, name) for name, (sentence, held) in checks.items() if not held]
    if problems:
        raise NotReady(problems=problems)
    return Ready(ready=True)


def schema_is_at_head(request: Request) -> bool:
    """Return whether the database answers and its schema is the newest."""
    try:
        return database_of(request).is_at_head()
    except SQLAlchemyError:
        return False
