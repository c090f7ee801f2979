"""Rule sets as rows: their values in force on a day, and where two rule sets differ."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from engine.rows import Rows, Shape
from engine.rules.document import RuleSet
from engine.rules.in_force import InForce, begins_within
from engine.rules.number_kinds import Kind
from engine.rules.paths import Paths
from engine.rules.summary import Summary
from engine.rules.values import DatedValue, dated_values
from engine.rules.yaml_source import place as dotted

VALUE = {"place": Shape.text, "value": Shape.text, "from": Shape.text, "source": Shape.text,
         "standing": Shape.text, "note": Shape.text}  # fmt: skip
PATH = {"path": Shape.text, "kind": Shape.text, "value": Shape.text, "from": Shape.text,
        "standing": Shape.text}  # fmt: skip
RULE_SETS = {"identifier": Shape.text, "version": Shape.whole, "title": Shape.text, "la": Shape.text,
          "funding_year": Shape.text, "first": Shape.text, "last": Shape.text, "standing": Shape.text,
          "values": Shape.text, "digest": Shape.text}  # fmt: skip


class ValueOnDay(NamedTuple):
    """A value of a document in force on a day, or the day from which it is given.

    begins  its first day, where it is within the days that were asked for
    """

    place: str
    dated: DatedValue | None
    later: date | None
    begins: date | None = None


class Number(NamedTuple):
    """A number of a document that can be tried: its path with rows by name, and its date and source if it has them.

    place   the same path with rows by number, from 0
    changes whether its value has several dates, of which this is one
    """

    path: str
    kind: Kind
    value: str | None
    dated: DatedValue | None
    place: str
    changes: bool


def values_on(document: RuleSet, now: InForce) -> Iterator[ValueOnDay]:
    """Yield every value of a document that is in force on some of the days, in the document's order."""
    series: dict[str, list[DatedValue]] = {}
    for path, value in dated_values(document):
        series.setdefault(dotted(path[:-1]), []).append(value)
    for place, values in series.items():
        held = now.values(tuple(values))
        if not held:
            yield ValueOnDay(place, None, values[0].from_)
        for one in held:
            begins = one.from_ if begins_within(one, now.first, now.last) else None
            yield ValueOnDay(place, one, None, begins)


def values_in_force(document: RuleSet, now: InForce) -> dict[str, list[DatedValue]]:
    """Return the values that are in force on some of the days by place, in the order of the document."""
    held: dict[str, list[DatedValue]] = {}
    for one in values_on(document, now):
        if one.dated is not None:
            held.setdefault(one.place, []).append(one.dated)
    return held


def place_names(document: RuleSet) -> dict[str, str]:
    """Return the path of each dated value with rows by name, as what-ifs take it, by its place with rows by number."""
    paths = Paths(document)
    places = dict.fromkeys(path[:-1] for path, _ in dated_values(document))
    return {dotted(path): paths.name(path) for path in places}


def value_rows(document: RuleSet, day: date | None = None) -> Rows:
    """Return one row a value in force on ``day``, or on any day of the year, with its source and standing."""
    names = place_names(document)
    return Rows.of_records(
        "values",
        VALUE,
        [
            {
                "place": names[place],
                "value": given.value,
                "from": given.from_.isoformat(),
                "source": document.sources[given.source].title,
                "standing": given.standing.value,
                "note": given.note,
            }
            for place, held in values_in_force(document, document.in_force(day)).items()
            for given in held
        ],
    )


def numbers_of(document: RuleSet) -> Iterator[Number]:
    """Yield every number that a what-if can try, in the document's order; a dated value for each of its dates."""
    paths = Paths(document)
    series: dict[tuple[str | int, ...], list[DatedValue]] = {}
    for path, value in dated_values(document):
        series.setdefault(path[:-1], []).append(value)
    for path, kind in paths.every():
        name = paths.name(path)
        if kind is Kind.dated:
            values, changes = series[path], len(series[path]) > 1
            yield from (Number(name, kind, one.value, one, dotted(path), changes) for one in values)
        else:
            yield Number(name, kind, paths.number_of(path), None, dotted(path), changes=False)


def path_rows(document: RuleSet) -> Rows:
    """Return one row for each number that a what-if can try, by its path."""
    return Rows.of_records(
        "paths",
        PATH,
        [
            {
                "path": one.path,
                "kind": one.kind.value,
                "value": one.value,
                "from": None if one.dated is None else one.dated.from_.isoformat(),
                "standing": None if one.dated is None else one.dated.standing.value,
            }
            for one in numbers_of(document)
        ],
    )


def rule_set_rows(summaries: Sequence[Summary]) -> Rows:
    """Return one row a rule set: what it is, where and when it applies, what it values."""
    rows: list[dict[str, Any]] = [dict(one) for one in summaries]
    return Rows.of_records(
        "rule_sets", RULE_SETS, [{name: row[name] for name in RULE_SETS} for row in rows]
    )
