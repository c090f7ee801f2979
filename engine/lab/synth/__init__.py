"""Seeded synthetic pupils and schools that add to the published national tables."""

from engine.lab.synth.margins import SHIPPED
from engine.lab.synth.synthesis import PUPIL_CHOICES, SCHOOL_CHOICES, synthesise, synthetic_tables
from engine.lab.synth.synthetic import Synthetic, SyntheticTables

__all__ = [
    "PUPIL_CHOICES",
    "SCHOOL_CHOICES",
    "SHIPPED",
    "Synthetic",
    "SyntheticTables",
    "synthesise",
    "synthetic_tables",
]
