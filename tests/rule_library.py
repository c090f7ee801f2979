"""The published rule documents by the name of their file: read when a test asks, never at import."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from engine.data import FIXTURES
from engine.rules.compile import compile_rules
from engine.rules.compiled import CompiledRules
from engine.rules.document import RuleSet
from engine.rules.load import load_rule_file

RULE_FILES = {path.stem: path for path in sorted((FIXTURES / "rules").rglob("*.yaml"))}


@cache
def document(name: str) -> RuleSet:
    """Return a published rule document."""
    return load_rule_file(RULE_FILES[name])


@cache
def compiled(name: str) -> CompiledRules:
    """Return a published rule set, each value from its own day."""
    return compile_rules(document(name))


@cache
def with_part(part: str) -> tuple[str, ...]:
    """Return the names of the rule documents that have a part, for example ``band_profile``."""
    return tuple(name for name in RULE_FILES if getattr(document(name), part) is not None)


def naming(part: str) -> list[str]:
    """Return the names of the files whose text has a part at its top level; none of them is parsed.

    Tests are named by it while they are collected, so that a broken document fails its own tests.
    """
    heading = re.compile(rf"^{part}:", re.MULTILINE)
    return [
        name
        for name, path in RULE_FILES.items()
        if heading.search(path.read_text(encoding="utf-8"))
    ]


class Documents(Mapping[str, RuleSet]):
    """Every published rule document by its name, each read when it is first asked for."""

    def __getitem__(self, name: str) -> RuleSet:
        """Return a document."""
        return document(name)

    def __iter__(self) -> Iterator[str]:
        """Name every document; none is read."""
        return iter(RULE_FILES)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(RULE_FILES)


DOCUMENTS = Documents()
