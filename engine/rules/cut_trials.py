"""Cut-offs that a what-if tries: both sides of each moved, and the proof that no pupil is left out."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from engine.errors import Problem
from engine.rules.assignment import covering_problems
from engine.rules.cut_offs import (
    FROM,
    TO,
    End,
    Ranges,
    cut_at,
    cut_of,
    ends_at_cut,
    range_with_cuts,
    value_of,
)
from engine.rules.document import RuleSet
from engine.rules.inputs import Input
from engine.rules.number_kinds import CONDITIONS, STEPS
from engine.rules.paths import Paths
from engine.rules.row_names import WHEN
from engine.rules.trials import Replaced
from engine.rules.yaml_source import Path

TARIFF = ("band_profile", "tariff")


class _Rows(NamedTuple):
    """The rows that a range is one of: their path, how they read, and where the range is among them."""

    path: Path
    rows: list[Ranges]
    end: End

    def path_of(self, end: End) -> Path:
        """Return the path of an end of any of the rows."""
        if self.path == STEPS and end.input == Input.points:
            return (*self.path, end.row, end.side)
        row: Path = () if self.path[-1] in CONDITIONS else (end.row, WHEN)
        return (*self.path, *row, end.input, end.choice, end.side)


class MovedEnds(NamedTuple):
    """The ends that one cut-off moves, which is of the first: ``rows`` are those that it is among, at ``path``."""

    path: Path
    rows: list[Ranges]
    ends: list[End]


class CutTrials:
    """The cut-offs that one what-if moves; each range is put together once all are known."""

    def __init__(self, paths: Paths, bands: Sequence[str]) -> None:
        """Keep the document's paths, and the names of its bands from the lowest."""
        self._paths, self._bands = paths, bands
        self._cuts: dict[tuple[Path, int, str, int], dict[str, int]] = defaultdict(dict)
        self._ranges: dict[tuple[Path, int, str, int], _Rows] = {}

    def __bool__(self) -> bool:
        """Return whether any cut-off is tried."""
        return bool(self._cuts)

    def ends(self, path: Path) -> MovedEnds:
        """Return all ends that the cut-off at a path moves."""
        rows = self._rows(path)
        return MovedEnds(rows.path, rows.rows, ends_at_cut(rows.rows, rows.end, self._bands))

    def add(self, path: Path, value: str) -> dict[Path, Replaced]:
        """Move a cut-off to a value, with all that meet there, and return what that replaces, by its path.

        ``ValueError`` says what is wrong with the value.
        """
        rows = self._rows(path)
        end = rows.end
        cut = cut_at(end.input, end.side, value)
        published = cut_of(rows.rows[end.row], end, self._bands)
        ends = ends_at_cut(rows.rows, end, self._bands)
        for one in ends:
            key = (rows.path, one.row, one.input, one.choice)
            self._cuts[key][one.side] = cut
            self._ranges[key] = rows
        return {
            path: Replaced(
                self._paths.name(path),
                value_of(one.input, one.side, published),
                None,
                value_of(one.input, one.side, cut),
            )
            for path, one in zip(map(rows.path_of, ends), ends, strict=True)
        }

    def put(self, changes: dict[Path, Any]) -> dict[Path, str]:
        """Put every range among the changes of a document; return the ends of a range of which nothing is left, with a sentence."""
        wrong: dict[Path, str] = {}
        for key, cuts in self._cuts.items():
            rows, (_, at, name, choice) = self._ranges[key], key
            row = rows.rows[at]
            text = range_with_cuts(row, name, choice, cuts, self._bands)
            ends = {side: rows.path_of(End(at, name, choice, side)) for side in cuts}
            if text is None:
                of = self._paths.name(next(iter(ends.values()))).rpartition(".")[0]
                sentence = f"leaves nothing of {of}, which is {row[name][choice]}"
                wrong |= dict.fromkeys(ends.values(), sentence)
            elif rows.path == STEPS and name == Input.points:
                least, most = (int(one) for one in (text.split("-") * 2)[:2])
                changes[(*STEPS, at, FROM)], changes[(*STEPS, at, TO)] = least, most
            else:
                changes[next(iter(ends.values()))[:-1]] = text
        return wrong

    def _rows(self, path: Path) -> _Rows:
        """Return the rows of which one has the end at a path, each with all that decides whom it holds for."""
        if path[:-2] == STEPS:
            return _Rows(STEPS, self._steps(), End(int(path[-2]), Input.points, 0, str(path[-1])))
        where, (name, choice, side) = path[:-3], path[-3:]
        end = End(0, str(name), int(choice), str(side))
        if where[-1] != WHEN:
            return _Rows(where, [self._paths.at(where)], end)
        rows, end = where[:-2], end._replace(row=int(where[-2]))
        if rows == STEPS:
            return _Rows(STEPS, self._steps(), end)
        banded = rows[: len(TARIFF)] == TARIFF
        return _Rows(rows, [_ranges(one, banded=banded) for one in self._paths.at(rows)], end)

    def _steps(self) -> list[Ranges]:
        return [
            {**one.get(WHEN, {}), Input.points.value: [f"{one[FROM]}-{one[TO]}"]}
            for one in self._paths.at(STEPS)
        ]


def gaps(published: RuleSet, tried: RuleSet) -> list[Problem]:
    """Return what bands leave open that they cover as published."""
    before, after = published.band_profile, tried.band_profile
    return [] if before is None or after is None else covering_problems(after, before)


def _ranges(row: Mapping[str, Any], *, banded: bool) -> Ranges:
    """Return the conditions of a row; a price's band is one of them, a band that follows is none."""
    band = {Input.band.value: [row["band"]]} if banded and "band" in row else {}
    return {**row.get(WHEN, {}), **band}
