"""The source of the engine by its digest: what names compiled kernels, caches and results."""

import hashlib
from functools import cache
from pathlib import Path

ENGINE = Path(__file__).resolve().parent


@cache
def source_digest(folder: Path = ENGINE) -> str:
    """Return the SHA-256 of every source file of a folder, with its path, in hexadecimal; read once in a process."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        name, content = path.relative_to(folder).as_posix().encode(), path.read_bytes()
        for part in (name, content):
            found.update(len(part).to_bytes(8, "little") + part)
    return found.hexdigest()
