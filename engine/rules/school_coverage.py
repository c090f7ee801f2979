"""What tables of values of a schools formula cover: authorities and phases without a row, and rows that fit no school."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.authority_codes import AuthorityCode
from engine.rules.authorities import authorities_of
from engine.rules.compile_school_tables import (
    MINIMUM,
    CompiledSchoolTable,
    compile_school_tables,
    school_tables,
)
from engine.rules.document import RuleSet
from engine.rules.formula import Counts, Factor, LinePhase, MinimumPerPupil, SchoolsFormula
from engine.rules.grid import NONE
from engine.rules.line_steps import FORMULA
from engine.rules.phases_paid import APPLIES, MAINSTREAM, OWN_PHASE
from engine.rules.value_coverage import ValueCoverage, ValueGap
from engine.rules.value_tables import ROWS, ValueTable
from engine.vocabulary import SchoolPhase

SHARED = (LinePhase.middle, LinePhase.all_through)
Phases = tuple[SchoolPhase, ...]


def school_coverage(document: RuleSet) -> ValueCoverage:
    """Return the gaps of a formula's tables of values, and their rows that fit no school; none where it has no tables."""
    formula = document.schools_formula
    if formula is None:
        return ValueCoverage((), ())
    authorities = authorities_of(document)
    written = school_tables(formula)
    gaps: list[ValueGap] = []
    unused: list[tuple[str, bool]] = []
    for table in compile_school_tables(formula):
        phases = phases_of(formula, table.path)
        found = table.rows[np.ix_([one.code for one in authorities], [int(one) for one in phases])]
        if table.needed:
            gaps += _gaps(table, found == NONE, authorities, phases)
        unused += _unused(table, found, len(written[table.path].rows))
    return ValueCoverage(tuple(gaps), tuple(unused))


def phases_of(formula: SchoolsFormula, path: str) -> Phases:
    """Return the phases of school whose amounts depend on the value at a path."""
    part, *names = path.removeprefix(f"{FORMULA}.").split(".")
    if part == "factors":
        return _of_line(formula.factors[names[0]], LinePhase(names[1]))
    minimum = formula.minimum_per_pupil
    if part == MINIMUM and minimum is not None and names[0] in LinePhase.__members__:
        return _of_level(minimum, names[0])
    return MAINSTREAM


def _of_line(factor: Factor, phase: LinePhase) -> Phases:
    """Return the phases that a line pays; one for the school itself pays those that share it, too."""
    if factor.counts is Counts.sparsity:
        return OWN_PHASE.get(phase, APPLIES[phase])
    if factor.counts is not Counts.school or phase not in OWN_PHASE:
        return APPLIES[phase]
    own = {of for of, _ in factor.lines()}
    shared = [one for kind in SHARED if kind not in own for one in APPLIES[kind]]
    return (*OWN_PHASE[phase], *shared)


def _of_level(minimum: MinimumPerPupil, name: str) -> Phases:
    """Return the phases with a key stage of a level; that of ``secondary`` is of those without one of their own."""
    if name != LinePhase.secondary.value:
        return APPLIES[LinePhase(name)]
    stages = {LinePhase.ks3: minimum.ks3, LinePhase.ks4: minimum.ks4}
    open_to = [
        one
        for stage, held in stages.items()
        if held is None or (isinstance(held, ValueTable) and held.otherwise is not None)
        for one in APPLIES[stage]
    ]
    return tuple(dict.fromkeys(open_to))


def _gaps(
    table: CompiledSchoolTable,
    lacking: NDArray[np.bool_],
    authorities: Sequence[AuthorityCode],
    phases: Phases,
) -> Iterator[ValueGap]:
    """Yield the gaps of a table, authorities with the same phases together; ``lacking`` is (authorities, phases)."""
    if not table.by_authority:
        lacking, authorities = lacking[:1], authorities[:1]
    different, which = np.unique(lacking, axis=0, return_inverse=True)
    for at, of in enumerate(different):
        if not of.any():
            continue
        among = np.flatnonzero(which.reshape(-1) == at).tolist()
        theirs = tuple(authorities[one] for one in among)
        names = [phase.name for phase, lacks in zip(phases, of.tolist(), strict=True) if lacks]
        others = tuple(one for place, one in enumerate(authorities) if place not in set(among))
        yield ValueGap(
            table.path,
            theirs if table.by_authority else None,
            others,
            len(authorities),
            "" if of.all() else f"phase {' or '.join(names)}",
            {"la": str(theirs[0].code), "phase": names[0]},
        )


def _unused(
    table: CompiledSchoolTable, found: NDArray[np.int32], number: int
) -> Iterator[tuple[str, bool]]:
    """Yield the rows of a table that fit no school, and whether the rows before them cover all that they do."""
    for at in sorted(set(range(number)) - set(np.unique(found).tolist())):
        yield f"{table.path}.{ROWS}.{at}", not (table.rows == at).any()
