"""The service as FastAPI runs it: behind its front door, with its refusals described."""

from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema
from starlette.types import ASGIApp

from app.errors import Problems
from app.front import FrontDoor
from app.pages.problem_pages import ProblemPages

REFERENCES = "#/components/schemas/{model}"


class Service(FastAPI):
    """A FastAPI application whose every answer passes the front door."""

    def build_middleware_stack(self) -> ASGIApp:
        """Put the front door outside even of the framework's own last resort."""
        return FrontDoor(ProblemPages(super().build_middleware_stack()))

    def openapi(self) -> dict[str, Any]:
        """Describe the API, and the one form of its refusals."""
        described = super().openapi()
        _, refusal = models_json_schema([(Problems, "serialization")], ref_template=REFERENCES)
        schemas = described.setdefault("components", {}).setdefault("schemas", {})
        schemas.update(refusal["$defs"])
        return described
