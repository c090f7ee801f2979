"""Published rule documents read once: their canonical text is kept beside the compiled kernels.

The folder is named by the engine's source, and a text by the bytes of its file: neither can be out of
date. Where nothing can be kept, or what is kept cannot be read, the file itself is read.
"""

import hashlib
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

from app.commands.published import load
from engine.errors import Refusal
from engine.jit import cache_folder
from engine.rules.document import RuleSet
from engine.rules.load import canonical, load_canonical


def document_of(path: Path) -> RuleSet:
    """Return the document of a file, or raise a refusal that names the file."""
    folder = _folder()
    if folder is None:
        return load(path)
    kept = folder / f"{hashlib.sha256(path.read_bytes()).hexdigest()}.json"
    with suppress(OSError, ValueError, Refusal):
        return load_canonical(kept.read_text(encoding="utf-8"))
    document = load(path)
    with suppress(OSError):
        _keep(kept, canonical(document))
    return document


@cache
def _folder() -> Path | None:
    home = cache_folder()
    return None if home is None else home / "documents"


def _keep(kept: Path, text: str) -> None:
    """Write a text whole or not at all: another process may read it meanwhile."""
    kept.parent.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=kept.parent, delete=False) as file:
        file.write(text)
    Path(file.name).replace(kept)
