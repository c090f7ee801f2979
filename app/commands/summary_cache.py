"""Published rule documents read once: their summaries are kept beside the compiled kernels.

The folder is named by the engine's source, and a summary by the bytes of its file, and of those that it names: neither can be out
of date. Where nothing can be kept, or what is kept cannot be read, the file itself is read.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import cast

from app.commands.exits import about
from engine.cache_files import write_cache_file
from engine.errors import Refusal
from engine.input_file import MOST_DOCUMENT_BYTES, read_input
from engine.jit import cache_folder
from engine.rules.folder import content_digest
from engine.rules.summary import Summary, summary


def summaries(paths: Iterable[Path]) -> Iterator[Summary]:
    """Yield the summary of each rule document, or raise a refusal that names its file."""
    folder = _folder()
    for path in paths:
        yield _summary(path, folder)


def readable_summaries(paths: Iterable[Path]) -> Iterator[Summary]:
    """Yield the summary of each rule document that can be read, and pass over the others."""
    folder = _folder()
    for path in paths:
        with suppress(Refusal, OSError, UnicodeDecodeError):
            yield _summary(path, folder)


def _folder() -> Path | None:
    """Return where summaries are kept, or None where nothing can be; finding it reads the engine's source."""
    home = cache_folder()
    return None if home is None else home / "summaries"


def _summary(path: Path, folder: Path | None) -> Summary:
    with about(path):
        content, source = read_input(path, MOST_DOCUMENT_BYTES)
    read_from = content_digest(path, content, source.sha256)
    file = None if folder is None else folder / f"{read_from}.json"
    found = None if file is None else _cached(file)
    if found is not None:
        return found
    from engine.rules import load_rule_file

    with about(path):
        made = summary(load_rule_file(path))
    if file is not None:
        with suppress(OSError):
            _keep(file, json.dumps(made))
    return made


def _cached(path: Path) -> Summary | None:
    """Return the summary in a file, or None where the file has none."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    if not isinstance(found, dict) or found.keys() != Summary.__required_keys__:
        return None
    return cast("Summary", found)


def _keep(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    write_cache_file(path, lambda file: file.write(text.encode()))
