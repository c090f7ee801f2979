"""The lines of a formula that count pupils, to what decides of each pupil whether they count."""

from engine.money import MILLION, half_away
from engine.rules.compile_reads import YEAR_GROUP, counting_reads
from engine.rules.compiled import CompiledLine, CountedLines, Membership
from engine.rules.formula import Counts, LinePhase
from engine.vocabulary import KEY_STAGE_YEARS, Idaci, PupilPhase

_STAGES = {
    LinePhase.primary: (PupilPhase.primary,),
    LinePhase.ks3: (PupilPhase.ks3,),
    LinePhase.ks4: (PupilPhase.ks4,),
    LinePhase.secondary: (PupilPhase.ks3, PupilPhase.ks4),
    LinePhase.all: tuple(KEY_STAGE_YEARS),
    LinePhase.all_through: tuple(KEY_STAGE_YEARS),
    LinePhase.middle: tuple(KEY_STAGE_YEARS),
}
_YEARS = {
    phase: tuple(sorted(year for stage in stages for year in KEY_STAGE_YEARS[stage]))
    for phase, stages in _STAGES.items()
}
"""The year groups that a line of a phase counts."""


def compile_counting(lines: tuple[CompiledLine, ...], pupil_lines: tuple[str, ...]) -> CountedLines:
    """Return who counts in each line that counts pupils; ``pupil_lines`` count a school's pupils."""
    counted = [(at, line) for at, line in enumerate(lines) if line.counts is Counts.pupils]
    members = [_membership(at, line) for at, line in counted]
    of_phase: dict[LinePhase, tuple[int, ...]] = {}
    length = len(lines)
    for _, line in counted:
        phase = line.key.phase
        if line.factor.only_above_percent is None or phase in of_phase:
            continue
        within = _making_up(phase, counted, pupil_lines)
        if not within:
            # A formula may count its pupils by other phases than those of a factor.
            within = (length,)
            years = _YEARS[phase]
            members.append(Membership(length, years, (), (MILLION,) * len(years)))
            length += 1
        of_phase[phase] = within
    names = sorted({name for one in members for name, _ in one.where})
    columns = (YEAR_GROUP, *names)
    return CountedLines(tuple(members), of_phase, columns, length, counting_reads(columns))


def _membership(at: int, line: CompiledLine) -> Membership:
    years, where = _YEARS[line.key.phase], line.factor.where
    wanted = {} if where is None else {one: getattr(where, one) for one in where.model_fields_set}
    codes = {
        name: int(Idaci[one]) if isinstance(one, str) else int(one) for name, one in wanted.items()
    }
    weight = tuple(_year_weight(line, year) for year in years)
    return Membership(at, years, tuple(sorted(codes.items())), weight)


def _making_up(
    phase: LinePhase, counted: list[tuple[int, CompiledLine]], pupil_lines: tuple[str, ...]
) -> tuple[int, ...]:
    """Return the lines that count a school's pupils, one as one, where they make up the phase."""
    within = [
        (at, _YEARS[line.key.phase])
        for at, line in counted
        if line.name in pupil_lines
        and not line.line.year_weights
        and set(_YEARS[line.key.phase]) <= set(_YEARS[phase])
    ]
    years = sorted(year for _, held in within for year in held)
    return tuple(at for at, _ in within) if years == list(_YEARS[phase]) else ()


def _year_weight(line: CompiledLine, year_group: int) -> int:
    """Return the weight of a pupil of a year group in a line, millionths."""
    name = "year_reception" if year_group == 0 else f"year_{year_group}"
    given = line.year_weights.get(name)
    if given is None:
        return MILLION
    numerator, denominator = given.decimal.as_integer_ratio()
    return half_away(numerator * MILLION, denominator)
