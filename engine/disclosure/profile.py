"""What a publication hides: the numbers, the symbol for them, and how amounts are rounded."""

import hashlib
from dataclasses import dataclass
from functools import cache

import yaml

from engine.data import FIXTURES
from engine.money import PENCE, half_away

NAME = "small-numbers"


@dataclass(frozen=True, slots=True)
class DisclosureProfile:
    """A versioned profile of disclosure control.

    most               the highest number of pupils that is hidden; 0 is shown, 1 to ``most`` are not
    symbol             what is shown for a number or amount that is hidden
    rounded_to_pounds  amounts of authorities and smaller groups are rounded to so many pounds
    deciles_from       pupils from whose number on tenths of their changes are shown
    candidates_by_authority  candidates whose totals are published by authority, beside the baseline
    authorities_from   authorities of which a total is made that is published for every candidate
    candidates_rounded_to_pounds  steps of amounts of candidates, of which the first is taken that tells no small number
    digest             SHA-256 of the profile's file
    """

    identifier: str
    version: int
    title: str
    source: str
    most: int
    symbol: str
    rounded_to_pounds: int
    deciles_from: int
    candidates_by_authority: int
    authorities_from: int
    candidates_rounded_to_pounds: list[int]
    digest: str

    def is_small(self, number: int) -> bool:
        """Return whether a number of pupils is hidden."""
        return 1 <= number <= self.most

    def rounded(self, pence: int) -> int:
        """Return an amount, pence, to the nearest of the profile's steps, half away from zero."""
        step = self.rounded_to_pounds * PENCE
        return pence if step == 0 else int(half_away(pence, step)) * step

    def record(self) -> dict[str, object]:
        """Return what a manifest keeps of the profile."""
        return {"identifier": self.identifier, "version": self.version, "digest": self.digest}


@cache
def disclosure_profile(version: int = 1) -> DisclosureProfile:
    """Return a version of the profile that ships. Raises ``FileNotFoundError`` for one that does not exist."""
    content = (FIXTURES / "disclosure" / f"{NAME}-{version}.yaml").read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    return DisclosureProfile(**yaml.safe_load(content), digest=digest)
