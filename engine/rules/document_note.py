"""A note on a rule document: what its author may not have meant."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Note:
    """A note on a rule document: its kind, the place that it is about, a sentence, and a case as an example.

    ``type`` is one of ``no-price``, ``no-value``, ``unreachable-price``, ``unreachable-value``,
    ``unreachable-band``, ``unreachable-modifier``, ``changes``, ``one-day``, ``part-of-year``, ``year``,
    ``not-printed``, ``not-uprated``, ``cap-below-floor`` and ``odd-value``. ``example`` has a value for
    each input of a pupil who is concerned.
    """

    type: str
    place: str
    sentence: str
    example: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the sentence."""
        return self.sentence
