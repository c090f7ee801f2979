"""The method atlas: any rule sets side by side in one table, in one order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from engine.lab.atlas.bands import band_answers, band_settings
from engine.lab.atlas.entries import ABSENT, Answer, Entry, Part, answers
from engine.lab.atlas.formula import formula_answers
from engine.lab.atlas.prices import tariff_answers
from engine.lab.atlas.schools import school_answers
from engine.lab.atlas.top_up_rule import top_up_answers
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.rules.compiled import CompiledRules
from engine.rules.measures import Cell, Measured, Rank, Unit
from engine.run import EVERYTHING, AnyAllocation


class Side(NamedTuple):
    """A rule set in force, and the chosen schools valued under it, where some were chosen."""

    rules: CompiledRules
    schools: NotionalOutcome | None = None


@dataclass(frozen=True, slots=True)
class AtlasRow:
    """One question and each rule set's answer, in the order of the rule sets."""

    entry: Entry
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Atlas:
    """Rule sets side by side."""

    rules: tuple[CompiledRules, ...]
    rows: tuple[AtlasRow, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return a name for each rule set, with its version and day where names meet."""
        plain = [one.document.identifier for one in self.rules]
        if len(set(plain)) == len(plain):
            return tuple(plain)
        return tuple(
            f"{at}: {one.document.identifier} version {one.document.version}, {one.values_used}"
            for at, one in enumerate(self.rules, start=1)
        )


def atlas(sides: Sequence[Side]) -> Atlas:
    """Return rule sets side by side; a value that one of them lacks is marked as such.

    Rows are ordered by part, then as statements print factors, then as the first rule set that
    has a band places it.
    """
    settings = band_settings([side.rules.document for side in sides])
    placed: dict[Entry, tuple[Rank, str]] = {}
    answers: list[dict[Entry, Cell]] = []
    for at, side in enumerate(sides):
        held: dict[Entry, Cell] = {}
        for one in _answers(side, settings, at):
            placed.setdefault(one.entry, (one.rank, one.label))
            held[one.entry] = one.cell
        answers.append(held)
    order = list(Part)
    entries = sorted(placed, key=lambda entry: (order.index(entry.part), placed[entry][0]))
    return Atlas(
        tuple(side.rules for side in sides),
        tuple(
            AtlasRow(entry, placed[entry][1], tuple(held.get(entry, ABSENT) for held in answers))
            for entry in entries
        ),
    )


def _answers(side: Side, settings: Mapping[str, Sequence[str]], at: int) -> list[Answer]:
    rules = side.rules
    return [
        *rule_set_answers(rules),
        *formula_answers(rules),
        *band_answers(rules, settings, at),
        *tariff_answers(rules),
        *top_up_answers(rules),
        *(one for module in EVERYTHING.allocations for one in module_answers(module, rules)),
        *([] if side.schools is None else school_answers(side.schools)),
    ]


def module_answers(module: AnyAllocation, rules: CompiledRules) -> Iterator[Answer]:
    """Yield what a module says of its section, which is a part of the atlas of the same name."""
    part = module.of(rules)
    for topic in () if part is None else module.topics(part):
        name, label, measures, rank = topic
        yield from answers(Part[module.name], name, label, measures, rank=rank)


def rule_set_answers(rules: CompiledRules) -> Iterator[Answer]:
    """Yield the authority of the rules, their year, the days on which they apply, the standing."""
    document = rules.document
    authority = document.authority
    whose = Cell(None, "none: of no one authority") if authority is None else Cell(authority.name)
    first, last = document.effective.first, document.effective.last
    cells: list[Measured] = [
        ("title", Unit.text, Cell(document.title)),
        ("authority", Unit.text, whose),
        ("year", Unit.text, Cell(f"{document.year_kind} year {document.funding_year}")),
        ("in force", Unit.text, Cell(f"{first.isoformat()} to {last.isoformat()}")),
        ("values used", Unit.text, Cell(rules.values_used)),
        ("standing", Unit.text, Cell(document.standing.value)),
    ]
    yield from answers(Part.rule_set, "rule_set", "Rule set", cells)
