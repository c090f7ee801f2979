"""Which code of an authority replaces another, as texts say it."""

from collections.abc import Iterable


def mapping_of(pairs: Iterable[str]) -> dict[str, str]:
    """Return which code replaces another, of texts such as ``909=942``; raises ``ValueError`` with all that is wrong."""
    mapping: dict[str, str] = {}
    wrong: dict[str, None] = {}
    for pair in pairs:
        old, equals, new = (part.strip() for part in pair.partition("="))
        if not equals or not old or not new:
            wrong["must be OLD=NEW, such as 909=942"] = None
        elif mapping.setdefault(old, new) != new:
            wrong[f"maps {old[:20]} to two codes; keep one"] = None
    if wrong:
        raise ValueError("; ".join(wrong))
    return mapping
