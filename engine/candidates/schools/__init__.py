"""Candidates of a schools formula: what each pays schools, as formula funding and as notional SEN."""

from engine.candidates.schools.run import SchoolRun
from engine.candidates.schools.sides import Measure

__all__ = ["Measure", "SchoolRun"]
