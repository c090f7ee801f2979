"""What a report is made of: sections of sentences, charts and tables, and labels that say what it was made from."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its caption, the heads of its columns, and rows of text, of which the first cell is the row's head.

    words  how many columns from the left hold words; all others hold numbers
    """

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    words: int = 1


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with what it shows, and the marks of its series."""

    caption: str
    drawing: Markup
    key: Markup = field(default_factory=Markup)


@dataclass(frozen=True, slots=True)
class Section:
    """A section under a heading; one of ``level`` 3 is part of the section before it."""

    name: str
    title: str
    sentences: Sequence[str] = ()
    figures: Sequence[Figure] = ()
    tables: Sequence[Table] = ()
    level: int = 2


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report.

    title    what it is about; ``under`` says of which rules
    warning  whom it is for, in a sentence that comes first
    facts    a few labels at its head; ``labels`` all of them, at its end
    """

    title: str
    under: str
    warning: str
    facts: Sequence[tuple[str, str]]
    sections: Sequence[Section]
    labels: Sequence[tuple[str, str]]
