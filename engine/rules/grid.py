"""Rows of conditions as one grid: every combination of values leads to one row or to none.

Labels, points and decision tables all compile to this form. Each input's values fall
into slots between the edges that rows name; slot 0 is "not supplied". The grid holds,
for each combination of slots, the row that decides, -1 where none does, or -2 where a
value that is not supplied would decide.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from engine.authority_codes import authority_codes
from engine.columns import Int, Kind, pupil_column
from engine.errors import Problem, RuleRefused
from engine.money import decimal_of, number, scaled
from engine.rules.bands import HitPolicy
from engine.rules.inputs import CODES, RANGE, SCALES, Input
from engine.rules.yaml_source import first_of
from engine.table_checks import SPELLINGS

NONE, UNSURE = -1, -2
"""No row fits; it depends on a value that is not supplied."""
LARGEST = 4_000_000
"""Slots of a grid."""

MOST_FILLED = 100_000_000
"""Slots that all rows of a grid fill, each row those it fits: half a second of processor."""

DEAREST = 2**31 - 1
"""Pence above which all costs count as equal: more than twenty million pounds."""
Interval = tuple[int, int]
Conditions = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Grid:
    """A compiled list of rows.

    inputs   names of the columns read
    edges    all inputs' edges, ascending within each input, int64
    offsets  (inputs + 1) where each input's edges start
    strides  (inputs) step of each input's slot in ``answers``
    answers  (slots) the deciding row, -1 or -2, int32
    """

    inputs: tuple[str, ...]
    edges: Int
    offsets: Int
    strides: Int
    answers: NDArray[np.int32]
    shape: tuple[int, ...] = ()

    def edge_lists(self) -> list[list[int]]:
        """Return the edges of each input."""
        return [self.edges_of(at) for at in range(len(self.inputs))]

    def edges_of(self, at: int) -> list[int]:
        """Return the edges of one input."""
        return [int(edge) for edge in self.edges[self.offsets[at] : self.offsets[at + 1]]]


def domain(name: str, bands: int) -> Interval:
    """Return the lowest and highest whole number that an input may hold."""
    if name in CODES:
        codes = CODES[Input(name)]
        return min(codes), max(codes)
    if name == Input.band:
        return 0, max(bands - 1, 0)
    column = pupil_column(name)
    if column is None:
        raise KeyError(name)
    return column.lowest, DEAREST if column.kind is Kind.pounds else column.highest


def intervals(name: str, choices: Sequence[str], bands: Sequence[str]) -> list[Interval]:
    """Return the whole-number intervals that a row's choices name; ``ValueError`` says what is wrong."""
    return [_interval(name, choice, bands) for choice in choices]


def _interval(name: str, choice: str, bands: Sequence[str]) -> Interval:
    if name == Input.band:
        if choice not in bands:
            message = f"{choice!r} is not a band of the profile"
            raise ValueError(message)
        return bands.index(choice), bands.index(choice)
    if name in CODES:
        codes = CODES[Input(name)]
        if choice not in codes.__members__:
            message = (
                f"{choice!r} is not a code of {name}; the codes are {', '.join(codes.__members__)}"
            )
            raise ValueError(message)
        return codes[choice], codes[choice]
    if name == Input.la:
        return (_authority(choice),) * 2
    return _range(name, choice, len(bands))


def _authority(choice: str) -> int:
    code = int(choice) if re.fullmatch(r"[0-9]{3}", choice) else 0
    if code not in authority_codes():
        message = f"{choice!r} is not the three-digit code of a local authority in England"
        raise ValueError(message)
    return code


def _range(name: str, choice: str, bands: int) -> Interval:
    for word, year in SPELLINGS.get(name, {}).items():
        choice = re.sub(rf"\b{word}\b", str(year), choice)
    if not re.fullmatch(RANGE, choice):
        message = f"{choice!r} is not a number or a range such as 20-29 or 90+"
        raise ValueError(message)
    lowest, highest = domain(name, bands)
    scale = SCALES.get(name, 1)
    if choice.endswith("+"):
        return _whole(choice[:-1], scale), highest
    cut = choice.find("-", 1)
    first = _whole(choice if cut < 0 else choice[:cut], scale)
    last = first if cut < 0 else _whole(choice[cut + 1 :], scale)
    if not lowest <= first <= last <= highest:
        wrong = "goes from a larger number to a smaller" if first > last else "is out of range"
        message = f"{choice!r} {wrong}; {name} takes a range such as 20-29"
        raise ValueError(message)
    return first, last


def _whole(text: str, scale: int) -> int:
    value = decimal_of(text) * scale
    if value != value.to_integral_value():
        message = f"{text!r} has too many decimal places"
        raise ValueError(message)
    return scaled(Decimal(value), 1)


def build(
    rows: Sequence[Conditions],
    bands: Sequence[str],
    policy: HitPolicy,
    where: str,
    inputs: Sequence[str] | None = None,
) -> Grid:
    """Compile rows to a grid; ``RuleRefused`` names each row (from 1) that is wrong, and how."""
    names = tuple(inputs or sorted({str(name) for row in rows for name in row}))
    named = _row_intervals(rows, names, bands, where)
    edges = [
        _edges(name, [row[name] for row in named if name in row], len(bands)) for name in names
    ]
    shape = tuple(len(one) + 1 for one in edges)
    if math.prod(shape) > LARGEST:
        raise _too_large(where)
    answers = np.full(shape, NONE, np.int32)
    left, overlaps = MOST_FILLED, list[Problem]()
    # Rows of a long table have the same choices of an input over and over.
    known: dict[tuple[int, tuple[Interval, ...] | None], NDArray[np.int64]] = {}
    for row in range(len(named) - 1, -1, -1):
        slots = [
            _known_slots(known, at, edges[at], named[row].get(name))
            for at, name in enumerate(names)
        ]
        left -= math.prod(map(len, slots))
        if left < 0:
            raise _too_large(where)
        target = np.ix_(*slots) if names else ()
        if policy is HitPolicy.unique and np.any(answers[target] > NONE):
            sentence = _overlap(row, answers, target, names, edges)
            overlaps.append(Problem(sentence, "overlap", place=f"{where}.{row}"))
        # A row that might fit, were a value supplied, leaves it open which row decides.
        maybe = [slot if slot[0] == 0 else np.r_[0, slot] for slot in slots]
        answers[np.ix_(*maybe) if names else ()] = UNSURE
        answers[target] = row
    if overlaps:
        raise first_of(overlaps[::-1])
    return frozen_grid(names, edges, shape, answers)


def _too_large(where: str) -> RuleRefused:
    sentence = "has too many combinations of values to check; use fewer inputs, ranges or rows"
    return RuleRefused([Problem(sentence, "too-large", place=where)])


def _overlap(
    row: int,
    answers: NDArray[np.int32],
    target: tuple[NDArray[np.int64], ...],
    names: tuple[str, ...],
    edges: list[list[int]],
) -> str:
    """Return which rows clash, and on what."""
    clash = np.argwhere(answers[target] > NONE)[0]
    slot = [int(axis.reshape(-1)[at]) for axis, at in zip(target, clash, strict=True)]
    other = int(answers[tuple(slot)]) + 1
    words = describe(names, edges, slot)
    return f"rows {row + 1} and {other} both fit {words}; with hit_policy unique only one may"


def _row_intervals(
    rows: Sequence[Conditions], names: tuple[str, ...], bands: Sequence[str], where: str
) -> list[dict[str, list[Interval]]]:
    named: list[dict[str, list[Interval]]] = []
    known: dict[tuple[str, tuple[str, ...]], list[Interval]] = {}
    problems = []
    for at, row in enumerate(rows):
        named.append({})
        for name, choices in row.items():
            if str(name) not in names:
                continue
            try:
                key = str(name), tuple(choices)
                if key not in known:
                    known[key] = intervals(*key, bands)
                named[-1][key[0]] = known[key]
            except ValueError as error:
                problems.append(Problem(str(error), "choice", place=f"{where}.{at}.when.{name}"))
    if problems:
        raise first_of(problems)
    return named


def _known_slots(
    known: dict[tuple[int, tuple[Interval, ...] | None], NDArray[np.int64]],
    at: int,
    edges: list[int],
    choices: list[Interval] | None,
) -> NDArray[np.int64]:
    """Return the slots of an input's choices, looked for once."""
    key = at, None if choices is None else tuple(choices)
    if key not in known:
        known[key] = slots_of(edges, choices)
    return known[key]


def _edges(name: str, used: list[list[Interval]], bands: int) -> list[int]:
    lowest, highest = domain(name, bands)
    cuts = {lowest}
    for choices in used:
        for first, last in choices:
            cuts |= {first, last + 1}
    return sorted(cut for cut in cuts if lowest <= cut <= highest)


def slots_of(edges: list[int], choices: list[Interval] | None) -> NDArray[np.int64]:
    """Return the slots whose values lie in the choices; all, with "not supplied", where nothing is chosen."""
    if choices is None:
        return np.arange(len(edges) + 1)
    starts = np.asarray(edges)
    ends = np.append(starts[1:] - 1, max([last for _, last in choices] + [edges[-1]]))
    inside = np.zeros(len(edges), bool)
    for first, last in choices:
        inside |= (starts <= last) & (ends >= first)
    return np.flatnonzero(inside) + 1


def frozen_grid(
    names: tuple[str, ...],
    edges: list[list[int]],
    shape: tuple[int, ...],
    answers: NDArray[np.int32],
) -> Grid:
    """Return the grid of answers laid out by the slots of the inputs."""
    strides = [int(np.prod(shape[at + 1 :], dtype=object)) for at in range(len(shape))]
    arrays = (
        np.asarray([edge for one in edges for edge in one], np.int64),
        np.cumsum([0, *(len(one) for one in edges)]).astype(np.int64),
        np.asarray(strides, np.int64),
        np.ascontiguousarray(answers.reshape(-1)),
    )
    for array in arrays:
        array.flags.writeable = False
    return Grid(names, *arrays, shape)


def describe(names: Sequence[str], edges: Sequence[list[int]], slot: Sequence[int]) -> str:
    """Return a combination of slots in words, for example ``setting mainstream, score 20-39``."""
    slots = (_slot(name, one, at) for name, one, at in zip(names, edges, slot, strict=True))
    return ", ".join(
        f"{name.replace('_', ' ')} {words}" for name, words in zip(names, slots, strict=True)
    )


def _slot(name: str, edges: list[int], slot: int) -> str:
    if slot == 0:
        return "not supplied"
    first = edges[slot - 1]
    last = edges[slot] - 1 if slot < len(edges) else None
    if name in CODES:
        return CODES[Input(name)](first).name
    scale = SCALES.get(name, 1)
    bounds = [
        number(one, scale) if scale > 1 else str(one) for one in (first, last) if one is not None
    ]
    if last is None:
        return f"{bounds[0]} or more"
    return bounds[0] if first == last else "-".join(bounds)
