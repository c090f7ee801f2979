"""The authority of a rule set, and when and where it applies."""

from collections.abc import Iterator

from engine.lab.atlas.entries import Answered, Asked, Cell, Entry, Part, Unit
from engine.rules.compiled import CompiledRules


def rule_set_answers(rules: CompiledRules) -> Iterator[Answered]:
    """Yield the authority of the rules, their year, the days on which they apply, the standing."""
    document = rules.document
    authority = document.authority
    whose = Cell(None, "none: of no one authority") if authority is None else Cell(authority.name)
    first, last = document.effective.first, document.effective.last
    cells: list[Asked] = [
        ("title", Unit.text, Cell(document.title)),
        ("authority", Unit.text, whose),
        ("year", Unit.text, Cell(f"{document.year_kind} year {document.funding_year}")),
        ("in force", Unit.text, Cell(f"{first.isoformat()} to {last.isoformat()}")),
        ("read on", Unit.text, Cell(rules.day.isoformat())),
        ("standing", Unit.text, Cell(document.standing.value)),
    ]
    for at, (measure, unit, cell) in enumerate(cells):
        yield Answered(Entry(Part.rule_set, "rule_set", "", measure, unit), (at,), "Rule set", cell)
