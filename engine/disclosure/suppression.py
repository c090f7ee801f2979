"""Which cells beside the small ones are hidden, and what a reader can still work out of each.

A cell of 1 to 5 pupils is hidden. It is safe where it could as well be 1, or 6, for all that is shown: each is
possible exactly where other hidden cells can move against it. The cheapest such cycle of cells is hidden,
cell by cell; then the exact range of every small cell is worked out by flows, and where one is still too
narrow, the cells of the next group beside it are hidden too. Since 0 is shown, a hidden cell holds at least 1.
"""

import heapq
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.columns import Int
from engine.disclosure.groups import Flags, Groups, Mask, Network
from engine.disclosure.profile import DisclosureProfile

EACH = 20
"""What a further hidden cell costs beside its pupils: few cells first, then few pupils."""

OF_ALL = 1_000_000
"""What it costs to hide a total of all pupils, which every table shows."""

NEVER = 1 << 60
Links = list[list[tuple[int, int, int]]]
"""For each place, the places that a change moves on to: the place, the arc, 1 where the arc's cell rises and -1 where it falls."""


class Range(NamedTuple):
    """The least and the greatest that a hidden cell may be, for all that is shown; ``most`` None where nothing bounds it."""

    least: int
    most: int | None


def masks_of(groupings: Sequence[Groups], profile: DisclosureProfile) -> list[Mask]:
    """Return what is hidden of some groupings of the same pupils, which have the same totals.

    A total that one grouping hides is hidden in all: else it could be read there.
    """
    networks = [Network.of(one) for one in groupings]
    hides = [np.zeros(len(one.value), bool) for one in networks]
    shared = np.zeros(groupings[0].parts.shape[1] + 1, bool)
    while True:
        for network, hidden in zip(networks, hides, strict=True):
            hidden[-len(shared) :] |= shared
            _protect(network, hidden, len(shared), profile)
        together = np.logical_or.reduce([one[-len(shared) :] for one in hides])
        if np.array_equal(together, shared):
            pairs = zip(networks, hides, groupings, strict=True)
            return [network.mask(hidden, one) for network, hidden, one in pairs]
        shared = together


def common_mask(
    tables: Sequence[Groups], profile: DisclosureProfile, first: Sequence[Mask] = ()
) -> Mask:
    """Return what is hidden of the same groups in some tables alike: what one hides, all hide.

    ``first`` is hidden at least, as where the same tables are published elsewhere. A number that differs by
    1 to ``most`` from the same number of another table is hidden too: the difference is a number of pupils.
    """
    networks = [Network.of(one) for one in tables]
    hidden = np.zeros(len(networks[0].value), bool)
    for mask in first:
        hidden |= flags_of(mask)
    values = np.stack([one.value for one in networks])
    ordered = np.sort(values, axis=0)
    apart = np.diff(ordered, axis=0)
    near = ((apart > 0) & (apart <= profile.most)).any(axis=0)
    hidden |= near
    totals = tables[0].parts.shape[1] + 1
    while True:
        before = hidden.copy()
        for network in networks:
            _protect(network, hidden, totals, profile, hidden & near)
        if np.array_equal(before, hidden):
            return networks[0].mask(hidden, tables[0])


def flags_of(mask: Mask) -> Flags:
    """Return what is hidden by arc."""
    flags: Flags = np.r_[mask.number, mask.parts.ravel(), mask.totals, mask.whole]
    return flags


def ranges(groups: Groups, mask: Mask) -> dict[tuple[int, int], Range]:
    """Return what can be worked out of each hidden part of a grouping, exactly, by group and class."""
    network = Network.of(groups)
    links, (size, classes) = _links(network, flags_of(mask)), groups.parts.shape
    found = {}
    for group, part in np.argwhere(mask.parts).tolist():
        arc = size + group * classes + part
        value = int(network.value[arc])
        falls = _flow(network, links, arc, value - 1, rises=False)
        rises = _flow(network, links, arc, NEVER, rises=True)
        found[group, part] = Range(value - falls, None if rises >= NEVER else value + rises)
    return found


class Bounds(NamedTuple):
    """An audit of what can be worked out of the hidden parts of a table.

    hidden    how many there are
    narrowest between how many numbers the most narrowly bounded small one lies; None where none is bounded
    open      whether each small one could be more than the profile hides
    """

    hidden: int
    narrowest: int | None
    open: bool


def bounds_of(groups: Groups, mask: Mask, profile: DisclosureProfile) -> Bounds:
    """Return the audit of one grouping: the exact bounds of every hidden part."""
    found = ranges(groups, mask)
    small = [one for cell, one in found.items() if profile.is_small(int(groups.parts[cell]))]
    widths = [one.most - one.least + 1 for one in small if one.most is not None]
    is_open = all(one.most is None or one.most > profile.most for one in small)
    return Bounds(len(found), min(widths, default=None), is_open)


def _protect(
    network: Network,
    hidden: Flags,
    totals: int,
    profile: DisclosureProfile,
    others: Flags | None = None,
) -> None:
    """Hide the small cells of a network, and others, until every small one is safe; and so are ``others`` that must not be worked out."""
    small = np.asarray([profile.is_small(one) for one in network.value.tolist()])
    hidden |= small
    # A total that another table hides must not be read off this one, however large it is.
    small[-totals:] |= hidden[-totals:]
    if others is not None:
        small |= others & (network.value > 0)
    cost = network.value + EACH
    cost[-totals:] += OF_ALL
    for arc in sorted(np.flatnonzero(small).tolist(), key=lambda one: -network.value[one]):
        for rises, step in _steps(network, arc, profile):
            _hide_cycle(network, hidden, cost, arc, step, rises=rises)
    while unsafe := _unsafe(network, hidden, np.flatnonzero(small), profile):
        if not _hide_more(network, hidden, cost, unsafe[0]):
            # Nothing is left to hide: with no other pupil to hide among, the whole table goes.
            hidden[network.value > 0] = True
            return


def _steps(
    network: Network, arc: int, profile: DisclosureProfile
) -> tuple[tuple[bool, int], tuple[bool, int]]:
    """Return by how much a cell must be able to rise, and to fall: a small one to 6 and to 1, a larger by 5."""
    value = int(network.value[arc])
    rise, fall = max(profile.most + 1 - value, 0), min(value - 1, profile.most)
    return (True, rise or profile.most), (False, fall)


def _links(network: Network, hidden: Flags) -> Links:
    links: Links = [[] for _ in range(network.places)]
    for arc in np.flatnonzero(hidden).tolist():
        tail, head = int(network.tail[arc]), int(network.head[arc])
        links[tail].append((head, arc, 1))
        links[head].append((tail, arc, -1))
    return links


def _hide_cycle(
    network: Network, hidden: Flags, cost: Int, arc: int, step: int, *, rises: bool
) -> None:
    """Hide the cheapest cells that can move by ``step`` against a cell, where such a cycle is found."""
    if step == 0:
        return
    links = _links(network, network.value > 0)
    begin, end = int(network.head[arc]), int(network.tail[arc])
    begin, end = (begin, end) if rises else (end, begin)
    distance, before, waiting = {begin: 0}, dict[int, tuple[int, int]](), [(0, begin)]
    while waiting:
        far, place = heapq.heappop(waiting)
        if place == end:
            break
        if far > distance[place]:
            continue
        for other, one, sign in links[place]:
            if one == arc or (sign < 0 and network.value[one] - 1 < step):
                continue
            reached = far + (0 if hidden[one] else int(cost[one]))
            if reached < distance.get(other, NEVER):
                distance[other], before[other] = reached, (place, one)
                heapq.heappush(waiting, (reached, other))
    place = end
    while place != begin and place in before:
        place, one = before[place]
        hidden[one] = True


def _unsafe(network: Network, hidden: Flags, small: Int, profile: DisclosureProfile) -> list[int]:
    """Return the small cells that a reader can tell from 1 or from 6.

    A sum of hidden cells, each of which is 1 at least, need not be less than they are together, as hiding more would not help.
    """
    links, all_links = _links(network, hidden), _links(network, network.value > 0)
    found = []
    for arc in small.tolist():
        for rises, step in _steps(network, arc, profile):
            moves = _flow(network, links, arc, step, rises=rises)
            if moves < step and moves < _flow(network, all_links, arc, step, rises=rises):
                found.append(arc)
                break
    return found


def _hide_more(network: Network, hidden: Flags, cost: Int, arc: int) -> bool:
    """Hide the cheapest shown cells at both ends of a cell; False where none is left anywhere near or far."""
    shown = ~hidden & (network.value > 0)
    if not shown.any():
        return False
    ends = (network.tail[arc], network.head[arc])
    near = shown & (np.isin(network.tail, ends) | np.isin(network.head, ends))
    candidates = np.flatnonzero(near if near.any() else shown)
    hidden[candidates[np.argmin(cost[candidates])]] = True
    return True


def _flow(network: Network, links: Links, arc: int, wanted: int, *, rises: bool) -> int:
    """Return by how much a cell can move, up to ``wanted``: the greatest flow back through other hidden cells."""
    begin, end = int(network.head[arc]), int(network.tail[arc])
    begin, end = (begin, end) if rises else (end, begin)
    moved: dict[int, int] = {}
    total = 0
    while total < wanted:
        before, waiting = {begin: (begin, arc, 0)}, [begin]
        for place in waiting:
            if place == end:
                break
            for other, one, sign in links[place]:
                if one != arc and other not in before and _room(network, moved, one, sign) > 0:
                    before[other] = (place, one, sign)
                    waiting.append(other)
        if end not in before:
            break
        path, place = [], end
        while place != begin:
            place, one, sign = before[place]
            path.append((one, sign))
        step = min(wanted - total, *(_room(network, moved, one, sign) for one, sign in path))
        if step >= NEVER // 2:
            return NEVER
        for one, sign in path:
            moved[one] = moved.get(one, 0) + sign * step
        total += step
    return total


def _room(network: Network, moved: dict[int, int], arc: int, sign: int) -> int:
    """Return by how much further a hidden cell can rise (1), without bound, or fall (-1), to 1."""
    return NEVER if sign > 0 else int(network.value[arc]) - 1 + moved.get(arc, 0)
