"""With what a result was made: the engine's source by its digest, the libraries by their versions, and the kind of machine."""

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

ENGINE = Path(__file__).resolve().parents[1]

LIBRARIES = ("numba", "numpy", "polars", "pydantic", "python-calamine", "pyyaml", "xlsxwriter")
"""The libraries that read tables, work numbers out and write files."""


@cache
def engine_source() -> str:
    """Return the SHA-256 of every source file of the engine, with its path, in hexadecimal."""
    found = hashlib.sha256()
    for path in sorted(ENGINE.rglob("*.py")):
        name, content = path.relative_to(ENGINE).as_posix().encode(), path.read_bytes()
        for part in (name, content):
            found.update(len(part).to_bytes(8, "little") + part)
    return found.hexdigest()


def program_record() -> dict[str, object]:
    """Return plain values for a manifest; nothing names the machine or its user."""
    return {
        "engine_source": engine_source(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "machine": {
            "system": platform.system(),
            "processor": platform.machine(),
            "python": platform.python_version(),
        },
    }
