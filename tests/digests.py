"""One digest of everything an evaluation yields for pupils and schools."""

import hashlib

import numpy as np

from engine.run import Outcome

NOTIONAL = (
    "form", "units", "absent", "amount", "notional", "minimum_base", "pupils", "years", "uplift", "protection",
    "uplift_notional", "protection_notional", "formula_total", "notional_total", "absent_total",
)  # fmt: skip
TOP_UPS = ("amount", "reason", "placement_sum", "placement_absent", "annual", "year_share")


def arrays_of(outcome: Outcome) -> dict[str, np.ndarray]:
    """Return the arrays of an outcome by name, those of combinations by pupil."""
    arrays = {}
    if outcome.notional is not None:
        arrays |= {name: getattr(outcome.notional, name) for name in NOTIONAL}
    if outcome.top_ups is not None:
        top_ups = outcome.top_ups
        arrays |= {f"pupil_{name}": getattr(top_ups, name) for name in TOP_UPS}
        arrays["pupil_threshold"] = top_ups.decisions.rates.threshold[:, top_ups.combination]
        for name in ("band", "row", "price"):
            arrays[f"pupil_{name}"] = getattr(top_ups.decisions, name)[top_ups.combination]
    return arrays


def digest_of(outcome: Outcome) -> str:
    """Return a digest of every array of an outcome: its name, type, shape and bytes."""
    digest = hashlib.sha256()
    for name, array in sorted(arrays_of(outcome).items()):
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()
