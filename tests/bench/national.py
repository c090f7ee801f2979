"""The pupils, schools and rules that every contender is timed on, in memory before the clock starts."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from engine.lab.synth import synthetic_tables
from engine.rules.compile import compile_rules
from engine.rules.compiled import CompiledRules
from engine.rules.document import RuleSet
from engine.rules.load import load_rule_file
from engine.tables import PupilTable, SchoolTable
from engine.tables.chosen_pupils import ChosenColumns
from engine.tables.pupils import PROVISION_COLUMNS
from engine.vocabulary import FIXTURES, SenProvision
from tests.bench.cells import Cells
from tests.builders import some_of

PROFILE = FIXTURES / "rules" / "2026-27" / "national-profile-candidate.yaml"
FLAGS = ("fsm", "fsm6", "idaci", "low_prior_attainment", "eal3", "mobility", "looked_after")
READ = (*FLAGS, "year_group", "primary_need", "setting", "score", "start", "end", "urn", "la")


@dataclass(frozen=True)
class Pupils:
    """One table of pupils, with what other tools need beside the columns: dense group numbers."""

    table: PupilTable
    urns: np.ndarray

    @cached_property
    def columns(self) -> dict[str, np.ndarray]:
        return {name: self.table.columns[name] for name in READ}

    @cached_property
    def school(self) -> np.ndarray:
        """Return each pupil's school by its place among the schools; the last is none of them."""
        urn = self.columns["urn"]
        place = np.minimum(np.searchsorted(self.urns, urn), len(self.urns) - 1)
        return np.where(self.urns[place] == urn, place, len(self.urns)).astype(np.int32)

    def as_columns(self) -> PupilTable:
        """Return the table's columns alone, before it is laid out."""
        return replace(
            self.table,
            common=(),
            narrow=(),
            known_dated=None,
            school_order=None,
            with_provision=None,
        )

    def fresh(self) -> PupilTable:
        """Return the table as it is when a file has just been read, with nothing worked out under rules."""
        held = self.table.with_provision
        if held is not None:
            laid_out = {name: held.pupils.columns[name] for name in PROVISION_COLUMNS}
            columns = ChosenColumns(self.table.columns, held.pupils.where, laid_out)
            codes = {held.names: held.pupils.chosen_narrow[held.names]}
            again = replace(held.pupils, columns=columns, chosen_narrow=codes)
            held = held._replace(pupils=again)
        return replace(self.table, with_provision=held)


@dataclass(frozen=True)
class National:
    """Everything that is compared: pupils, plan holders, schools, and two rule sets."""

    everyone: Pupils
    plan_holders: Pupils
    schools: SchoolTable
    formula: CompiledRules
    banding: CompiledRules
    cells: Cells


def part(document: RuleSet, *left_out: str) -> CompiledRules:
    """Return the rules of a document without some of its parts."""
    return compile_rules(document.model_copy(update=dict.fromkeys(left_out)))


def national(pupils: int, schools: int) -> National:
    """Return synthetic pupils in national proportions at so many schools."""
    tables = synthetic_tables(pupils, seed=20_260_401, schools=schools)
    document = load_rule_file(PROFILE)
    everyone = tables.pupils
    plans = some_of(everyone, everyone.columns["sen_provision"] == SenProvision.E)
    return National(
        everyone=Pupils(everyone, tables.schools.urn),
        plan_holders=Pupils(plans, tables.schools.urn),
        schools=tables.schools,
        formula=part(document, "band_profile", "top_up_rule"),
        banding=part(document, "schools_formula"),
        cells=Cells.of(document),
    )
