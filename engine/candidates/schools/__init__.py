"""Candidates of a schools formula: what each pays schools, as formula funding and as notional SEN."""

from engine.candidates.schools.run import SchoolRun
from engine.candidates.schools.sides import Measure

__all__ = ["NOT_PUBLISHED", "Measure", "SchoolRun"]

NOT_PUBLISHED = (
    "totals of many candidates over schools tell how many pupils of each kind few schools have, so that nothing of them can"
    " be published: compare two rule sets over pupils and publish that, or keep the answers to yourself"
)
"""Why candidates over schools have no publication, and the way out."""
