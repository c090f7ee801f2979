"""A description of somebody else's table: which of its columns and codes are ours."""

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
            message = f"'columns' and 'constants' both give {', '.join(twice)}"
            raise ValueError(message)
        if stray := sorted(set(self.values) - set(self.columns)):
            message = f"'values' speaks of {', '.join(stray)}, which 'columns' does not give"
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


class _Plain(yaml.BaseLoader):
    """Reads every value as text, and refuses a word that stands twice."""

    @override
    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Hashable, object]:
        words = [key.value for key, _ in node.value]
        if twice := {word for word in words if words.count(word) > 1}:
            problem = f"{', '.join(sorted(twice))} stands here twice"
            raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
        return super().construct_mapping(node, deep=deep)


def load_layout(path: Path) -> Layout:
    """Read a layout from a YAML file, or raise ``TableRefused`` with its places or its line."""
    try:
        return Layout.model_validate(yaml.load(path.read_text(encoding="utf-8"), _Plain))  # noqa: S506 - it makes text alone
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise TableRefused(
            [Problem(f"is not YAML: {error.problem}", "layout", line=line)]
        ) from None
    except ValidationError as error:
        raise TableRefused(
            [
                Problem(
                    _sentence(one["msg"]), "layout", place=".".join(map(str, one["loc"])) or None
                )
                for one in error.errors(include_input=False, include_url=False)
            ]
        ) from None


def _sentence(message: str) -> str:
    return message.removeprefix("Value error, ")
