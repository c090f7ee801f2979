"""Bodies that the description of the API shows; they are data, and a test sends each to the service."""

import json
from typing import Any

from engine.data import FIXTURES

Examples = dict[str, Any]

_ALLOCATIONS: dict[str, Examples] = json.loads(
    (FIXTURES / "examples" / "allocations.json").read_text(encoding="utf-8")
)
PLACES, HIGH_NEEDS_BLOCK, TARGETED_FUNDING = (
    _ALLOCATIONS[name] for name in ("places", "high_needs_block", "targeted_funding")
)
