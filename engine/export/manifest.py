"""What a file of results was made from: inputs and rules by digest, engine, counts, totals."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version

import polars as pl

from engine.export.cell_text import decimal_text
from engine.input_file import InputFile
from engine.modules import SEMANTICS
from engine.rows import Rows, Shape
from engine.rules.compiled import CompiledRules

FORMAT = "evenband-manifest/1"


@dataclass(frozen=True, slots=True)
class Input:
    """A file that a result was made from: its name without folders, digest and rows, and what was stated of how it is read.

    ``stated`` has plain values by name, such as ``sheet``, ``header_row`` and ``dates``: the same bytes read in another
    way are another table.
    """

    part: str
    name: str
    sha256: str
    rows: int | None = None
    stated: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        part: str,
        file: InputFile,
        rows: int | None = None,
        stated: Mapping[str, object] | None = None,
    ) -> "Input":
        """Return the name and digest of the bytes that were read."""
        return cls(part, file.name, file.sha256, rows, stated or {})

    def record(self) -> dict[str, object]:
        """Return plain values, without what is not counted or stated."""
        record: dict[str, object] = {"part": self.part, "name": self.name, "sha256": self.sha256}
        counted = {} if self.rows is None else {"rows": self.rows}
        return {**record, **counted, **self.stated}


def engine_record() -> dict[str, object]:
    """Return the engine's version, and the version of its arithmetic."""
    return {"version": version("evenband"), "semantics": SEMANTICS}


def rules_record(rules: CompiledRules, overrides: Sequence[tuple[str, str]]) -> dict[str, object]:
    """Return which rules were in force, and what was tried in place of their values."""
    document = rules.document
    record = {
        "identifier": document.identifier,
        "version": document.version,
        "digest": rules.digest,
        "funding_year": document.funding_year,
        "year_kind": document.year_kind,
        "standing": document.standing.value,
        "on": None if rules.day is None else rules.day.isoformat(),
        "values": rules.values_used,
        "part_of_year": str(rules.part_of_year),
        "overrides": [{"place": place, "value": value} for place, value in overrides],
    }
    tried = [one.record() for one in rules.trials]
    return {**record, "tried": tried} if tried else record


def file_metadata(record: Mapping[str, object]) -> dict[str, str]:
    """Return what a file keeps of its manifest by key: the engine, and each rule set with year and digest.

    The keys start with ``evenband.``; those of the sides of a comparison with
    ``evenband.baseline.`` and ``evenband.candidate.``.
    """
    metadata: dict[str, object] = {
        f"evenband.engine.{name}": value for name, value in engine_record().items()
    }
    sets = record.get("rule_sets")
    sides = sets if isinstance(sets, list) else []
    names = ("rules",) if len(sides) == 1 else ("baseline", "candidate")
    for side, held in zip(names, sides, strict=False):
        metadata |= {f"evenband.{side}.{name}": value for name, value in held.items()}
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in metadata.items()
    }


def totals_record(totals: Rows) -> list[dict[str, object]]:
    """Return the rows of a table of totals that are about everyone, without what they lack."""
    everyone = decimal_text(totals).filter(pl.col("grouping") == "total")
    return [
        {name: value for name, value in row.items() if value is not None and name not in _GROUPED}
        for row in everyone.iter_rows(named=True)
    ]


_GROUPED = {"grouping", "group"}


RULES_COLUMNS = {
    "funding_year": ("funding_year", Shape.text),
    "year_kind": ("year_kind", Shape.text),
    "rule_set": ("identifier", Shape.text),
    "rule_set_version": ("version", Shape.whole),
}
"""The columns of one rule set, with the names that a manifest gives them."""

ALONE = {**RULES_COLUMNS, "digest": ("digest", Shape.text)}
"""The same of a file without a manifest: each row has the reference of the rules."""

SIDES = ("baseline", "candidate")
_TYPES = {Shape.text: pl.String, Shape.whole: pl.Int64}


def with_rules(
    rows: Rows,
    rule_sets: Sequence[Mapping[str, object]],
    columns: Mapping[str, tuple[str, Shape]] = RULES_COLUMNS,
) -> Rows:
    """Return rows with the year, its kind, the rule set and its version in their last columns.

    ``rule_sets`` are a manifest's. Those of a comparison have columns each, named after its
    side, such as ``baseline_funding_year``. Without rule sets the rows are returned as they are.
    """
    prefixes = ("",) if len(rule_sets) < len(SIDES) else tuple(f"{side}_" for side in SIDES)
    columns_of_sides = {
        f"{prefix}{name}": (shape, held[key])
        for prefix, held in zip(prefixes, rule_sets, strict=False)
        for name, (key, shape) in columns.items()
    }
    if not columns_of_sides:
        return rows
    shapes = {**rows.shapes, **{name: shape for name, (shape, _) in columns_of_sides.items()}}
    frame = rows.frame.with_columns(
        pl.lit(value, _TYPES[shape]).alias(name)
        for name, (shape, value) in columns_of_sides.items()
    )
    return Rows(rows.name, shapes, frame)


def as_json(record: Mapping[str, object]) -> bytes:
    """Return plain values as the text of a JSON file; bytes of a file's name that are no text are escaped."""
    text = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
    return text.encode(errors="backslashreplace")
