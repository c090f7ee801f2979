"""First part, floor and cap of a top-up, of which some may not be known: extremes are tried in their place."""

from fractions import Fraction
from itertools import product as product_of


def within_limits(
    due: Fraction | int,
    threshold: int | str,
    floor: Fraction | str | None,
    cap: Fraction | str | None,
) -> tuple[Fraction | int, str] | str:
    """Return what is due after first part, floor and cap, and the reason, or why it is not known.

    In the place of what is not known none and far too much are tried: where all come to the same it changes nothing.
    """
    none, far = Fraction(0), Fraction(10**12)
    tried = [
        (far, none) if isinstance(threshold, str) else (threshold,),
        (none, far) if isinstance(floor, str) else (floor,),
        (none, far) if isinstance(cap, str) else (cap,),
    ]
    found = [limited(due, *values) for values in product_of(*tried)]
    if len({amount for amount, _ in found}) > 1:
        return next(one for one in (threshold, floor, cap) if isinstance(one, str))
    amount, reason = found[0]
    unsaid = isinstance(threshold, str) and due and reason == "within_threshold"
    return amount, "rate" if unsaid else reason


def limited(
    due: Fraction | int, threshold: Fraction | int, floor: Fraction | None, cap: Fraction | None
) -> tuple[Fraction | int, str]:
    """Return what is due after a first part in pence, a floor and a cap in pounds, and the reason."""
    reason = "rate"
    if threshold:
        due, reason = (
            max(due - threshold, Fraction(0)),
            "rate" if due > threshold else "within_threshold",
        )
    if floor is not None and due < floor * 100:
        due, reason = floor * 100, "floor"
    if cap is not None and due > cap * 100:
        due, reason = cap * 100, "cap"
    return due, reason
