"""Pupils of candidates by authority: the same rows as all together, with pupils who have spells in several and in any division of authorities."""

import io
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.candidates import Candidates, PathValues, Run
from engine.export import Format, rows_as_bytes, write_long
from engine.export import candidate_details as details
from engine.export.candidate_details import (
    candidate_details,
    long_details,
    part_bytes,
    part_rows,
    parts_of,
)
from engine.rules.compile import compile_rules
from engine.tables.authorities import Authorities, authorities_of, pupils_of
from tests.builders import banded, pupil, pupil_table, rule_set
from tests.storm_size import draws

PRICE = "band_profile.tariff.prices.A.pounds"
BANDS = [{"band": "A", "pounds": "1000.07"}, {"band": "B", "pounds": "250.01"}]
AUTHORITIES = (301, 302, 935, 936)
FIRST = date(2025, 4, 1)

STAYS = st.lists(
    st.tuples(st.sampled_from(AUTHORITIES), st.sampled_from([100_001, 100_002, None]), st.integers(1, 90)),
    min_size=1,
    max_size=4,
)  # fmt: skip
PUPILS = st.lists(st.tuples(st.sampled_from("AB"), STAYS), min_size=1, max_size=8)


def table_of(pupils):
    """Return pupils with their stays one after another, each at an authority and a school for some days."""
    records = []
    for at, (band, stays) in enumerate(pupils):
        begins = FIRST
        for la, urn, days in stays:
            ends = begins + timedelta(days - 1)
            spell = {"start": begins, "end": ends} if len(stays) > 1 else {}
            records.append(pupil(pupil_key=f"pupil-{at}", band=band, la=la, urn=urn, **spell))
            begins = ends + timedelta(1)
    return pupil_table(records, ("A", "B"))


def run_of(table, **protection):
    rules = compile_rules(rule_set(**banded(BANDS, ("A", "B"), **protection)))
    return Run.of(rules, table, Candidates.of([PathValues.of_texts(PRICE, ["900.03", "1100.09"])]))


@settings(max_examples=draws(25), deadline=None)
@given(PUPILS, st.integers(1, 12), st.sampled_from(["pupils", "schools", "changes"]))
def test_rows_worked_out_by_authority_are_those_of_all_together(pupils, rows, detail):
    run = run_of(table_of(pupils))
    whole = candidate_details(run, [1, 0], detail)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(details, "ROWS", rows)
        parts = parts_of(run, [1, 0], detail)
        # In any order, as by other processes.
        made = {one: part_bytes(run, one, detail) for one in reversed(parts)}
    for kind in (Format.csv, Format.parquet):
        again = long_details(run, [1, 0], detail, [made[one] for one in parts])
        assert again.shapes == whole.shapes
        file = io.BytesIO()
        write_long(again, kind, file)
        assert file.getvalue() == rows_as_bytes(whole, kind)


def test_a_pupil_whose_spells_are_in_two_authorities_is_rounded_on_both(monkeypatch):
    monkeypatch.setattr(details, "ROWS", 1)
    table = table_of([("A", [(301, 100_001, 7), (935, 100_002, 11)]), ("B", [(935, 100_002, 9)])])
    run = run_of(table)
    assert [one.authorities for one in parts_of(run, [0], "pupils")] == [
        Authorities(301, 301),
        Authorities(935, 935),
    ]
    part = pupils_of(table, Authorities(301, 301))
    assert part.columns["la"].tolist() == [301, 935]
    assert part.keys.to_list() == ["pupil-0", "pupil-0"]
    # The day of the whole stay that is rounded away belongs to the second spell.
    assert len(part_rows(run, parts_of(run, [0], "pupils")[0], "pupils").frame) == 1


@settings(max_examples=draws(25), deadline=None)
@given(PUPILS, st.integers(1, 12))
def test_authorities_are_divided_in_the_order_of_the_table_and_none_is_left_out(pupils, rows):
    table = table_of(pupils)
    found = list(authorities_of(table, rows))
    held = [
        int(
            np.count_nonzero((table.columns["la"] >= one.first) & (table.columns["la"] <= one.last))
        )
        for one in found
    ]
    assert sum(held) == len(table)
    assert all(number >= rows for number in held[:-1])
    assert [one.first for one in found] == sorted(one.first for one in found)


def test_one_part_of_a_small_table_is_the_table_itself():
    table = table_of([("A", [(301, 100_001, 7)]), ("B", [(935, None, 9)])])
    [one] = authorities_of(table, 200_000)
    assert pupils_of(table, one) is table
