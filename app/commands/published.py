"""Rule sets by name or file: the published ones are found in their folder."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands.exits import TRACE, about, misused
from engine.data import PUBLISHED
from engine.jit import CACHE_VARIABLE

if TYPE_CHECKING:
    from engine.input_file import InputFile
    from engine.rules import RuleSet


def rules_folder() -> Path:
    """Return the folder of published rule sets."""
    if _nothing_is_set() and PUBLISHED.is_dir():
        return PUBLISHED
    from pydantic import ValidationError

    from app.settings import Settings

    try:
        return Settings().rules_folder
    except ValidationError as error:
        raise misused(sentences(error)) from None


def _nothing_is_set() -> bool:
    """Return whether no setting is in the environment, so that there is none to read or to refuse."""
    names = {name.upper() for name in os.environ} - {CACHE_VARIABLE, TRACE}
    return not any(name.startswith("EVENBAND_") for name in names)


def sentences(error: Exception) -> str:
    """Return what is wrong with the settings, without what was given."""
    from pydantic import ValidationError

    from engine.wording import sentence_of

    problems = (
        error.errors(include_input=False, include_url=False)
        if isinstance(error, ValidationError)
        else []
    )
    return "; ".join(
        ": ".join([*(f"EVENBAND_{part}".upper() for part in one["loc"][:1]), sentence_of(one)])
        for one in problems
    )


def load(path: Path) -> "RuleSet":
    """Read a rule document, or raise a refusal that names the file."""
    return read(path)[0]


def read(path: Path) -> "tuple[RuleSet, InputFile]":
    """Return a rule document and which bytes it was read from, or raise a refusal that names the file."""
    from engine.rules import read_rule_file

    with about(path):
        return read_rule_file(path)


def rule_set(name: str) -> "tuple[RuleSet, InputFile]":
    """Return a rule document and its file: a file by its path, or the latest of an identifier."""
    from engine.rules import files_by_identifier, names_file, not_published

    if names_file(name):
        return read(Path(name))
    named = files_by_identifier(rules_folder())
    if name not in named:
        raise misused(f"{not_published(name, named)}; 'evenband rules list' lists them")
    return max((read(file) for file in named[name]), key=lambda one: one[0].version)
