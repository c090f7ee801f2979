"""The service as FastAPI runs it: behind its outermost layer, with its refusals described."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic.json_schema import models_json_schema
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import Problems
from app.http.cell_keys import CellKeys
from app.http.hosts import KnownHosts
from app.http.origins import AllowedOrigins
from app.http.outer_layer import OuterLayer
from app.observability.facts import RequestFacts
from app.pages.problem_pages import ProblemPages
from engine.rules import RuleSet

REFERENCES = "#/components/schemas/{model}"
DOCUMENT_REFERENCES = "#/components/schemas/Document{model}"
SERVERS = [{"url": "/", "description": "the service that answered this description"}]
TAGS = [
    {
        "name": "rule sets",
        "description": "Published rule sets: list them, read one, read its values on a day.",
    },
    {
        "name": "drafts",
        "description": (
            "Rule sets that are not published yet: written, reviewed, approved by a second person, published."
        ),
    },
    {
        "name": "what-ifs",
        "description": (
            "Value the schools, pupils, places or authorities of a body under published rules, "
            "with other values tried in place. Nothing that is sent is kept."
        ),
    },
    {
        "name": "scenarios",
        "description": "Numbers to try in published rules, saved under a digest; no pupil's data.",
    },
    {
        "name": "cells",
        "description": "One number for each GET, as plain text, for a formula in a spreadsheet.",
    },
    {
        "name": "audit",
        "description": "Who did what: events in a chain of hashes, which nobody changes.",
    },
    {"name": "atlas", "description": "Rule sets side by side, question by question."},
    {
        "name": "keys",
        "description": (
            "Keys of programs and spreadsheets. Programs send one as `Authorization: Bearer`; a "
            "key of cells is in the address of a cell, as `key=`, and nowhere else."
        ),
    },
    {"name": "health", "description": "Whether the service runs, and whether it is ready."},
]


def operation_name(route: APIRoute) -> str:
    """Return the name by which generated clients know an operation: that of its function."""
    return route.name


class Service(FastAPI):
    """A FastAPI application of which every answer passes through the outermost layer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; where the start is refused, the log has the sentence and no traceback."""

        async def sent(message: Message) -> None:
            refused = getattr(self.state, "start_refused", None)
            if message["type"] == "lifespan.startup.failed" and refused is not None:
                message = {**message, "message": refused}
            await send(message)

        await super().__call__(scope, receive, sent if scope["type"] == "lifespan" else send)

    def build_middleware_stack(self) -> ASGIApp:
        """Put the outermost layer outside the framework's own error handler."""
        observers = self.state.observers

        def observe(facts: RequestFacts, state: Mapping[str, Any]) -> None:
            for one in observers:
                one(facts, state)

        settings = self.state.settings
        inner = CellKeys(super().build_middleware_stack())
        known = KnownHosts(inner, settings.host_names)
        return AllowedOrigins(OuterLayer(ProblemPages(known), observe), settings.origins)

    def openapi(self) -> dict[str, Any]:
        """Describe the API, the one form of its refusals, and rule documents."""
        described = super().openapi()
        _, refusal = models_json_schema([(Problems, "serialization")], ref_template=REFERENCES)
        schemas = described.setdefault("components", {}).setdefault("schemas", {})
        schemas.update(refusal["$defs"])
        schemas.update(_rule_document())
        return described


def _rule_document() -> dict[str, Any]:
    """Return the schemas of a published rule document, every value in its long form.

    Their names start with ``Document``, since answers have rows, places and terms of their own.
    """
    _, described = models_json_schema(
        [(RuleSet, "serialization")], by_alias=True, ref_template=DOCUMENT_REFERENCES
    )
    schemas: dict[str, Any] = {}
    for name, schema in described["$defs"].items():
        title = "RuleDocument" if name == RuleSet.__name__ else f"Document{name}"
        schemas[title] = {**_legible(schema), "title": title}
        # A published document says where a value comes from beside the value itself.
        schemas[title].get("properties", {}).pop("provenance", None)
    return schemas


def _legible(part: Any) -> Any:
    """Return a schema in the words that generated clients know: names by pattern are names."""
    if isinstance(part, list):
        return [_legible(one) for one in part]
    if not isinstance(part, dict):
        return part
    found = {name: _legible(one) for name, one in part.items()}
    for pattern, schema in found.pop("patternProperties", {}).items():
        found |= {"additionalProperties": schema, "propertyNames": {"pattern": pattern}}
    return found
