"""Where two rule sets differ: rows of a list are matched by what names them, not by their place in it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from engine.export.rule_values import values_in_force
from engine.rows import Rows, Shape
from engine.rules.document import RuleSet
from engine.rules.number_kinds import CONDITIONS
from engine.rules.paths import Paths
from engine.rules.row_names import selectors_of
from engine.rules.values import DatedValue, dated_values
from engine.rules.yaml_source import Path
from engine.rules.yaml_source import place as dotted
from engine.vocabulary import weakest

DESCRIPTIVE = {"identifier", "version", "title", "about", "sources", "standing", "label", "note"}
"""Fields of a document that describe something and have no value."""

DIFFERENCE = {
    "place": Shape.text,
    "before": Shape.text,
    "after": Shape.text,
    "standing": Shape.text,
}
FEW = 5
"""Rows in another order that a difference names."""


class _Leaf(NamedTuple):
    """What one place has: in words, with the least standing of its values."""

    words: str | None
    standing: str | None


NOTHING = _Leaf(None, None)
EARLIER = "earlier document"
"""Before the path of a place that the earlier document has alone."""


def difference_rows(before: RuleSet, after: RuleSet, day: date | None = None) -> Rows:
    """Return one row a place where two rule sets differ, each on ``day`` or over its own year.

    A place is named as what-ifs name it, in ``after`` where it has it. A row of a list is the same in both where its
    band, conditions and other names are; else where its short name is, or all its values are. Rows that both
    have and that are in another order are a difference of the list.
    """
    old, new = Paths(before), Paths(after)
    matched = dict(_matched(old.values, new.values, (), ()))
    lists = {one[:-1] for one in matched}
    earlier, now = _leaves(before, old, day), _leaves(after, new, day)
    # The places of both by their path in the later document, those of the earlier one alone by their own.
    paths = {_path_in(matched, lists, path) or (EARLIER, *path): path for path in earlier}
    was = {to: earlier[path] for to, path in paths.items()}
    records: list[dict[str, str | int | None]] = [
        {
            "place": old.name(paths[place]) if place not in now else new.name(place),
            "before": was.get(place, NOTHING).words,
            "after": now.get(place, NOTHING).words,
            "standing": now.get(place, NOTHING).standing,
        }
        for place in (*was, *(one for one in now if one not in was))
        if was.get(place, NOTHING).words != now.get(place, NOTHING).words
    ]
    return Rows.of_records("differences", DIFFERENCE, [*records, *_orders(new, matched)])


def _matched(old: Any, new: Any, was: Path, now: Path) -> Iterator[tuple[Path, Path]]:
    """Yield the path in the earlier document of each row of a list that the later one has too, with its path there."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in old.keys() & new.keys():
            yield from _matched(old[key], new[key], (*was, key), (*now, key))
    elif _has_rows(old) and _has_rows(new):
        for at, to in _pairs(old, new):
            yield (*was, at), (*now, to)
            yield from _matched(old[at], new[to], (*was, at), (*now, to))


def _has_rows(part: Any) -> bool:
    """Return whether a list has rows that may be named; dated values are none of them."""
    is_list = isinstance(part, list)
    return is_list and all(isinstance(one, Mapping) and "from" not in one for one in part)


def _pairs(old: list[Any], new: list[Any]) -> Iterator[tuple[int, int]]:
    """Yield the rows that two lists both have: those of the same names, of the same first name, of the same values."""
    left, right = dict(enumerate(old)), dict(enumerate(new))
    ways: tuple[Callable[[Any], Hashable], ...] = (_every_name, _first_name, _content)
    for way in ways:
        theirs = defaultdict(list)
        for to, row in right.items():
            theirs[way(row)].append(to)
        # Of several rows with one first name none says which it is.
        mine = Counter(way(row) for row in left.values())
        for at, row in list(left.items()):
            found = theirs[way(row)]
            if not found or (way is _first_name and (len(found) > 1 or mine[way(row)] > 1)):
                continue
            to = found.pop(0)
            del left[at], right[to]
            yield at, to


def _every_name(row: Any) -> Hashable:
    return tuple((one.key, one.whole) for one in selectors_of(row))


def _first_name(row: Any) -> Hashable:
    return next(((one.key, one.whole) for one in selectors_of(row)), None)


def _content(row: Any) -> Hashable:
    """Return what a row has, but for what describes it."""
    if isinstance(row, Mapping):
        held = ((key, _content(row[key])) for key in sorted(row) if key not in DESCRIPTIVE)
        return tuple(held)
    return tuple(map(_content, row)) if isinstance(row, list) else row


def _path_in(matched: Mapping[Path, Path], lists: set[Path], path: Path) -> Path | None:
    """Return where the later document has a place of the earlier one, None where it has no such row."""
    here: Path = ()
    for length, part in enumerate(path, start=1):
        own = path[:length]
        if own in matched:
            here = matched[own]
        elif own[:-1] in lists:
            return None
        else:
            here = (*here, part)
    return here


def _orders(new: Paths, matched: Mapping[Path, Path]) -> Iterator[dict[str, str | int | None]]:
    """Yield each list of which the rows that both documents have are in another order."""
    lists: dict[Path, list[tuple[int, int]]] = defaultdict(list)
    for was, now in matched.items():
        lists[now[:-1]].append((int(was[-1]), int(now[-1])))
    for path, pairs in lists.items():
        earlier = [to for _, to in sorted(pairs)]
        later = sorted(earlier)
        moved = [at for at, two in enumerate(zip(earlier, later, strict=True)) if two[0] != two[1]]
        if moved:
            part = slice(moved[0], moved[-1] + 1)
            words = [_ordered(new, path, held[part]) for held in (earlier, later)]
            yield {"place": new.name(path), "before": words[0], "after": words[1], "standing": None}


def _ordered(names: Paths, path: Path, rows: Sequence[int]) -> str:
    """Return the first rows in their order, by name."""
    start = len(names.name(path)) + 1
    first = ", then ".join(names.name((*path, one))[start:] for one in rows[:FEW])
    return f"{first} and {len(rows) - FEW} more" if len(rows) > FEW else first


def _leaves(document: RuleSet, paths: Paths, day: date | None) -> dict[Path, _Leaf]:
    """Return the content of each place: values in force with their standing, and other text."""
    dated = {dotted(path[:-1]): path[:-1] for path, _ in dated_values(document)}
    leaves: dict[Path, _Leaf] = {}
    _gather(paths.values, (), set(dated.values()), leaves)
    held = values_in_force(document, document.in_force(day))
    return leaves | {dated[place]: _words(values) for place, values in held.items()}


def _words(values: Sequence[DatedValue]) -> _Leaf:
    """Return the values of one place with the days from which those within the year begin, and the least standing."""
    first, *later = values
    words = "; ".join(
        [first.value, *(f"{one.value} from {one.from_.isoformat()}" for one in later)]
    )
    found = weakest(values)
    return _Leaf(words, None if found is None else found.value)


def _as_list(part: object) -> list[object]:
    return part if isinstance(part, list) else [part]


def _gather(part: object, path: Path, dated: set[Path], leaves: dict[Path, _Leaf]) -> None:
    if path in dated:
        return
    if isinstance(part, dict):
        for key in (key for key in part if key not in DESCRIPTIVE):
            _gather(part[key], (*path, key), dated, leaves)
    elif path[-2:-1] and path[-2] in CONDITIONS:
        leaves[path] = _Leaf(", ".join(map(str, _as_list(part))), None)
    elif isinstance(part, list):
        for at, one in enumerate(part):
            _gather(one, (*path, at), dated, leaves)
    else:
        leaves[path] = _Leaf(str(part), None)
