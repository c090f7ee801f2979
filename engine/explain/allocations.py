"""Rows of an authority's own table explained: the steps to what each comes to."""

from engine.errors import NotReconciled, PairRefused, Problem
from engine.explain.rows import Explanation, Operator, Row, Unit, Working, titles_of
from engine.modules.allocation import Allocation, P, V
from engine.money import known_pounds
from engine.rules.compiled import CompiledRules
from engine.steps import rows, work


def explain_allocation(
    rules: CompiledRules, outcome: Allocation[P, V], subject: str
) -> Explanation:
    """Return the working of the rows of an authority or school, by what the first column of the key has.

    Raises ``PairRefused`` where there is none, ``NotReconciled`` where steps do not come to what a row comes to.
    """
    module, (first, *others) = outcome.module, outcome.module.key
    workings, absent = [], 0
    for one in outcome.valued:
        record = module.record(one)
        if str(record[first]) != subject:
            continue
        label = ", ".join(str(record[name]) for name in others if record[name]) or module.title
        steps = module.steps(one)
        found: tuple[Row, ...] = ()
        if steps is None:
            absent += 1
        elif work(*steps) != one.pence:
            message = f"the steps of {module.name} do not come to what is paid"
            raise NotReconciled(message)
        else:
            found = tuple(rows(*steps, titles_of(rules)))
        workings.append((one.pence, Working(module.name, label, found, int(steps is None))))
    if not workings:
        sentence = f"not found: no row of the table has this {first}"
        raise PairRefused([Problem(sentence, "unknown-subject")])
    total = None if absent else sum(pence for pence, _ in workings)
    row = Row(Operator.equals, module.title, known_pounds(total), Unit.pounds)
    sentence = "Each row is worked out by itself, and their amounts are added."
    return Explanation.of(rules, subject, [one for _, one in workings], [row], sentence, absent)
