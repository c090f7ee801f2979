"""A run: modules in order over one year or several, from checked tables and compiled rules to outcomes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, TypeVar

from engine.modules.allocation import AllocationModule
from engine.modules.high_needs_block import HIGH_NEEDS_BLOCK
from engine.modules.module import Inputs, Module, ModuleOutcome, Outcomes, Tables
from engine.modules.places import PLACES
from engine.modules.school_formula import SCHOOL_FORMULA, NotionalOutcome
from engine.modules.targeted import TARGETED_FUNDING
from engine.modules.top_ups import TOP_UPS, TopUpOutcome
from engine.notices import Notice
from engine.refusals import Refusals
from engine.row_chunks import ONE_THREAD, Blocks
from engine.rules.compiled import CompiledRules
from engine.tables import PupilTable, SchoolTable

AnyModule = Module[Any, Any]
AnyAllocation = AllocationModule[Any, Any]
O = TypeVar("O", bound=ModuleOutcome)  # noqa: E741 - what a module yields


@dataclass(frozen=True, slots=True, repr=False)
class Outcome:
    """What a run yields for one year, by module; what rules or tables lack is not there."""

    rules: CompiledRules
    outcomes: Outcomes

    def of(self, module: Module[Any, O]) -> O | None:
        """Return what a module yielded, None where it valued nothing."""
        return module.outcome_among(self.outcomes)

    @property
    def notional(self) -> NotionalOutcome | None:
        """Return the schools formula and notional SEN of schools."""
        return self.of(SCHOOL_FORMULA)

    @property
    def top_ups(self) -> TopUpOutcome | None:
        """Return the bands and top-ups of pupils."""
        return self.of(TOP_UPS)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Return the notes on the tables that were valued, each once."""
        said = (notice for one in self.outcomes.values() for notice in one.notices)
        return tuple(dict.fromkeys(said))

    def reconcile(self) -> None:
        """Raise ``NotReconciled`` unless every part adds to its total."""
        for one in self.outcomes.values():
            one.reconcile()

    def __repr__(self) -> str:
        """Return under which rules."""
        return f"<Outcome under {self.rules!r}>"


class Year(NamedTuple):
    """Rules in force and what there is to value under them."""

    rules: CompiledRules
    tables: Tables


class Run:
    """An ordered list of modules, each after those that it reads."""

    def __init__(self, modules: Sequence[AnyModule]) -> None:
        """Take modules in the order in which they value.

        Raises ``ValueError`` where one reads a module that comes later, itself or one that is not
        there, as every circle of modules does, and where two have one name.
        """
        earlier: list[AnyModule] = []
        for module in modules:
            unread = [one.name for one in module.after if one not in earlier]
            if unread:
                message = f"{module.name} must come after what it reads: {', '.join(unread)}"
                raise ValueError(message)
            if module.name in {one.name for one in earlier}:
                message = f"{module.name} is there twice"
                raise ValueError(message)
            earlier.append(module)
        self.modules = tuple(earlier)

    @property
    def allocations(self) -> tuple[AnyAllocation, ...]:
        """Return the modules that value an authority's own tables."""
        return tuple(one for one in self.modules if isinstance(one, AllocationModule))

    def over(self, years: Iterable[Year], *, blocks: Blocks = ONE_THREAD) -> tuple[Outcome, ...]:
        """Value years in their order, each by every module; a module may read earlier years.

        Pure, the same result for any division into blocks. Raises ``PairRefused`` with every
        problem where rules and data do not fit, ``NotReconciled`` where parts do not add to their
        total, and ``ValueError`` for a rule set that applies before the one before it has ended,
        as a second of the same year does, and for a table that no module reads.
        """
        found: list[Outcome] = []
        earlier: dict[date, Outcomes] = {}
        for year in years:
            days = year.rules.document.effective
            if days.first <= max(earlier, default=date.min):
                message = "each year must begin after the one before it has ended"
                raise ValueError(message)
            found.append(self._year(year, earlier, blocks))
            earlier[days.last] = found[-1].outcomes
        return tuple(found)

    def _year(self, year: Year, earlier: Mapping[date, Outcomes], blocks: Blocks) -> Outcome:
        unread = year.tables.frames.keys() - {one.name for one in self.modules}
        if unread:
            message = f"no module of this run reads a table of {', '.join(sorted(unread))}"
            raise ValueError(message)
        outcomes: dict[str, ModuleOutcome] = {}
        refusals, refused = Refusals(), set[str]()
        for module in self.modules:
            if refused.intersection(one.name for one in module.after):
                refused.add(module.name)
                continue
            inputs = Inputs(module, year.rules, year.tables, outcomes, earlier, blocks)
            before = len(refusals.found)
            with refusals.part():
                outcome = module.value(inputs)
                if outcome is not None:
                    module.reconcile(outcome)
                    outcomes[module.name] = outcome
            if len(refusals.found) > before:
                refused.add(module.name)
        refusals.refuse()
        return Outcome(year.rules, outcomes)


SCHOOLS_AND_PUPILS = Run((SCHOOL_FORMULA, TOP_UPS))
EVERYTHING = Run((SCHOOL_FORMULA, TOP_UPS, PLACES, HIGH_NEEDS_BLOCK, TARGETED_FUNDING))
"""Every module of a rule set; targeted funding reads the schools formula where it has no table of its own."""


def evaluate(
    rules: CompiledRules,
    schools: SchoolTable | None = None,
    pupils: PupilTable | None = None,
    *,
    blocks: Blocks = ONE_THREAD,
) -> Outcome:
    """Value schools and pupils under rules; pure, the same result for any division into blocks.

    Raises as ``Run.over``, of which it is the case of one year.
    """
    year = Year(rules, Tables(schools=schools, pupils=pupils))
    return SCHOOLS_AND_PUPILS.over([year], blocks=blocks)[0]
