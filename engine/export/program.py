"""With what a result was made: the engine's source by its digest, the libraries by their versions, and the kind of machine."""

import platform
from functools import cache
from importlib.metadata import version

from engine.source import source_digest

LIBRARIES = ("numba", "numpy", "polars", "pydantic", "python-calamine", "pyyaml", "xlsxwriter")
"""The libraries that read tables, work numbers out and write files."""


def program_record() -> dict[str, object]:
    """Return plain values for a manifest; nothing names the machine or its user."""
    return {
        "engine_source": source_digest(),
        "libraries": dict(_versions()),
        "machine": {
            "system": platform.system(),
            "processor": platform.machine(),
            "python": platform.python_version(),
        },
    }


@cache
def _versions() -> dict[str, str]:
    """Return the version of each library, read from its files once a process."""
    return {name: version(name) for name in LIBRARIES}
