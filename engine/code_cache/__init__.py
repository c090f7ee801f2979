"""Pupils that were read and laid out before, kept in files that are mapped into memory: no keys, codes alone.

Off unless a folder is named. ``docs/run-a-batch.md`` says what is kept, and for how long.
"""

from engine.code_cache.folder import DAYS, CodeCache, Entry, FolderRefused, code_cache
from engine.code_cache.reading import PupilReading, read_pupils

__all__ = [
    "DAYS",
    "CodeCache",
    "Entry",
    "FolderRefused",
    "PupilReading",
    "code_cache",
    "read_pupils",
]
