"""Text in YAML as nodes, bounded in length, in values and in depth before it takes much time.

A line of YAML takes the processor thirty times as long as one of CSV. So a text of many
values is refused at the first one too many, and is not read to its end.
"""

import re
from contextlib import suppress
from importlib import import_module
from itertools import islice
from typing import Any

import yaml
from typing_extensions import override
from yaml.reader import ReaderError

from engine.errors import Problem
from engine.input_file import MOST_DOCUMENT_BYTES
from engine.unseen_characters import name_of_character
from engine.wording import yaml_fault

MOST_VALUES = 60_000
"""Names, values, groups and lists of a document; the longest published one has under a thousand."""

DEEPEST = 32
"""Groups and lists within each other; the rules of a published document have at most ten."""


_PLAIN = re.compile(r"(?s)(?![%\ufeff])(?:[\n \x22->@-~\u00a1-\u1fff\u2010-\u2027\u2030-\ud7ff])*")
"""Texts without ``?`` and ``!``, tabs, directives and rare characters, which the two libraries may not read alike."""


_BLOCK_AND_NOTE = re.compile(r"[|>][-+0-9]*#")
"""A note right behind the sign of a block of text, which the library in Python refuses."""

EMPTY = "has no value"


class YamlRefused(yaml.MarkedYAMLError):
    """A text that holds what none of ours may; its problem is a sentence for the user."""

    def __init__(self, sentence: str, mark: yaml.Mark | None) -> None:
        super().__init__(problem=sentence, problem_mark=mark)


class Bounded(yaml.composer.Composer):
    """Makes the nodes of a text, and stops at the first value or level too many.

    Raises ``YamlRefused``.
    """

    _values = 0
    _depth = 0

    @override
    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self._values += 1
        mark = self.peek_event().start_mark  # type: ignore[attr-defined]
        if self._values > MOST_VALUES:
            sentence = f"a document may have at most {MOST_VALUES:,} fields and values"
            raise YamlRefused(sentence, mark)
        if self._depth >= DEEPEST:
            raise YamlRefused("has too many levels of nesting", mark)
        self._depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1


class BoundedLoader(Bounded, yaml.SafeLoader):
    """Reads plain values, with ``yes`` and ``no`` as flags, within the bounds."""


def nodes_of(text: str) -> list[yaml.Node | None]:
    """Return the first two documents of a text as nodes; of one that is as it should be, the only one.

    The library in C reads most texts in a fifth of the time. What it stops at, and what it may read
    otherwise than the one in Python, is read by that one, which words what is wrong. Raises
    ``YAMLError``.
    """
    if FAST is not None and is_plain(text):
        with suppress(yaml.YAMLError):
            found: list[yaml.Node | None] = list(islice(yaml.compose_all(text, Loader=FAST), 2))
            if len(found) == 1:
                return found
    return list(islice(yaml.compose_all(text, Loader=BoundedLoader), 2))


def is_plain(text: str) -> bool:
    """Return whether a text has nothing that the two libraries may read otherwise than each other."""
    return _PLAIN.fullmatch(text) is not None and _BLOCK_AND_NOTE.search(text) is None


def _fast_loader() -> type[Any] | None:
    """Return the loader that takes the parts of a text from the library in C; None where it is not installed."""
    try:
        parser: Any = import_module("yaml.cyaml").CParser
    except ImportError:
        return None

    class FastLoader(Bounded, parser, yaml.resolver.Resolver):  # type: ignore[misc]
        """Reads as ``BoundedLoader`` does."""

        def __init__(self, stream: str) -> None:
            parser.__init__(self, stream)
            Bounded.__init__(self)
            yaml.resolver.Resolver.__init__(self)

        @override
        def compose_scalar_node(self, anchor: Any) -> yaml.ScalarNode:
            node = super().compose_scalar_node(anchor)
            if not node.value and not node.style:
                # The two libraries see what is left out on different lines.
                raise YamlRefused(EMPTY, node.start_mark)
            # A scalar without quotes has no style in Python, and an empty one in C.
            node.style = node.style or None
            return node

    return FastLoader


FAST = _fast_loader()


def check_length(text: str) -> None:
    """Raise ``YamlRefused`` for a text that is too long to be read."""
    if len(text) > MOST_DOCUMENT_BYTES:
        raise YamlRefused(f"a document may have at most {MOST_DOCUMENT_BYTES >> 20} MiB", None)


def fault_of(error: yaml.YAMLError, text: str) -> Problem:
    """Return what is wrong with a text that was refused, with its line where it has one."""
    if isinstance(error, ReaderError):
        at = text.count("\n", 0, error.position) + 1
        sign = name_of_character(text[error.position])
        sentence = f"has a character that no text has ({sign}); delete it"
        return Problem(sentence, "yaml", line=at)
    if not isinstance(error, yaml.MarkedYAMLError):
        return Problem(yaml_fault(error), "yaml")
    mark = error.problem_mark
    if error.context_mark is not None and "end of stream" in str(error.problem):
        # What is not closed is at its start, and not at the end of the file.
        mark = error.context_mark
    line = mark.line + 1 if mark else None
    is_ours = isinstance(error, YamlRefused)
    return Problem(str(error.problem) if is_ours else yaml_fault(error.problem), "yaml", line=line)
