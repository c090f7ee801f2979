"""Bodies that the description of the API shows; they are data, and a test sends each to the service."""

import json
from typing import Any

from engine.data import FIXTURES

Examples = dict[str, Any]


def _examples(file: str) -> dict[str, Examples]:
    text = (FIXTURES / "examples" / file).read_text(encoding="utf-8")
    examples: dict[str, Examples] = json.loads(text)
    return examples


WHAT_IFS = _examples("what_ifs.json") | _examples("allocations.json")
(
    NOTIONAL_SEN,
    TOP_UPS,
    COMPARISON,
    YEAR_CHANGE,
    LETTER,
    RULE_CHANGES,
    PLACES,
    HIGH_NEEDS_BLOCK,
    TARGETED_FUNDING,
    CASES,
) = (
    WHAT_IFS[name]
    for name in (
        *("notional_sen", "top_ups", "comparison", "year_change", "letter", "rule_changes"),
        *("places", "high_needs_block", "targeted_funding", "cases"),
    )
)
