"""The lines of an authority's factor as a rule document has them, with their money."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from engine.lab.imports.proforma import TOGETHER, Proforma, ProformaLine, ProformaRules
from engine.money import MILLION, PENCE, half_away

AMOUNT, SPARSITY, PUPILS = "amount", "sparsity", "pupils"
FRINGE = "london_fringe"
HIGHEST_MULTIPLIER = 2 * MILLION
TWO_PHASES = ("primary", "secondary")
"""The phases that a share of an amount printed for both of them is printed for."""

Lines = dict[str, ProformaLine]


@dataclass(frozen=True, slots=True)
class FactorLines:
    """A factor that an authority pays.

    counts    what it counts; sparsity is an amount where no sum for a school is printed
    lines     its lines by phase
    together  pounds printed for all of its lines, None where each line has its own
    assumed   phases whose share is not printed: they take that of the other phases
    shares    the shares that ``together`` may be of
    """

    name: str
    label: str
    counts: str
    lines: Lines
    together: Decimal | None
    assumed: frozenset[str] = frozenset()
    shares: frozenset[Decimal] = frozenset()

    @property
    def is_divided(self) -> bool:
        """Return whether the money that each share applies to is known."""
        return self.together is None or len(self.shares) == 1

    @property
    def money(self) -> Fraction:
        """Return what is printed for it, pence."""
        if self.together is not None:
            return Fraction(self.together) * PENCE
        return sum(map(line_money, self.lines.values()), Fraction(0))


def line_money(line: ProformaLine) -> Fraction:
    """Return a line's money: its units at their value, else what is printed, pence."""
    if line.units is not None and line.unit_value is not None:
        return Fraction(line.units) * Fraction(line.unit_value) * PENCE
    return Fraction(line.subtotal or 0) * PENCE


def factor_lines(proforma: Proforma, rules: ProformaRules) -> tuple[FactorLines, ...]:
    """Return the factors that an authority pays, in the order of the rules."""
    found = (_factor(name, proforma, rules) for name in rules.factors)
    return tuple(one for one in found if one is not None)


def fringe_uplift(proforma: Proforma) -> Decimal | None:
    """Return the pounds of a fringe uplift that schools' multipliers give, or None.

    An uplift with its own printed share is an amount like any other.
    """
    lines = proforma.of(FRINGE).values()
    if any(line.share is not None for line in lines):
        return None
    together = [line for line in lines if line.role == TOGETHER] or lines
    return sum((line.subtotal or Decimal(0) for line in together), Decimal(0)) or None


def mean_multiplier(proforma: Proforma, rules: ProformaRules) -> int | None:
    """Return an authority's fringe uplift as a multiplier of all that it may raise, millionths.

    None where there is no uplift, or one that no multiplier of schools could give.
    """
    uplift = fringe_uplift(proforma)
    raised = sum((one.money for one in factor_lines(proforma, rules) if is_raised(one, rules)), 0)
    if uplift is None or raised <= 0:
        return None
    multiplier = MILLION + half_away(
        *(Fraction(uplift) * PENCE * MILLION / raised).as_integer_ratio()
    )
    return multiplier if MILLION <= multiplier <= HIGHEST_MULTIPLIER else None


def is_raised(factor: FactorLines, rules: ProformaRules) -> bool:
    """Return whether a fringe multiplier raises a factor."""
    raised: bool = rules.factors[factor.name].get("in_fringe", True)
    return raised


def _factor(name: str, proforma: Proforma, rules: ProformaRules) -> FactorLines | None:
    if name == FRINGE and fringe_uplift(proforma) is not None:
        return None
    words, held = rules.factors[name], proforma.of(name)
    together = next((one for one in held.values() if one.role == TOGETHER), None)
    parts = {phase: one for phase, one in held.items() if one.role != TOGETHER}
    counts = words["counts"]
    if counts == SPARSITY and not _is_ruled(parts, rules):
        counts = AMOUNT
    lines = _amounts(parts, together) if counts == AMOUNT else _paid(parts, counts)
    if not lines and together is not None and together.subtotal:
        lines = {"all": together}
    if not lines:
        return None
    if together is not None:
        lines = _of_one_phase(lines, together)
    if together is None or "all" in lines or all(map(_has_money, lines.values())):
        return FactorLines(name, words["label"], counts, lines, None)
    lines, assumed, shares = _with_shares(lines, parts)
    return FactorLines(
        name, words["label"], counts, lines, together.subtotal or Decimal(0), assumed, shares
    )


def _is_ruled(parts: Lines, rules: ProformaRules) -> bool:
    """Return whether sums for a school are printed, all in phases whose thresholds have a name."""
    paid = _paid(parts, SPARSITY)
    return bool(paid) and set(paid) <= set(rules.of_year["sparsity"])


def _paid(parts: Lines, counts: str) -> Lines:
    """Return the lines that pay: sparsity of 0 needs no thresholds, and few tables print them."""
    if counts == SPARSITY:
        return {phase: line for phase, line in parts.items() if line.unit_value}
    return {
        phase: line for phase, line in parts.items() if line.unit_value is not None or line.subtotal
    }


def _amounts(parts: Lines, together: ProformaLine | None) -> Lines:
    """Return the lines of amounts.

    What is printed for both phases together is one line, unless the phases' shares differ.
    """
    own = [line.subtotal for line in parts.values()]
    if together is None or (own and None not in own and any(own) == bool(together.subtotal)):
        return {phase: line for phase, line in parts.items() if line.subtotal or line.share}
    if not together.subtotal and not together.share:
        return {}
    funded = {phase: line for phase, line in parts.items() if phase in TWO_PHASES}
    if len(_shares(funded.values())) > 1:
        return funded
    printed = [line.share for line in (*funded.values(), together) if line.share is not None]
    return {"all": replace(together, share=printed[0] if printed else None)}


def _has_money(line: ProformaLine) -> bool:
    units_priced = line.units is not None and line.unit_value is not None
    return line.subtotal is not None or units_priced


def _of_one_phase(lines: Lines, together: ProformaLine) -> Lines:
    """Return lines with their own amounts where all but one of two phases pay nothing a unit."""
    paying = [phase for phase, line in lines.items() if line.unit_value]
    if len(paying) != 1 or len(lines) == 1 or paying[0] not in TWO_PHASES:
        return lines
    return {
        phase: replace(line, subtotal=together.subtotal if phase in paying else Decimal(0))
        for phase, line in lines.items()
    }


def _shares(lines: Iterable[ProformaLine]) -> frozenset[Decimal]:
    """Return different shares; an empty one counts as none, as in printed totals."""
    return frozenset(line.share or Decimal(0) for line in lines)


def _with_shares(
    lines: Lines, parts: Mapping[str, ProformaLine]
) -> tuple[Lines, frozenset[str], frozenset[Decimal]]:
    """Return lines that have their amount together, with the shares that are not printed for them.

    A phase for which none is printed takes the others' where they agree; where they do
    not, the amount may be of either.
    """
    others = [line for phase, line in parts.items() if phase in TWO_PHASES]
    silent = [phase for phase in lines if phase not in TWO_PHASES and lines[phase].share is None]
    stated = [line for phase, line in lines.items() if phase not in silent]
    shares = _shares(stated) | (_shares(others) if silent else frozenset())
    printed = [one.share for one in (*lines.values(), *others) if one.share is not None]
    if len(shares or {None}) > 1 or not printed:
        return lines, frozenset(), shares or frozenset({Decimal(0)})
    assumed = frozenset(phase for phase, line in lines.items() if line.share is None)
    filled = {
        phase: replace(line, share=printed[0]) if phase in assumed else line
        for phase, line in lines.items()
    }
    return filled, assumed, _shares(filled.values())
