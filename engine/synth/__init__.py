"""Seeded synthetic pupils and schools that add to the published national tables."""

from engine.synth.synthesis import PUPIL_CHOICES, SCHOOL_CHOICES, synthesise, synthetic_tables
from engine.synth.synthetic import Synthetic, SyntheticTables

__all__ = [
    "PUPIL_CHOICES",
    "SCHOOL_CHOICES",
    "Synthetic",
    "SyntheticTables",
    "synthesise",
    "synthetic_tables",
]
