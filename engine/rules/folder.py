"""The rule documents of a folder: found by identifier, without reading every one of them whole."""

import difflib
import hashlib
import re
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from engine.errors import FileRefused
from engine.input_file import MOST_DOCUMENT_BYTES, read_input

IDENTIFIER = re.compile(r"""^identifier:\s*["']?([a-z0-9-]+)["']?\s*$""", re.MULTILINE)
TABLES = re.compile(rb"""\btable:\s*["']?([A-Za-z0-9][A-Za-z0-9_. \-]{0,80}\.csv)""")
"""The names of files with tables of values in the text of a document, and maybe in a comment of it."""

ENDINGS = {".yaml", ".yml"}


def rule_files(folder: Path) -> list[Path]:
    """Return the rule documents of a folder and the folders in it, in the order of their names."""
    return sorted(folder.rglob("*.yaml"))


def files_by_identifier(folder: Path) -> dict[str, list[Path]]:
    """Return the files of each rule set: one for each of its versions."""
    files: dict[str, list[Path]] = {}
    for path in rule_files(folder):
        found = IDENTIFIER.search(_text(path))
        if found:
            files.setdefault(found[1], []).append(path)
    return files


def _text(path: Path) -> str:
    """Return the text of a file; one that cannot be read is refused as a rule set."""
    try:
        return read_input(path, MOST_DOCUMENT_BYTES)[0].decode(errors="replace")
    except (FileRefused, OSError):
        return ""


def content_digest(path: Path, content: bytes, sha256: str) -> str:
    """Return a digest of what a document of a file is read from: its own text, and the files that it names."""
    names = sorted(set(TABLES.findall(content)))
    if not names:
        return sha256
    whole = hashlib.sha256(sha256.encode())
    for name in names:
        with suppress(OSError, FileRefused):
            whole.update(read_input(path.parent / name.decode(), MOST_DOCUMENT_BYTES)[0])
    return whole.hexdigest()


def names_file(name: str) -> bool:
    """Return whether a name is the path of a rule document rather than an identifier."""
    path = Path(name)
    return path.suffix in ENDINGS or path.parent != Path()


def not_published(name: str, known: Collection[str]) -> str:
    """Return the sentence that refuses an identifier, with those that hold it or are spelled nearly so."""
    part = name.casefold()
    holding = [one for one in sorted(known) if part and part in one]
    near = holding[:3] or difflib.get_close_matches(part, known, n=3)
    hint = f"; did you mean {' or '.join(near)}" if near else ""
    return f"no published rule set is called {name!r}{hint}"
