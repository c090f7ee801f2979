"""The numbers that a what-if tries, in one spelling and under one digest, saved or not."""

import hashlib
import json
from collections.abc import Iterable, Mapping

from engine.money import decimal_of

Overlay = Mapping[str, str]
"""Values to try by their paths in the rule document."""


def overlay_of(pairs: Iterable[tuple[str, str]]) -> Overlay:
    """Return numbers by their paths, each value in one spelling: 60.0 is 60.

    >>> overlay_of([("a", "60.0"), ("b", "-0"), ("c", "1200")])
    {'a': '60', 'b': '0', 'c': '1200'}
    """
    return {place: _plain(value) for place, value in pairs}


def _plain(value: str) -> str:
    try:
        number = decimal_of(value)
    except ValueError:
        # What is no number is refused where it is tried.
        return value
    return f"{number.normalize():f}" if number else "0"


def canonical_text(overlay: Overlay) -> str:
    """Return an overlay as canonical JSON."""
    return json.dumps(dict(overlay), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def overlay_digest(base: str, overlay: Overlay) -> str:
    """Return the SHA-256 of an overlay over the rules of a digest."""
    text = json.dumps(
        {"base": base, "overlay": canonical_text(overlay)}, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()
