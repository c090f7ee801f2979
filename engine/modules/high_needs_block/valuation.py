"""The high needs block as published: its terms added, up to a whole pound.

Source: Department for Education, dedicated schools grant allocations 2020-21 to
2023-24: the identities give every authority's published total exactly.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from engine.errors import PairRefused, Problem
from engine.money import MILLION, PENCE, half_away
from engine.rules.high_needs_block import CompiledBlock, HighNeedsBlock
from engine.steps import (
    DocumentValue,
    Earlier,
    Op,
    Own,
    PartlyKnown,
    Step,
    Steps,
    Unit,
    label_of,
    result,
    run,
    start,
    up_to_a_pound,
    whole_pence,
)

ADDITIONAL, TOTAL = "additional allocation", "total"
ANY = Fraction(1)
"""In the place of a term whose rate is not printed: nothing has to be given for it."""


@dataclass(frozen=True, slots=True)
class BlockAmount:
    """An authority's block: the exact pence of each term, and the total in whole pounds as pence.

    What depends on a rate that is not printed is None. ``steps`` lead to the total, and ``own`` are the numbers of
    the authority that they take, None where one is not known.
    """

    terms: dict[str, Fraction | None]
    additional: int | None
    total: int | None
    steps: Steps
    own: PartlyKnown

    def term(self, name: str) -> int | None:
        """Return the amount of a term, pence, rounded once to show; the total adds exact terms."""
        exact = self.terms[name]
        return None if exact is None else half_away(*exact.as_integer_ratio())


def block_steps(compiled: CompiledBlock, given: PartlyKnown) -> Steps:
    """Return the steps from the terms that are given to the total; one that is not among them is worked out."""
    terms = compiled.rule.terms
    steps = [*_additional(compiled, given)]
    for name, term in terms.items():
        if term.times:
            steps.append(start(term.label, _own(name, given)))
            steps.append(Step(Op.times, label_of(term.times), Own(term.times, MILLION, Unit.units)))
            steps.append(result(term.label, None, name))
    steps += [
        Step(
            Op.plus if at else Op.start,
            term.label,
            Earlier(name) if term.times else _own(name, given),
        )
        for at, (name, term) in enumerate(terms.items())
    ]
    return (*steps, up_to_a_pound("Up to a whole pound", TOTAL))


def _own(name: str, given: PartlyKnown) -> Own | Earlier:
    """Return a term as it is given, or as the rules work it out."""
    return Own(name, PENCE, Unit.pounds) if name in given else Earlier(ADDITIONAL)


def _additional(compiled: CompiledBlock, given: PartlyKnown) -> Iterator[Step]:
    """Yield the steps to the additional allocation, where its base is given."""
    rate, base = compiled.additional_rate, compiled.rule.additional_base
    if rate is None or base is None or given.get(base) is None:
        return
    yield start(label_of(base), Own(base, PENCE, Unit.pounds))
    path = "high_needs_block.additional_rate"
    yield Step(Op.times, "National rate", DocumentValue(rate, path, Unit.multiplier))
    yield up_to_a_pound("Additional allocation, up to a whole pound", ADDITIONAL)


def value_block(compiled: CompiledBlock, given: Mapping[str, Fraction]) -> BlockAmount:
    """Return an authority's block from its terms, pounds or numbers; ``PairRefused`` names each that is missing.

    What is left out is not nothing, though published tables print nothing there, unless it is
    multiplied by nothing; the rules may work out one.
    """
    rules = compiled.rule
    computed = {rules.additional} if [*_additional(compiled, given)] else set()
    terms = [name for name in rules.terms if name not in computed]
    needed = [*terms, *(term.times for term in rules.terms.values() if term.times)]
    own = dict.fromkeys(needed) | dict(given)
    steps = block_steps(compiled, own)
    found = {step.name: held for step, _, held in run(steps, own) if step.name}
    worked_out = None if not computed else found[ADDITIONAL]
    if missing := _missing(
        rules, own, worked_out if worked_out is not None or not computed else ANY
    ):
        sentence = "is missing; this term of the block is needed (0 if there is none)"
        raise PairRefused([Problem(sentence, "missing-term", column=name) for name in missing])
    plain = {name: one * PENCE for name, one in given.items()}
    amounts = {
        name: found[name] if term.times else plain.get(name, worked_out)
        for name, term in rules.terms.items()
    }
    return BlockAmount(amounts, whole_pence(worked_out), whole_pence(found[TOTAL]), steps, own)


def _missing(
    rules: HighNeedsBlock, own: Mapping[str, Fraction | None], additional: Fraction | None
) -> list[str]:
    """Return the terms, then the multipliers, without which a term is not known; 0 times anything is 0.

    ``additional`` is the term that is worked out, ``ANY`` where its rate is not printed.
    """
    terms = {name: own.get(name, additional) for name in rules.terms}
    times = {term.times: own[term.times] for term in rules.terms.values() if term.times}
    missing = dict.fromkeys(
        name
        for name, term in rules.terms.items()
        if terms[name] is None and (not term.times or times[term.times] != 0)
    )
    missing |= dict.fromkeys(
        term.times
        for name, term in rules.terms.items()
        if term.times and times[term.times] is None and terms[name] != 0
    )
    return [*missing]
