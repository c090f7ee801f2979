"""The control totals of a table of results: how many rows it has, and the exact sum of each column of money, pupils or counts.

They are worked out from the rows that are written and from nothing else, so that they can be worked out again from the file, and they say
nothing that the file does not say: what a publication hides is text in its cells, and text has no sum. Columns that name a row (authority, URN,
year) and percentages have none either.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from engine.export.cell_text import guarded
from engine.export.content import ContentDigest
from engine.rows import Rows, Shape

COUNTS = frozenset({"number", "pupils", "winners", "losers", "unchanged", "not_known"})
"""The columns of whole numbers that count; others name a row."""

CANDIDATE = "candidate"
MOST_CANDIDATES = 1_000
"""Candidates beyond which a manifest has the sums of all of them together alone."""

_PART = 2**32
"""Sums are of the upper and lower parts of numbers, as that of the numbers may not fit into 64 bits."""

Record = Mapping[str, Any]


class ControlTotals:
    """Sums rows, piece by piece; ``record`` is what a manifest says of all of them."""

    def __init__(self, shapes: Mapping[str, Shape]) -> None:
        self._shapes = dict(shapes)
        self.columns = summed_columns(shapes)
        self._all = _Sums(self.columns)
        self._by_candidate: dict[str, _Sums] | None = {} if CANDIDATE in shapes else None

    @classmethod
    def of(cls, rows: Rows) -> "ControlTotals":
        """Return the control totals of rows that are there whole."""
        found = cls(rows.shapes)
        found.add(rows)
        return found

    def add(self, rows: Rows) -> None:
        """Add the next rows."""
        sums = self._sums()
        self._all.add(rows.frame.select(sums).row(0, named=True))
        if self._by_candidate is None or not len(rows):
            return
        named = guarded(rows.frame, {CANDIDATE: self._shapes[CANDIDATE]})
        key = pl.col(CANDIDATE).cast(pl.String).fill_null("")
        for each in named.group_by(key, maintain_order=True).agg(sums).iter_rows(named=True):
            candidate = each[CANDIDATE]
            if candidate not in self._by_candidate:
                self._by_candidate[candidate] = _Sums(self.columns)
            self._by_candidate[candidate].add(each)
        if len(self._by_candidate) > MOST_CANDIDATES:
            self._by_candidate = None

    def record(self) -> dict[str, Any]:
        """Return the number of rows, and of each column the sum as text and how many cells have no number; the same by candidate."""
        found = self._all.record(self._shapes)
        if self._by_candidate is not None:
            found["by_candidate"] = {
                name: one.record(self._shapes) for name, one in self._by_candidate.items()
            }
        return found

    def _sums(self) -> list[pl.Expr]:
        parts = [pl.len().alias("rows of all")]
        for name in self.columns:
            held = pl.col(name)
            parts += [
                (held // _PART).sum().alias(f"{name} upper"),
                (held % _PART).sum().alias(f"{name} lower"),
                held.null_count().cast(pl.Int64).alias(f"{name} empty"),
            ]
        return parts


class _Sums:
    """The number of rows, and of each column the sum and the number of cells without one."""

    def __init__(self, columns: list[str]) -> None:
        self.rows = 0
        self.sums = dict.fromkeys(columns, 0)
        self.empty = dict.fromkeys(columns, 0)

    def add(self, found: Mapping[str, Any]) -> None:
        self.rows += found["rows of all"]
        for name in self.sums:
            self.sums[name] += found[f"{name} upper"] * _PART + found[f"{name} lower"]
            self.empty[name] += found[f"{name} empty"]

    def record(self, shapes: Mapping[str, Shape]) -> dict[str, Any]:
        columns = {
            name: {
                # A sum of no numbers is none: it is not 0.
                "sum": None if self.empty[name] == self.rows else _text(total, shapes[name]),
                "empty": self.empty[name],
            }
            for name, total in self.sums.items()
        }
        return {"rows": self.rows, "columns": columns}


def about_rows(digest: ContentDigest, control: ControlTotals) -> dict[str, Any]:
    """Return what a manifest says of the rows of its file: their digest and control totals."""
    return {"content": digest.record(), "control_totals": control.record()}


def summed_columns(shapes: Mapping[str, Shape]) -> list[str]:
    """Return the names of the columns that have a control total."""
    return [
        name
        for name, shape in shapes.items()
        if shape in (Shape.pounds, Shape.units) or (shape is Shape.whole and name in COUNTS)
    ]


def disagreements(stated: Record, found: Record) -> Iterator[str]:
    """Yield in words which control totals of a manifest are not those that were found, of all rows and then by candidate."""
    yield from _differences(stated, found, "")
    ours, theirs = stated.get("by_candidate") or {}, found.get("by_candidate") or {}
    for name in ours.keys() | theirs.keys() if ours.keys() != theirs.keys() else ours:
        of = f" of candidate {name}"
        yield from _differences(ours.get(name) or {}, theirs.get(name) or {}, of)


def _differences(stated: Record, found: Record, of: str) -> Iterator[str]:
    if stated.get("rows") != found.get("rows"):
        yield f"rows{of}: {_figure(stated.get('rows'))} by the manifest, {_figure(found.get('rows'))} here"
    ours, theirs = stated.get("columns") or {}, found.get("columns") or {}
    for name in dict.fromkeys([*ours, *theirs]):
        one, other = ours.get(name) or {}, theirs.get(name) or {}
        if one.get("sum") != other.get("sum"):
            yield f"total of {name}{of}: {_figure(one.get('sum'))} by the manifest, {_figure(other.get('sum'))} here"
        if one.get("empty") != other.get("empty"):
            yield (
                f"cells of {name}{of} without a number: {_figure(one.get('empty'))} by the manifest, "
                f"{_figure(other.get('empty'))} here"
            )


def _figure(value: object) -> str:
    return "none" if value is None else str(value)


def _text(total: int, shape: Shape) -> str:
    """Return a sum of whole pence, millionths or counts as plain decimal text."""
    if shape.scale == 1:
        return str(total)
    places = len(str(shape.scale)) - 1
    return f"{Decimal(total).scaleb(-places):f}"
