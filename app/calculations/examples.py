"""Bodies that the description of the API shows; they are data, and a test sends each to the service."""

import json
from typing import Any

from engine.data import FIXTURES

Examples = dict[str, Any]

_WHAT_IFS: dict[str, Examples] = json.loads(
    (FIXTURES / "examples" / "what_ifs.json").read_text(encoding="utf-8")
)
NOTIONAL_SEN, TOP_UPS, COMPARISON = (
    _WHAT_IFS[name] for name in ("notional_sen", "top_ups", "comparison")
)
