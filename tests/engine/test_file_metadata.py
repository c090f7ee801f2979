"""A Parquet file says by itself which rules made it."""

import io

import polars as pl

from engine.export import Format, write_rows
from engine.export.manifest import file_metadata, rules_record
from engine.export.rows import Rows, Shape
from engine.outcome import SEMANTICS
from tests.rule_library import compiled

TOY = "toy-2025-26"
ROWS = Rows.listed("schools", {"urn": Shape.whole}, [{"urn": 900001}])


def kept(record):
    file = io.BytesIO()
    write_rows(ROWS, Format.parquet, file, file_metadata(record))
    return pl.read_parquet_metadata(io.BytesIO(file.getvalue()))


def test_a_parquet_file_says_year_rule_set_digest_and_engine():
    said = kept({"rule_sets": [rules_record(compiled(TOY), [])]})
    assert said["evenband.rules.identifier"] == "toy-2025-26"
    assert said["evenband.rules.version"] == "1"
    assert said["evenband.rules.digest"] == compiled(TOY).digest
    assert said["evenband.rules.funding_year"] == "2025-26"
    assert said["evenband.rules.year_kind"] in {"financial", "academic"}
    assert said["evenband.engine.semantics"] == str(SEMANTICS)


def test_a_comparison_names_both_sides():
    said = kept(
        {
            "rule_sets": [
                rules_record(compiled(TOY), []),
                rules_record(compiled(TOY), [("a.b", "1")]),
            ]
        }
    )
    assert (
        said["evenband.baseline.digest"]
        == said["evenband.candidate.digest"]
        == compiled(TOY).digest
    )
    assert '"a.b"' in said["evenband.candidate.overrides"]
