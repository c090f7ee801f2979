"""Every problem of a rule document at once: what is wrong is put right for the search alone, and the rest looked at again.

The library that checks a document compares the fields of a group with each other only where each is
sound. So a wrong value is replaced by a sound one, and the fields are checked again, until nothing
else is found. Only then are the groups asked what is wrong with their fields together, all of them,
and conditions for what their columns cannot have. What a replacement itself may have caused is never
said: a fault of a group counts only where no value that it depends on was replaced.
"""

import copy
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from engine.errors import Problem
from engine.rules.choices import INPUTS, choice_problems
from engine.rules.document import RuleSet
from engine.rules.group_faults import group_faults
from engine.rules.sound_parts import Plain, mended_text, stand_in
from engine.rules.values import Misfit, Misfits, fields_alone
from engine.rules.yaml_source import MOST_PROBLEMS, Path, place
from engine.wording import fields_at, nearest, place_of, problems_of

Error = Mapping[str, Any]
"""One fault as the library tells it."""

KEY = "[key]"
"""What the library writes into the place of a name that is wrong itself."""

ANY_FIELD = "*"
"""Any of the fields of a group that was not written as one."""

OF_COLUMNS = {("when",), ("covers",)}
"""Fields whose own fields are columns."""

MOST_ROUNDS = 40
INHERITED = {"from", "source", "standing", "note"}
"""What values may take from a provenance above them, where what is wrong with it is said."""


@dataclass
class Search:
    """The search for the problems of one document.

    ``found`` are the problems with their places; ``aside`` the places whose values were replaced, each with the
    names of the fields that went with a whole group or list, ``sound`` those that have a sound value, ``mended``
    those of them whose value says the same as what was written, ``absent`` the fields that were left out; ``total``
    counts all problems where only the first are listed. ``fields`` is the document whose fields are sound each by
    itself, and ``misread`` the places that were replaced in it.
    """

    schema: Mapping[str, Any]
    document: Plain
    found: list[tuple[Path, Problem]] = field(default_factory=list)
    aside: dict[Path, frozenset[str]] = field(default_factory=dict)
    sound: set[Path] = field(default_factory=set)
    mended: set[Path] = field(default_factory=set)
    absent: set[Path] = field(default_factory=set)
    total: int = 0
    fields: RuleSet | None = None
    misread: frozenset[Path] = frozenset()

    def run(self) -> RuleSet | None:
        """Find the problems; return the document with sound values in place of the wrong ones, where one can be made."""
        with fields_alone():
            document = self._sound_fields()
        if document is None:
            return None
        faults = [
            (path, one) for path, one in group_faults(document) if self._is_of_fields(path, one)
        ]
        choices = [one for one in choice_problems(document) if not self._depends_on_bands(one[0])]
        self.found += [
            ((*path, *one.at), Problem(str(one), "value_error")) for path, one in faults
        ] + choices
        self.total += len(faults) + len(choices)
        self.fields, self.misread = document, frozenset(self.aside)
        for path, _ in choices:
            self._forget(path)
        return self._sound_groups()

    def _sound_groups(self) -> RuleSet | None:
        """Return the document with its groups put right too, whose faults are known; None where it cannot be."""
        for _ in range(MOST_ROUNDS):
            try:
                return RuleSet.model_validate(self.document)
            except ValidationError as error:
                if not self._mend(error.errors(include_input=False, include_url=False)):
                    return None
        return None

    def _sound_fields(self) -> RuleSet | None:
        """Find what is wrong with each field; return the document with sound ones, whatever they are together."""
        for _ in range(MOST_ROUNDS):
            try:
                return RuleSet.model_validate(self.document)
            except ValidationError as error:
                errors = error.errors(include_input=False, include_url=False)
            new = [_at_place(one) for error in errors for one in _alone(error) if self._is_new(one)]
            worded = self._worded(self._without_parts(new)[:MOST_PROBLEMS])
            self.found += worded
            self.total += len(worded) + max(len(new) - MOST_PROBLEMS, 0)
            if len(errors) > MOST_PROBLEMS:
                return None
            if not self._mend(errors):
                return None
        return None

    def _worded(self, errors: list[Error]) -> list[tuple[Path, Problem]]:
        """Return faults in words: the forms that a field may have in one sentence, each fault of fields together in its own."""
        together = [one for one in errors if isinstance(_reason(one), Misfit)]
        alone = [one for one in errors if one not in together]
        found = problems_of(alone, self.document)
        return [*found, *(one for fault in together for one in problems_of([fault], self.document))]

    def set_aside(self, paths: Iterable[Path]) -> None:
        """Put sound values in place of some whose problems are known."""
        for path in paths:
            self._replace(path)

    def is_aside(self, path: Path) -> bool:
        """Return whether a place is within one whose value was replaced."""
        return _is_within(path, self.aside)

    def is_misread(self, path: Path) -> bool:
        """Return whether a place is within one whose value was replaced because it is wrong by itself."""
        return _is_within(path, self.misread)

    def touches(self, *parts: str) -> bool:
        """Return whether any value was replaced whose path has one of some names."""
        return any(not set(parts).isdisjoint(map(str, path)) for path in self.aside)

    def is_unsure(self, *prefix: str | int, but: Container[str] = ()) -> bool:
        """Return whether a value within a part was replaced by one that says something else.

        ``but`` are names of fields that do not matter; columns that conditions read are none of them.
        """
        within = (path for path in self.aside if path[: len(prefix)] == prefix)
        fields = (
            path[:-1] if path[-2:-1] in OF_COLUMNS else path
            for path in within
            if path not in self.mended
        )
        return any(path[-1] not in but for path in fields)

    def _is_new(self, error: Error) -> bool:
        path = self._path(error)
        if self.is_aside(self._path(_at_place(error))) or self._is_inherited(error, path):
            return False
        reason = _reason(error)
        if isinstance(reason, Misfit):
            return self._is_of_fields(path, reason)
        return not any(one[: len(path)] == path and one not in self.mended for one in self.aside)

    def _is_of_fields(self, path: Path, fault: Misfit) -> bool:
        """Return whether a fault of a group at a place is one of what is written, and of no value that was replaced."""
        if self.is_aside((*path, *fault.at)):
            return False
        below = (one for one in self.aside if one[: len(path)] == path and one not in self.mended)
        return not any(self._decides(one, path, fault) for one in below)

    def _decides(self, replaced: Path, path: Path, fault: Misfit) -> bool:
        """Return whether a fault of a group at a place may come of a value below it that was replaced."""
        own, lost = replaced[len(path) :], self.aside[replaced]
        names = {*map(str, own), f".{place(own)}", f".{place(own[:-1])}", *lost}
        if not fault.fields.isdisjoint(names) or (fault.fields and ANY_FIELD in lost):
            return True
        if fault.at:
            return own == fault.at[: len(own)] or fault.at == own[: len(fault.at)]
        # Which fields a group has decides a fault without a place of its own; what is below them does not.
        return replaced in self.absent and len(own) == 1

    def _depends_on_bands(self, path: Path) -> bool:
        """Return whether a condition is on a value that was replaced, or on bands of which one was."""
        of_bands = path[-1:] == ("band",) and self.is_unsure("band_profile", "bands")
        return of_bands or self.is_aside(path)

    def _forget(self, path: Path) -> None:
        """Leave out a condition that its column cannot have, or the columns of a table that it cannot."""
        parent = _value_at(self.document, path[:-1])
        if path[-1] == INPUTS:
            self._replace(path[:2])
        elif isinstance(parent, dict) and path[-1] in parent:
            del parent[path[-1]]
        self.aside[path] = frozenset()

    def _without_parts(self, errors: list[Error]) -> list[Error]:
        """Return faults without those of what is under a name that nothing is known by."""
        unknown = {self._path(one) for one in errors if KEY in one["loc"]}
        return [
            one for one in errors if KEY in one["loc"] or not _is_within(self._path(one), unknown)
        ]

    def _path(self, error: Error) -> Path:
        missing = error["type"] == "missing"
        return place_of(tuple(error["loc"]), self.document, missing=missing)

    def _is_inherited(self, error: Error, path: Path) -> bool:
        """Return whether a fault is that of a provenance above, which is said where it is written."""
        name = error["loc"][-1] if error["loc"] else ""
        written = bool(path) and path[-1] == name
        return name in INHERITED and not written and error["type"] != "missing"

    def _mend(self, errors: Iterable[Error]) -> bool:
        """Put right each place that has a fault; return whether anything was changed."""
        changed = False
        done: set[Path] = set()
        for one in [_at_place(one) for error in errors for one in _alone(error)]:
            path = self._path(one)
            if self._is_inherited(one, path):
                path = self._above(path, str(one["loc"][-1]))
            if path in done:
                continue
            done.add(path)
            if one["type"] == "extra_forbidden":
                near = nearest(str(path[-1]), fields_at(self.schema, path[:-1]))
                changed |= self._drop(path, near)
            elif KEY in one["loc"] or one["type"] == "invalid_key":
                changed |= self._drop(path, None)
            else:
                reason = _reason(one)
                changed |= self._replace(
                    path, reason.instead if isinstance(reason, Misfit) else None
                )
        return changed

    def _above(self, path: Path, name: str) -> Path:
        """Return where a provenance above a place says something."""
        for length in range(len(path), -1, -1):
            held = _value_at(self.document, (*path[:length], "provenance"))
            if isinstance(held, dict) and name in held:
                return (*path[:length], "provenance", name)
        return path

    def _drop(self, path: Path, other: str | None) -> bool:
        """Leave out a field that is not known, or give its value to the one that it is nearest to."""
        parent = _value_at(self.document, path[:-1])
        if not isinstance(parent, dict) or path[-1] not in parent:
            return False
        value = parent.pop(path[-1])
        self.aside[path] = frozenset()
        if other is not None and other not in parent:
            parent[other] = value
            self.aside[(*path[:-1], other)] = frozenset()
            self.mended.add(path)
        else:
            self.absent.add(path)
        return True

    def _replace(self, path: Path, instead: str | None = None) -> bool:
        """Put a sound value in a place; where one was put already and does not do, in the group around it."""
        while path:
            before = _value_at(self.document, path)
            was_mended = path in self.mended
            alike = None if instead or was_mended else mended_text(self.schema, path, before)
            value = instead or (stand_in(self.schema, path) if alike is None else alike)
            if (was_mended or path not in self.sound) and _put(self.document, path, value):
                self.sound.add(path)
                (self.mended.discard if alike is None else self.mended.add)(path)
                self.aside[path] = _names_lost(before, value)
                return True
            path, instead = path[:-1], None
        return False


def _is_within(path: Path, places: Container[Path]) -> bool:
    """Return whether a place is one of some, or below one of them."""
    return any(path[:length] in places for length in range(len(path) + 1))


def _names_lost(before: Plain, after: Plain) -> frozenset[str]:
    """Return the names of fields that go with a group or list that is replaced; any, where none was written in one's place."""
    if isinstance(before, dict):
        below = (_names_lost(one, None) for one in before.values())
        return frozenset(map(str, before)).union(*below)
    if isinstance(before, list):
        return frozenset().union(*(_names_lost(one, None) for one in before))
    return frozenset({ANY_FIELD}) if isinstance(after, dict | list) else frozenset()


def _reason(error: Error) -> object:
    """Return the exception of ours that a fault is, None where it is the library's."""
    return (error.get("ctx") or {}).get("error")


def _alone(error: Error) -> list[Error]:
    """Return each fault of a group that was found with others of it; any other as it is."""
    reason = _reason(error)
    if not isinstance(reason, Misfits):
        return [error]
    return [{**error, "msg": f"Value error, {one}", "ctx": {"error": one}} for one in reason.faults]


def _at_place(error: Error) -> Error:
    """Return a fault of a group at the place in it where it is to be corrected."""
    reason = _reason(error)
    at = reason.at if isinstance(reason, Misfit) else ()
    return {**error, "loc": (*error["loc"], *at)} if at else error


def _value_at(document: Plain, path: Path) -> Plain:
    """Return the value at a place, None where there is none."""
    here = document
    for part in path:
        if isinstance(here, dict):
            here = here.get(part)
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
        else:
            return None
    return here


def _put(document: Plain, path: Path, value: Plain) -> bool:
    """Put a value in a place of a group or list that is there; return whether it could be."""
    parent, name = _value_at(document, path[:-1]), path[-1]
    if isinstance(parent, dict):
        parent[name] = value
        return True
    if isinstance(parent, list) and isinstance(name, int) and name < len(parent):
        parent[name] = value
        return True
    return False


def search_of(schema: Mapping[str, Any], document: Plain) -> Search:
    """Return the search for the problems of a document, which is not changed."""
    return Search(schema, copy.deepcopy(document))
