"""Anchors of the audit as small files: to be kept where the owner of the database cannot write."""

import json
from pathlib import Path

from app.audit.service import Anchor
from engine.days import day_of
from engine.errors import FileRefused, Problem
from engine.input_file import read_input

MOST_BYTES = 10_000
MEMBERS = frozenset({"day", "seq", "hash"})
NOT_AN_ANCHOR = "the file is no anchor of the audit: give one that evenband audit anchor wrote"


def file_of(anchor: Anchor) -> tuple[str, bytes]:
    """Return the name of an anchor's file, which is its day, and the content."""
    day = anchor.day.isoformat()
    text = json.dumps({"day": day, "seq": anchor.seq, "hash": anchor.hash}, indent=2)
    return f"audit-{day}.json", f"{text}\n".encode()


def keep_anchor(folder: Path, anchor: Anchor) -> None:
    """Write an anchor into a folder: under its day, or under day and number where the day has another already.

    A file that is there is never written again, so that the folder may be one that only takes new files.
    """
    name, content = file_of(anchor)
    path = folder / name
    if path.exists():
        if path.read_bytes() == content:
            return
        path = path.with_stem(f"{path.stem}-{anchor.seq}")
    if not path.exists():
        with path.open("xb") as file:
            file.write(content)


def anchor_files(path: Path) -> list[Path]:
    """Return the anchors in a folder in the order of their names, or the file itself."""
    return sorted(path.glob("audit-*.json")) if path.is_dir() else [path]


def read_anchor(path: Path) -> Anchor:
    """Return the anchor in a file; ``FileRefused`` where it holds none."""
    content, _ = read_input(path, MOST_BYTES)
    try:
        found = json.loads(content)
        day, seq, hashed = (found[name] for name in ("day", "seq", "hash"))
        anchor = Anchor(day_of(day), seq, hashed)
    except (ValueError, TypeError, KeyError):
        raise FileRefused([Problem(NOT_AN_ANCHOR, "anchor")]) from None
    if found.keys() != MEMBERS or type(seq) is not int or not isinstance(hashed, str):
        raise FileRefused([Problem(NOT_AN_ANCHOR, "anchor")])
    return anchor
