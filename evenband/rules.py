"""Rule sets: published ones by identifier, your own from a file or from text."""

import os
import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl

from engine.data import PUBLISHED
from engine.errors import Problem, RuleRefused
from engine.export import exact, path_rows, rule_set_rows, rules_record, value_rows
from engine.rules import (
    CompiledRules,
    RuleSet,
    check_day,
    compile_rules,
    compile_what_if,
    files_by_identifier,
    load_rule_file,
    load_rule_set,
    names_file,
    not_published,
    rule_files,
)
from engine.rules.notes import notes
from engine.rules.run_notes import NEVER_USED, run_notes
from engine.rules.summary import summary
from evenband.arguments import day_of, of_kind
from evenband.display import as_html, listing, paragraph

FOLDER_VARIABLE = "EVENBAND_RULES_FOLDER"
"""Names a folder of rule documents in place of the published ones, here as for the commands."""

Tried = str | int | Decimal


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Rules:
    """A rule set with each value in force from its own day, or with the values of one day.

    ``compiled`` is the engine's own form. ``tried`` are the values put in the place of the
    document's, by their places.
    """

    compiled: CompiledRules
    tried: tuple[tuple[str, str], ...] = ()

    @property
    def identifier(self) -> str:
        """Return the identifier, for example ``northumberland-2015-16``."""
        return self.compiled.document.identifier

    @property
    def version(self) -> int:
        """Return the version; a published version never changes."""
        return self.compiled.document.version

    @property
    def title(self) -> str:
        """Return what the rule set is called."""
        return self.compiled.document.title

    @property
    def standing(self) -> str:
        """Return how far the least sure value was checked: verified, unconfirmed or proposed."""
        return self.compiled.document.standing.value

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what the rules say and may not mean: gaps in prices, what is never used, values that change."""
        return tuple(notes(self.compiled.document))

    @property
    def day(self) -> date | None:
        """Return the day whose values hold all year, None where each counts from its own day."""
        return self.compiled.day

    @property
    def digest(self) -> str:
        """Return the SHA-256, in hexadecimal, by which results identify the rules."""
        return self.compiled.digest

    @property
    def name(self) -> str:
        """Return the identifier, the version and what was tried, in one line."""
        count = len(self.tried)
        tried = f", {count} value{'s' if count > 1 else ''} tried" if count else ""
        used, share = self.compiled.values_used, self.compiled.part_of_year
        part = "" if share == 1 else f", {share} of a year"
        return f"{self.identifier} version {self.version} ({self.standing}{tried}), {used}{part}"

    @property
    def record(self) -> dict[str, object]:
        """Return what a manifest says of the rules: identifier, version, digest, year and what was tried."""
        return rules_record(self.compiled, self.tried)

    def at(self, day: date) -> "Rules":
        """Return the rules with the values of one day all year; raises ``PairRefused`` where they do not apply."""
        moved = _in_force(self.compiled.document, day_of(day), self.tried)
        return replace(moved, compiled=replace(moved.compiled, trials=self.compiled.trials))

    def override(self, values: Mapping[str, Tried]) -> "Rules":
        """Return the rules with values put in the place of others, for a what-if.

        Each key is a path as ``paths`` lists it, for example
        ``schools_formula.factors.fsm.primary.unit_value``; each value is text, a whole number or a
        ``Decimal``, in the unit of its place (pounds, percent). The value in force on the rules' day
        is replaced at its own first day; ``PATH@2025-09-01`` replaces the one that begins on a day,
        ``PATH@*`` every one, and ``PATH@from:2025-09-01`` adds one. Raises ``RuleRefused`` with every
        path that is not in the document and every value that does not fit its place. Warns of what a
        reader may not expect: later values that stay as published.
        """
        return _what_if(self, values)

    def to_polars(self) -> pl.DataFrame:
        """Return one row a value in force in the year, or on the day: place, value as text, first day, source, standing, note."""
        return exact(value_rows(self.compiled.document, self.day))

    def paths(self) -> pl.DataFrame:
        """Return one row for each number that a what-if can try: path, kind, value as text, first day, standing.

        A dated value has a row for each of its dates; a cut-off or a number without dates has neither
        day nor standing.
        """
        return exact(path_rows(self.compiled.document))

    def __repr__(self) -> str:
        """Return one line that names the rules."""
        return f"<Rules {self.name}>"

    def _repr_html_(self) -> str:
        """Return the rules' name and their first values as HTML."""
        rows = value_rows(self.compiled.document, self.day)
        table = listing(rows, f"{self.title}: {len(rows)} values in force")
        return paragraph(self.name) + as_html(table)


def read_rules(
    source: str | os.PathLike[str],
    *,
    on: date | None = None,
    override: Mapping[str, Tried] | None = None,
    day: date | None = None,
) -> Rules:
    """Return a rule set, by default with each value in force from its own day.

    ``on`` is a day whose values are used for the whole year.

    ``source`` is the identifier of a published rule set (the latest version is read), the path of a
    YAML document, or the text of one. ``override`` is as in ``Rules.override``; ``day`` is an older
    name of ``on``.

    Raises ``RuleRefused`` with every problem of a document, its places and lines, or where no rule
    set of that identifier is published; ``PairRefused`` where the rules do not apply on the day;
    ``OSError`` where a file cannot be read; ``TypeError`` where an argument is of another kind.
    """
    sentence = "source is an identifier, the path of a rule document, or the text of one"
    of_kind(source, (str, os.PathLike), sentence)
    if on is not None and day is not None:
        message = "day is the same input as on; give on alone"
        raise TypeError(message)
    asked, name = (day, "day") if on is None else (on, "on")
    rules = _in_force(_document(source), None if asked is None else day_of(asked, name), ())
    return _what_if(rules, override) if override else rules


def notes_on(rules: Rules, modules: Collection[str]) -> dict[str, bool]:
    """Return each note on the sections of rules that modules read, as a sentence, and whether it may change an amount."""
    found = run_notes(rules.compiled, modules)
    return {f"{rules.identifier}: {one}.": one.type not in NEVER_USED for one in found}


def rule_sets() -> pl.DataFrame:
    """Return one row a version of each published rule set.

    Columns: ``identifier``, ``version``, ``title``, ``la`` (the authority's code), ``funding_year``,
    ``first`` and ``last`` day, ``standing``, ``values`` (schools, top-ups) and ``digest``. Warns of each
    document that cannot be used, and leaves it out.
    """
    documents = [one for path in rule_files(rules_folder()) if (one := _usable(path)) is not None]
    listed = sorted(documents, key=lambda one: (one.identifier, one.version))
    return exact(rule_set_rows(list(map(summary, listed))))


def _usable(path: Path) -> RuleSet | None:
    try:
        return read_document(path)
    except RuleRefused as refusal:
        warnings.warn(f"{path} is left out: {refusal.problems[0]}", stacklevel=3)
        return None


def _document(source: str | os.PathLike[str]) -> RuleSet:
    written = os.fspath(source)
    if "\n" in written:
        return load_rule_set(written)
    if isinstance(source, os.PathLike) or names_file(written):
        return read_document(Path(written))
    published = files_by_identifier(rules_folder())
    if written not in published:
        sentence = f"{not_published(written, published)}; evenband.rule_sets() lists them"
        raise RuleRefused([Problem(sentence, "rule-set-unknown")])
    return max(map(read_document, published[written]), key=lambda document: document.version)


def rules_folder() -> Path:
    """Return the folder of published rule sets, or the one that the environment names."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    return Path(chosen) if chosen else PUBLISHED


def read_document(path: Path) -> RuleSet:
    """Return a rule document; raises ``RuleRefused``, which names its file."""
    try:
        return load_rule_file(path)
    except RuleRefused as refusal:
        refusal.add_note(str(path))
        raise


def _in_force(document: RuleSet, day: date | None, tried: tuple[tuple[str, str], ...]) -> Rules:
    check_day(document, day)
    return Rules(compile_rules(document, day), tried)


def _what_if(rules: Rules, values: Mapping[str, Tried]) -> Rules:
    """Return rules with values tried, as ``Rules.override`` says; a warning names the line of its caller's caller."""
    pairs = _pairs(values)
    published = rules.compiled
    compiled = compile_what_if(published.document, pairs, rules.day, published)
    for one in compiled.trials:
        if one.note:
            warnings.warn(f"{one.place}: {one.note}.", stacklevel=3)
    trials = (*rules.compiled.trials, *compiled.trials)
    return Rules(replace(compiled, trials=trials), (*rules.tried, *pairs))


def _pairs(values: Mapping[str, Tried]) -> tuple[tuple[str, str], ...]:
    names = "override maps places to values: {place: value}"
    of_kind(values, Mapping, names)
    for place in values:
        of_kind(place, str, names)
    sentence = 'must be text, a whole number or a Decimal; write "5.25" for 5.25'
    problems = [
        Problem(sentence, "value-kind", place=place)
        for place, value in values.items()
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal)
    ]
    if problems:
        raise RuleRefused(problems)
    return tuple((place, _text(value)) for place, value in values.items())


def _text(value: Tried) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
