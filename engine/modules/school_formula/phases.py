"""What the phase of a school decides of a formula, before anything else of the school is known."""

from engine.columns import PRIOR_AMOUNT_PREFIX
from engine.rules.compile_reads import prior_amounts, shared_phases
from engine.rules.compiled import CompiledFormula, CompiledLine
from engine.rules.formula import Counts
from engine.rules.phases_paid import APPLIES, MAINSTREAM, OWN_PHASE
from engine.vocabulary import SchoolPhase


def phase_paid(line: CompiledLine) -> SchoolPhase:
    """Return a phase of school in which a line is paid."""
    return APPLIES[line.key.phase][0]


def phases_counted(formula: CompiledFormula) -> tuple[SchoolPhase, ...]:
    """Return the phases of school whose pupils the formula counts."""
    counted = {line.key.phase for line in formula.lines if line.name in formula.pupil_lines}
    return tuple(phase for phase in MAINSTREAM if any(phase in APPLIES[stage] for stage in counted))


def lines_of_phase(formula: CompiledFormula, phase: SchoolPhase) -> tuple[CompiledLine, ...]:
    """Return the lines of the formula that a school of a phase may be paid for."""
    return tuple(line for line in formula.lines if phase in APPLIES[line.key.phase])


def sparsity_lines(formula: CompiledFormula, phase: SchoolPhase) -> tuple[CompiledLine, ...]:
    """Return the lines that pay a small and remote school of a phase."""
    return tuple(
        line
        for line in lines_of_phase(formula, phase)
        if line.counts is Counts.sparsity
        and line.rate is not None
        and phase in OWN_PHASE.get(line.key.phase, APPLIES[line.key.phase])
    )


def prior_lines(formula: CompiledFormula, phase: SchoolPhase) -> dict[str, CompiledLine]:
    """Return the columns of last year's amounts that a school of a phase may give, one for each line that has one.

    None where the rules have neither a guarantee nor a cap.
    """
    if formula.guarantee is None and formula.cap is None:
        return {}
    return {
        column: line
        for column, (line, *_) in prior_amounts(lines_of_phase(formula, phase)).items()
        if column == f"{PRIOR_AMOUNT_PREFIX}{line.name}"
    }


def years_matter(formula: CompiledFormula, phase: SchoolPhase) -> bool:
    """Return whether the year groups of a school of a phase change what it is paid."""
    return formula.levels is not None or any(
        (line.counts is Counts.sparsity and line.rate is not None)
        or (line.counts is Counts.school and _is_shared(line, formula, phase))
        for line in formula.lines
        if phase in APPLIES[line.key.phase]
    )


def _is_shared(line: CompiledLine, formula: CompiledFormula, phase: SchoolPhase) -> bool:
    """Return whether a school of a phase gets a share of a line that pays for the school."""
    return phase.name in {one.name for one in shared_phases(line, formula.lines)}
