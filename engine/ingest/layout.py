"""A layout: the columns and codes of a source table, matched to ours."""

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Literal, Self

import polars as pl
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from typing_extensions import override

from engine import check
from engine.errors import Problem, TableRefused
from engine.ingest.text import as_text
from engine.input_file import InputFile, read_input
from engine.wording import problems_of, unknown_field, yaml_fault

MOST_BYTES = 1 << 20


class Layout(BaseModel):
    """How another table becomes one of ours.

    ``columns`` name their column for each of ours, ``values`` their codes for ours
    within one of our columns, ``constants`` what every row holds in a column they do
    not have. ``ignore`` lists their columns that are left out, or says all others.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: str
    source: str
    columns: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]] = {}
    constants: Mapping[str, str] = {}
    ignore: Literal["all others"] | tuple[str, ...] = ()

    @model_validator(mode="after")
    def _names_each_column_once(self) -> Self:
        if twice := sorted(set(self.columns) & set(self.constants)):
            message = f"{', '.join(twice)} must be in 'columns' or in 'constants', not in both"
            raise ValueError(message)
        if stray := sorted(set(self.values) - set(self.columns)):
            message = f"'values' has {', '.join(stray)}, which is not in 'columns'"
            raise ValueError(message)
        return self

    def apply(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return their table under our names and codes, as text, in the same order of rows."""
        theirs = set(self.columns.values())
        problems = check.missing_columns(frame.columns, theirs)
        if self.ignore != "all others":
            known = theirs | set(self.ignore)
            problems += check.unknown_columns(frame.columns, known, (), check.heading)
        text, unreadable = as_text(frame.select(name for name in frame.columns if name in theirs))
        problems += unreadable
        if problems:
            raise TableRefused(problems)
        return text.select(
            *(self._ours(ours, name) for ours, name in self.columns.items()),
            *(pl.lit(value).alias(ours) for ours, value in self.constants.items()),
        )

    def _ours(self, ours: str, theirs: str) -> pl.Expr:
        text = pl.col(theirs).str.strip_chars()
        if codes := self.values.get(ours):
            text = text.replace(list(codes), list(codes.values()))
        return text.alias(ours)


class _Duplicate(yaml.constructor.ConstructorError):
    """A field that a group has more than once; its problem is a sentence for the user."""


class _Plain(yaml.BaseLoader):
    """Reads every value as text, and refuses a duplicate field."""

    @override
    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Hashable, object]:
        words = [key.value for key, _ in node.value]
        if twice := {word for word in words if words.count(word) > 1}:
            problem = f"duplicate field {', '.join(sorted(twice))}; keep one"
            raise _Duplicate(None, None, problem, node.start_mark)
        return super().construct_mapping(node, deep=deep)


def load_layout(path: Path) -> Layout:
    """Read a layout from a YAML file, or raise ``TableRefused`` with its places or its line."""
    return load_layout_file(path)[0]


def load_layout_file(path: Path) -> tuple[Layout, InputFile]:
    """Return the layout of a file as ``load_layout`` does, and which bytes it was read from."""
    content, source = read_input(path, MOST_BYTES)
    return _layout(content.decode()), source


def _layout(text: str) -> Layout:
    given: object = None
    try:
        given = yaml.load(text, _Plain)  # noqa: S506 - it makes text alone
        return Layout.model_validate(given)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        is_ours = isinstance(error, _Duplicate)
        sentence = str(error.problem) if is_ours else yaml_fault(error.problem)
        raise TableRefused([Problem(sentence, "layout", line=line)]) from None
    except yaml.YAMLError:
        sentence = "holds a control character, which no text has; save it as UTF-8"
        raise TableRefused([Problem(sentence, "layout")]) from None
    except ValidationError as error:
        errors = error.errors(include_input=False, include_url=False)
        raise TableRefused(
            [_problem(problem, where) for where, problem in problems_of(errors, given)]
        ) from None


def _problem(problem: Problem, where: tuple[str | int, ...]) -> Problem:
    sentence = problem.sentence
    if problem.rule == "extra_forbidden":
        sentence = unknown_field(Layout.model_json_schema(), where)
    return Problem(sentence, "layout", place=".".join(map(str, where)) or None)
