"""Tables whose columns have types are read as their text is read: the same pupils, notices and refusals."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import engine.reading.typed_pupils as by_types
from engine.errors import TableRefused
from engine.lab.synth import synthesise
from engine.reading import Commissioners, TableSource, pupil_table, read_tables_file
from engine.rules.compile import compile_rules, pupil_columns
from engine.rules.load import load_rule_file
from engine.tables import PupilTable
from engine.vocabulary import FIXTURES
from tests.spoilt_tables import PLAIN, SPOILT
from tests.storm_size import draws

CANDIDATE = FIXTURES / "rules" / "2026-27" / "national-profile-candidate.yaml"
YEAR = Commissioners(date(2026, 4, 1), date(2027, 3, 31))
OF_ONE = Commissioners(date(2026, 4, 1), date(2027, 3, 31), frozenset({201}))
PUPILS = 300


@pytest.fixture(scope="module")
def national() -> pl.DataFrame:
    """Return pupils as a file of them has them, with first and last days."""
    return synthesise(PUPILS, seed=11).pupils


@pytest.fixture(scope="module")
def wanted():
    return pupil_columns(compile_rules(load_rule_file(CANDIDATE)), counting=True, only_read=True)


@pytest.fixture(autouse=True)
def _many(monkeypatch):
    """Let a few pupils be read as many are: in the order of the file within their schools."""
    monkeypatch.setattr(by_types, "MANY", 2)


def answer(read) -> tuple:
    """Return what reading gives: the pupils by row, their order and the notices, or every problem."""
    try:
        table: PupilTable = read()
    except TableRefused as refused:
        return refused.problems, refused.total
    order = table.key_order
    order = np.arange(len(table)) if order is None else order
    columns = {"key": table.keys.to_numpy(), "row": table.rows, **table.columns}
    rows = {name: columns[name][order].tolist() for name in sorted(columns)}
    types = {name: one.dtype for name, one in table.columns.items()}
    placements = (table.offsets, table.placement_la, table.placement_urn)
    return rows, types, [one.tolist() for one in placements], table.notices, table.row_counts


@pytest.fixture
def read_by_types(monkeypatch) -> list[bool]:
    """Return whether each reading of a source with types was a reading by its types."""
    seen, reading = [], by_types.typed_pupils

    def noted(*arguments):
        found = reading(*arguments)
        seen.append(found is not None)
        return found

    monkeypatch.setattr("engine.reading.pupils.typed_pupils", noted)
    return seen


@pytest.mark.parametrize("whose", [YEAR, OF_ONE], ids=["of all", "of one authority"])
@pytest.mark.parametrize("kind", ["parquet", "arrow"])
@pytest.mark.parametrize("name", SPOILT)
def test_a_file_with_types_is_read_as_its_text_is(
    tmp_path, national, wanted, read_by_types, name, kind, whose
):
    path, frame = tmp_path / f"pupils.{kind}", SPOILT[name](national, 17)
    frame.write_parquet(path) if kind == "parquet" else frame.write_ipc(path)
    source = TableSource(read_tables_file(path))
    by_text = answer(lambda: pupil_table(source.text, wanted, commissioners=whose))
    assert answer(lambda: pupil_table(source, wanted, commissioners=whose)) == by_text
    if whose is YEAR:
        # Of an Arrow file a cell that is too long is refused before either reading.
        assert read_by_types == [True] if name in PLAIN else True not in read_by_types, (
            "read as text what has types"
        )


@pytest.mark.parametrize("name", SPOILT)
def test_a_frame_in_memory_is_read_as_its_text_is(national, wanted, name):
    frame = SPOILT[name](national, 17)
    as_text = frame.with_columns(pl.col(one).cast(pl.String) for one in frame.columns)
    by_text = answer(lambda: pupil_table(as_text, wanted, commissioners=YEAR))
    assert answer(lambda: pupil_table(frame, wanted, commissioners=YEAR)) == by_text


@settings(max_examples=draws(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(sorted(SPOILT)), min_size=2, max_size=3), st.integers(1, 250))
def test_a_table_with_several_oddities_is_read_as_its_text_is(national, wanted, names, row):
    frame = national
    for name in names:
        try:
            frame = SPOILT[name](frame, row)
        except (pl.exceptions.PolarsError, TypeError):  # one oddity left no place for the other
            continue
    frame = frame.rename({name: name.lower() for name in frame.columns})
    as_text = frame.with_columns(pl.col(one).cast(pl.String) for one in frame.columns)
    by_text = answer(lambda: pupil_table(as_text, wanted, commissioners=YEAR))
    assert answer(lambda: pupil_table(frame, wanted, commissioners=YEAR)) == by_text
