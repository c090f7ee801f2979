"""The minimum per-pupil level's working, each level with its clause, source and standing."""

from dataclasses import replace

from engine.explain import Row, Working
from engine.outcome import NotionalOutcome
from engine.rules.compiled import CompiledFormula
from engine.rules.formula import MinimumPerPupil
from engine.rules.values import Given

STAGES = ("primary", "ks3", "ks4")
EITHER = "secondary"


def levels_told(working: Working, outcome: NotionalOutcome, formula: CompiledFormula) -> Working:
    """Return the working with who says each level: its first rows are the school's stages."""
    document = outcome.rules.document
    minimum = document.schools_formula.minimum_per_pupil if document.schools_formula else None
    if minimum is None:
        return working
    stages = [stage for stage in range(len(STAGES)) if outcome.years[0, stage]]
    rows = list(working.rows)
    for at, stage in enumerate(stages):
        given = formula.level_givens[stage]
        if given is not None:
            title = document.sources[given.source].title
            rows[at] = _told(rows[at], given, title, _name(minimum, STAGES[stage], given))
    return replace(working, rows=tuple(rows))


def _told(row: Row, given: Given, title: str, name: str) -> Row:
    place = f"{row.place}.{name}"
    return replace(row, place=place, source=title, standing=given.standing.value, note=given.note)


def _name(minimum: MinimumPerPupil, stage: str, given: Given) -> str:
    """Return the name under which a level stands: its stage's own, or both secondary stages'."""
    return stage if given in (getattr(minimum, stage) or ()) else EITHER
