"""The names of groups of pupils: authorities, needs and other codes, spelled out."""

from enum import IntEnum

from engine.candidates.groups import NOT_SUPPLIED
from engine.code_words import words_of
from engine.vocabulary import (
    Idaci,
    Need,
    PupilPhase,
    SchoolPhase,
    SenProvision,
    Setting,
    local_authorities,
)

CODES: dict[str, type[IntEnum]] = {
    "need": Need,
    "setting": Setting,
    "phase": PupilPhase,
    "school_phase": SchoolPhase,
    "sen_provision": SenProvision,
    "idaci": Idaci,
}
"""The codes of each kind of group that is named by one."""


def group_name(kind: str, group: str) -> str | None:
    """Return the name of a group that has a code for one."""
    if group == NOT_SUPPLIED:
        return None
    if kind == "la":
        return local_authorities().get(int(group))
    return words_of(CODES[kind], group) if kind in CODES else None
