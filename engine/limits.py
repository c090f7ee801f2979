"""What figures usually are, as data with their sources: outside a limit a figure is questioned, never refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import yaml

from engine.data import FIXTURES

FILE = FIXTURES / "plausibility" / "limits.yaml"


@dataclass(frozen=True, slots=True)
class Limit:
    """The usual range of a figure, both ends included; None where an end is open.

    ``words`` say the range for readers, and ``source`` is the title of its publication.
    """

    least: Decimal | None
    most: Decimal | None
    words: str
    source: str

    @property
    def lower(self) -> Decimal:
        """Return the least usual figure, 0 where there is none."""
        return Decimal() if self.least is None else self.least

    @property
    def upper(self) -> Decimal:
        """Return the highest usual figure, infinite where there is none."""
        return Decimal("Infinity") if self.most is None else self.most


@cache
def limits() -> Mapping[str, Limit]:
    """Return the limits by their names."""
    document: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    sources = document["sources"]
    return {
        name: Limit(
            least=_decimal(one.get("least")),
            most=_decimal(one.get("most")),
            words=one.get("words", ""),
            source=sources[one["source"]]["title"],
        )
        for name, one in document["limits"].items()
    }


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
