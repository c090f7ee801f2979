"""Conditions of a rule document in words."""

from collections.abc import Mapping, Sequence

from engine.rules.inputs import Input

Conditions = Mapping[Input | str, Sequence[str]]
_PLAIN: dict[Input | str, str] = {Input.sen_provision: "provision"}


def spoken(word: str) -> str:
    """Return a word of a document as people say it."""
    return word.replace("_", " ")


def condition_words(when: Conditions, leave_out: Sequence[Input] = ()) -> str:
    """Return conditions as one phrase, empty where nothing is asked.

    >>> condition_words({Input.primary_need: ["SLD", "MSI"], Input.score: ["0-79"]})
    'primary need SLD or MSI, score 0-79'
    """
    return ", ".join(
        f"{_PLAIN.get(name, spoken(str(name)))} {' or '.join(map(spoken, choices))}"
        for name, choices in when.items()
        if name not in leave_out
    )
