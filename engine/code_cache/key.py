"""By what an entry is found: a digest of everything that decides how a file of pupils is read and laid out."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from datetime import date
from enum import Enum
from functools import cache

import polars as pl

from engine.data import FIXTURES
from engine.source import source_digest

FORMAT = 1
"""The form of entries: it rises when their arrays or what they mean change."""


def key_of(**parts: object) -> str:
    """Return the digest of values, of the engine's source, its lists of codes, and the library that reads files."""
    plain = {name: _plain(one) for name, one in parts.items()}
    text = json.dumps([FORMAT, _reader(), plain], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _reader() -> list[str]:
    """Return what reads: the engine by its source, the columns with it, the lists of codes, and polars."""
    codes = hashlib.sha256()
    for path in sorted((FIXTURES / "codes").iterdir()):
        codes.update(path.name.encode() + b"\0" + path.read_bytes())
    return [source_digest(), codes.hexdigest(), pl.__version__]


def _plain(value: object) -> object:
    """Return a value as JSON writes it, the same in every process; raises ``TypeError`` for what has no such form."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.fields(value)
        return {one.name: _plain(getattr(value, one.name)) for one in fields}
    if isinstance(value, Enum):
        return [type(value).__name__, value.name]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return sorted(([_plain(key), _plain(one)] for key, one in value.items()), key=json.dumps)
    if isinstance(value, set | frozenset):
        return sorted((_plain(one) for one in value), key=json.dumps)
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, str | int | float):
        return value
    message = f"a {type(value).__name__} is no part of a key"
    raise TypeError(message)
