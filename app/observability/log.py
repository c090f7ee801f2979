"""Log lines by allow-list: JSON, one a request, or plain words about failures alone.

A key that is not in ``KEYS`` never reaches a line: it is left out in service, and refused in tests.
Line breaks are written as escapes, so that nothing that is logged can look like another line.
"""

import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from dataclasses import asdict
from typing import Any

import orjson
import structlog

from app.observability.facts import RequestFacts

KEYS = frozenset(
    {
        *("at", "level", "event"),
        *("request_id", "route", "method", "status", "seconds", "tenant", "actor_kind", "rows"),
        *("kind", "error", "place"),
    }
)
"""Every key that a line may have."""

REQUESTS = "evenband.requests"
"""The logger of lines about requests, which plain words leave out."""

LINE_BREAKS = {"\r": "\\r", "\n": "\\n", "\x85": "\\x85", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_ESCAPES = str.maketrans(LINE_BREAKS)
_requests = logging.getLogger(REQUESTS)
MOST_FRAMES = 8

Line = MutableMapping[str, Any]


class Strictness:
    """Whether a key outside the list is refused, as tests ask for, or left out."""

    refuses_unknown = False


def known_keys(logger: object, method: str, line: Line) -> Line:  # noqa: ARG001 - structlog's form
    """Leave out of a line what is not in the list; ``KeyError`` where strictness asks for it."""
    unknown = line.keys() - KEYS - {"_record", "_from_structlog", "exc_info", "stack_info"}
    if unknown and Strictness.refuses_unknown:
        raise KeyError(*sorted(unknown))
    for name in unknown:
        del line[name]
    return line


def place_of(error: BaseException) -> str:
    """Return the frames in which an error rose, without its words or any value."""
    frames = traceback.extract_tb(error.__traceback__)
    nearest = reversed(frames[-MOST_FRAMES:])
    return " < ".join(f"{one.filename}:{one.lineno} {one.name}" for one in nearest)


def without_words_of_errors(logger: object, method: str, line: Line) -> Line:  # noqa: ARG001
    """Put the kind and place of an error in place of its words, which may repeat what was sent."""
    found = line.pop("exc_info", None)
    line.pop("stack_info", None)
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        line["error"], line["place"] = type(error).__name__, place_of(error)
        record = line.get("_record")
        if record is not None:
            record.exc_info = record.exc_text = None
    return line


def without_line_breaks(logger: object, method: str, line: Line) -> Line:  # noqa: ARG001
    """Write line breaks of every text as escapes."""
    for name, value in line.items():
        if isinstance(value, str):
            line[name] = value.translate(_ESCAPES)
    return line


def _plain(logger: object, method: str, line: Line) -> str:  # noqa: ARG001
    failed = [f"{line['error']} at {line['place']}"] if "error" in line else []
    return ": ".join([str(line["level"]).upper(), str(line["event"]), *failed])


def _json(logger: object, method: str, line: Line) -> str:  # noqa: ARG001
    return orjson.dumps(line, option=orjson.OPT_SORT_KEYS, default=str).decode()


def formatter(form: str) -> structlog.stdlib.ProcessorFormatter:
    """Return what writes records of every logger in a form: ``json`` or ``plain``."""
    before: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=before,
        processors=[
            without_words_of_errors,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            known_keys,
            without_line_breaks,
            _json if form == "json" else _plain,
        ],
    )


def configuration(form: str) -> dict[str, Any]:
    """Return how the server is to log: everything to standard error, in one form."""
    requests = "INFO" if form == "json" else "CRITICAL"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter, "form": form}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "stream": "ext://sys.stderr",
            }
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {REQUESTS: {"level": requests}},
    }


def form_of(setting: str | None) -> str:
    """Return the form of log lines: that of the setting, else plain on a terminal and JSON elsewhere."""
    return setting or ("plain" if sys.stderr.isatty() else "json")


def log_request(facts: RequestFacts, state: Mapping[str, Any]) -> None:  # noqa: ARG001 - nothing of the state is logged
    """Write the line of a request, where lines of requests are wanted."""
    if _requests.isEnabledFor(logging.INFO):
        log_line(asdict(facts) | {"seconds": round(facts.seconds, 6)})


def log_line(line: Mapping[str, object]) -> None:
    """Write a line about a request; what has no value is left out."""
    present = {name: value for name, value in line.items() if value not in {"", 0}}
    if Strictness.refuses_unknown and (unknown := present.keys() - KEYS):
        raise KeyError(*sorted(unknown))
    _requests.info("request", extra=present)
