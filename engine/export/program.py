"""With what a result was made: the engine's source by its digest, the libraries by their versions, and the kind of machine."""

import platform
from importlib.metadata import version

from engine.source import source_digest

LIBRARIES = ("numba", "numpy", "polars", "pydantic", "python-calamine", "pyyaml", "xlsxwriter")
"""The libraries that read tables, work numbers out and write files."""


def program_record() -> dict[str, object]:
    """Return plain values for a manifest; nothing names the machine or its user."""
    return {
        "engine_source": source_digest(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "machine": {
            "system": platform.system(),
            "processor": platform.machine(),
            "python": platform.python_version(),
        },
    }
