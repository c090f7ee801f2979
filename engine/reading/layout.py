"""A layout: the columns and codes of a source table, matched to ours."""

from collections import Counter
from collections.abc import Collection, Hashable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import polars as pl
import yaml
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, model_validator
from typing_extensions import override

from engine.errors import Problem, TableRefused
from engine.input_file import MOST_DOCUMENT_BYTES, InputFile, read_input
from engine.reading.column_names import layout_problems
from engine.reading.habits import Habits, habits_of
from engine.reading.table_text import MOST_HEADER_ROW, Location, TableText
from engine.reading.table_text import MOST_PROBLEMS as MOST_LISTED
from engine.reading.text import as_text, is_textual
from engine.wording import problems_of, unknown_field
from engine.yaml_nodes import Bounded, YamlRefused, check_length, fault_of

MOST_PROBLEMS = 500
"""Problems of a layout that are put into words; the others are counted."""

_NAMED = 20
_LONGEST_NAME = 80
"""Names that one problem shows, and characters of each."""


class Layout(BaseModel):
    """How another table becomes one of ours.

    ``columns`` name their column for each of ours, ``values`` their codes for ours
    within one of our columns, ``constants`` what every row holds in a column they do
    not have. ``ignore`` lists their columns that are left out, or says all others.
    ``dates``, ``blank_means_none`` and ``round_to_pence`` state its habits, by our columns.
    ``sheet`` and ``header_row`` say where in a file their table is, where that is not plain.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: str
    source: str
    columns: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]] = {}
    constants: Mapping[str, str] = {}
    ignore: Literal["all others"] | tuple[str, ...] = ()
    dates: str | None = None
    blank_means_none: tuple[str, ...] = ()
    round_to_pence: tuple[str, ...] = ()
    sheet: str | None = None
    header_row: Annotated[int, Field(ge=1, le=MOST_HEADER_ROW)] | None = None
    _file: str = PrivateAttr("")

    @model_validator(mode="after")
    def _names_each_column_once(self) -> Self:
        messages = []
        if twice := sorted(set(self.columns) & set(self.constants)):
            messages.append(
                f"{', '.join(twice)} must be in 'columns' or in 'constants', not in both"
            )
        if stray := sorted(set(self.values) - set(self.columns)):
            messages.append(f"'values' has {', '.join(stray)}, which is not in 'columns'")
        try:
            habits_of(self.dates, self.blank_means_none, self.round_to_pence)
        except ValueError as error:
            messages.append(str(error))
        if messages:
            raise ValueError("; ".join(messages))
        return self

    @property
    def habits(self) -> Habits:
        """Return what the layout states of how the table is written."""
        return habits_of(self.dates, self.blank_means_none, self.round_to_pence)

    def apply(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return their table under our names and codes, as text, in the same order of rows.

        Raises ``TableRefused`` for columns that are missing, not known or cannot be read as text.
        """
        return self.apply_to(TableText(frame)).whole()

    def apply_to(self, table: TableText) -> TableText:
        """Return a table that was read under our names and codes, with what is wrong with its columns.

        A column that is missing or cannot be read as text is blank, and has no other mistake. Raises
        ``TableRefused`` where the column names are in another row, or the table has no column of the layout.
        """
        theirs, frame = set(self.columns.values()), table.frame
        ignored = self._ignored(table, theirs)
        table = table.without_columns({*frame.columns, ""} - ignored)
        problems = self._column_problems(table, theirs)
        there = [name for name in frame.columns if name in theirs]
        text, unreadable = as_text(frame[there])
        found = (*table.problems, *problems, *unreadable)
        total = max(table.total, len(table.problems)) + len(problems) + len(unreadable)
        if theirs and not there:
            raise TableRefused(found[:MOST_LISTED], total)
        missing = theirs.difference(there)
        untyped = [name for name in there if not is_textual(frame.schema[name])]
        columns = {**table.columns, **dict(zip(unreadable, untyped, strict=True))}
        text = text.with_columns(pl.lit(None, pl.String).alias(name) for name in sorted(missing))
        ours = text.select(
            *(self._ours(ours, name) for ours, name in self.columns.items()),
            *(pl.lit(value).alias(ours) for ours, value in self.constants.items()),
        )
        names: dict[str, list[str]] = {}
        for our, their in self.columns.items():
            names.setdefault(their, []).append(our)
        table = replace(
            table,
            problems=found,
            total=total,
            columns=columns,
            untyped=table.untyped | missing | {*untyped},
        )
        # Their column names were found: ours are nowhere in the source.
        return replace(table.with_names(names, ours), above=(), layout=self.name)

    def _ignored(self, table: TableText, theirs: set[str]) -> set[str]:
        """Return the columns of a table that the layout leaves out, those without a name among all others."""
        if self.ignore == "all others":
            return {*table.frame.columns, ""} - theirs
        return set(self.ignore)

    def _column_problems(self, table: TableText, theirs: set[str]) -> list[Problem]:
        """Return what is wrong with the columns of their table."""
        ignored = None if self.ignore == "all others" else self.ignore
        return layout_problems(table, theirs, ignored, self.name)

    @property
    def name(self) -> str:
        """Return what the layout is called in a sentence: by its file, where it was read from one."""
        return f"layout {self._file}" if self._file else "layout"

    @property
    def location(self) -> Location:
        """Return where in a file the table is, as far as the layout says it."""
        return Location(self.sheet, self.header_row)

    def _ours(self, ours: str, theirs: str) -> pl.Expr:
        text = pl.col(theirs).str.strip_chars(" ")
        if codes := self.values.get(ours):
            text = text.replace(list(codes), list(codes.values()))
        return text.alias(ours)


class _Plain(Bounded, yaml.BaseLoader):
    """Reads every value as text, and refuses a duplicate field."""

    @override
    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Hashable, object]:
        counts = Counter(str(key.value)[:_LONGEST_NAME] for key, _ in node.value)
        if twice := sorted(word for word, count in counts.items() if count > 1):
            more = f" and {len(twice) - _NAMED} more" if len(twice) > _NAMED else ""
            named = ", ".join(twice[:_NAMED])
            raise YamlRefused(f"duplicate field {named}{more}; keep one", node.start_mark)
        return super().construct_mapping(node, deep=deep)


def load_layout(path: Path) -> Layout:
    """Read a layout from a YAML file, or raise ``TableRefused`` with its places or its line."""
    return load_layout_file(path)[0]


def load_layout_file(path: Path) -> tuple[Layout, InputFile]:
    """Return the layout of a file as ``load_layout`` does, and which bytes it was read from."""
    content, source = read_input(path, MOST_DOCUMENT_BYTES)
    layout = _layout(content.decode())
    layout._file = path.name  # noqa: SLF001 - a layout does not know where it is written
    return layout, source


def _layout(text: str) -> Layout:
    given: object = None
    try:
        check_length(text)
        given = yaml.load(text, _Plain)  # noqa: S506 - it makes text alone
        return Layout.model_validate(given)
    except yaml.YAMLError as error:
        raise TableRefused([replace(fault_of(error, text), rule="layout")]) from None
    except ValidationError as error:
        of_fields = error.errors(include_input=False, include_url=False)
        wrong = {one["loc"][0] for one in of_fields if one["loc"]}
        errors = [*of_fields, *_of_sound_fields(given, wrong)]
        first = problems_of(errors[:MOST_PROBLEMS], given)
        more = max(len(errors) - MOST_PROBLEMS, 0)
        problems = [_problem(problem, where) for where, problem in first]
        raise TableRefused(problems, len(problems) + more) from None


def _of_sound_fields(given: object, wrong: Collection[int | str]) -> list[Mapping[str, Any]]:
    """Return what is wrong with a layout as a whole by its sound fields; nothing where no field is wrong.

    Of columns that are not sound it is not known which codes and constants are theirs.
    """
    if not wrong or not isinstance(given, dict):
        return []
    sound = {name: one for name, one in given.items() if name not in wrong}
    if "columns" not in sound:
        sound |= {"columns": dict.fromkeys(sound.get("values", ()), ""), "constants": {}}
    try:
        Layout.model_validate({"about": "", "source": "", **sound})
    except ValidationError as error:
        return [*error.errors(include_input=False, include_url=False)]
    return []


def _problem(problem: Problem, where: tuple[str | int, ...]) -> Problem:
    sentence = problem.sentence
    if problem.rule == "extra_forbidden":
        sentence = unknown_field(Layout.model_json_schema(), where)
    place = ".".join(str(part)[:_LONGEST_NAME] for part in where)
    return Problem(sentence, "layout", place=place or None)
