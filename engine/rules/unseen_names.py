"""Names of a rule document with a character that no reader sees: two bands that look alike would be two.

The texts that people read and nothing is found by, such as titles and notes, may have any.
"""

from collections.abc import Iterator

from engine.errors import Problem
from engine.rules.yaml_source import Path, YamlSource, place
from engine.unseen_characters import as_seen, unseen_at

FOR_PEOPLE = {"title", "about", "note", "where", "publisher"}
"""Fields of text that nothing is found by."""

Plain = object


def without_unseen(source: YamlSource, raw: Plain) -> Plain:
    """Return a document as its reader sees it, and add each name and text that differs from it to the problems of ``source``."""
    if not any(True for _ in _unseen(raw, ())):
        return raw
    for path, text in _unseen(raw, ()):
        seen = tuple(as_seen(one) if isinstance(one, str) else one for one in path)
        sentence = f"has a character that cannot be seen ({unseen_at(text)}); {_way_out(text)}"
        line = source.line_of(path)
        source.problems.append(
            Problem(sentence, "invisible-character", place=place(seen), line=line)
        )
    source.lines |= {
        tuple(as_seen(one) if isinstance(one, str) else one for one in path): line
        for path, line in source.lines.items()
    }
    return _as_seen(raw, ())


def _way_out(text: str) -> str:
    within = len(as_seen(text).strip()) == len(text)
    return "write a plain space in its place" if within else "delete it"


def _unseen(part: Plain, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield each name of a field and each text that has such a character, with its place."""
    if isinstance(part, dict):
        for name, one in part.items():
            here = (*path, name)
            if isinstance(name, str) and unseen_at(name):
                yield here, name
            yield from _unseen(one, here)
    elif isinstance(part, list | tuple):
        for at, one in enumerate(part):
            yield from _unseen(one, (*path, at))
    elif isinstance(part, str) and not _is_for_people(path) and unseen_at(part):
        yield path, part


def _as_seen(part: Plain, path: Path) -> Plain:
    if isinstance(part, dict):
        return {
            as_seen(name) if isinstance(name, str) else name: _as_seen(one, (*path, name))
            for name, one in part.items()
        }
    if isinstance(part, list | tuple):
        return [_as_seen(one, (*path, at)) for at, one in enumerate(part)]
    if isinstance(part, str) and not _is_for_people(path) and unseen_at(part):
        return as_seen(part).strip()
    return part


def _is_for_people(path: Path) -> bool:
    return bool(path) and path[-1] in FOR_PEOPLE
