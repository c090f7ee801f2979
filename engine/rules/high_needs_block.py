"""An authority's high needs block in a rule document: its formula, and its rate in force."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from pydantic import Field, model_validator

from engine.rules.in_force import InForce, Later
from engine.rules.values import DatedValue, Label, Misfit, Name, Rate, Section


class BlockTerm(Section):
    """One part of the block: an amount, or a number times a unit value."""

    label: Label
    times: Name | None = Field(default=None, description="the column that multiplies this one")


class HighNeedsBlock(Section):
    """The published identity of the block: its terms added, the total up to a whole pound.

    ``additional_rate`` times ``additional_base`` (up to a whole pound) gives the term
    ``additional`` where it is not given.
    """

    terms: dict[Name, BlockTerm]
    additional: Name | None = None
    additional_base: Name | None = None
    additional_rate: Rate | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        return self.refuse_faults()

    def faults(self) -> Iterator[Misfit]:
        """Yield what is wrong with the additional allocation."""
        parts = (self.additional, self.additional_base, self.additional_rate)
        if any(parts) and not all(parts):
            message = (
                "give additional, additional_base and additional_rate together, or none of them"
            )
            yield Misfit(message)
        if self.additional is not None and self.additional not in self.terms:
            message = "'additional' must be the name of one of the terms"
            yield Misfit(message, ".terms", at=("additional",))

    def compile(self, now: InForce) -> "CompiledBlock":
        """Return the block with the rate of its additional allocation in force."""
        rate = self.additional_rate
        later = now.later({"high_needs_block.additional_rate": rate})
        return CompiledBlock(self, now.latest(rate), later)


@dataclass(frozen=True, slots=True)
class CompiledBlock:
    """The high needs block with the rate of its additional allocation in force."""

    rule: HighNeedsBlock
    additional_rate: DatedValue | None
    later: Later
