"""A pupil who is not known for two reasons is counted once, under both, and told both."""

import itertools

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.modules.top_ups.several_reasons import OF_RULES, every_reason, unknown_reasons
from engine.modules.top_ups.table import pupil_rows, pupil_sums
from engine.modules.top_ups.working import pupil_sentences
from engine.reading import pupil_table
from engine.rules.compile import compile_rules, pupil_columns
from engine.run import evaluate
from engine.statement import pupil_reasons
from engine.vocabulary import NOT_KNOWN, Missing, Reason
from tests.builders import banded, rule_set

NOT_PRINTED, NO_PRICE = str(Missing.not_printed), str(Missing.no_price)
PRICES = [
    {"band": "A", "pounds": "not printed"},
    {"band": "B", "pounds": "1000"},
    {"band": "C", "pounds_each": "not printed", "each": "support_hours"},
]
MORE = {"label": "More", "when": {"secondary_need": ["ASD"]}, "percent": "10"}


def document(prices=PRICES, modifiers=(), printed=None, **clauses):
    parts = banded(prices, ["A", "B", "C", "D"], **clauses)
    parts["band_profile"]["tariff"]["modifiers"] = list(modifiers)
    text = parts if printed is None else _printed(parts, printed)
    return rule_set(**text)


def _printed(part, pounds):
    """Return parts of a document with a figure in the place of each that is not printed."""
    if isinstance(part, dict):
        return {name: _printed(one, pounds) for name, one in part.items()}
    if isinstance(part, list):
        return [_printed(one, pounds) for one in part]
    return pounds if part == "not printed" else part


def valued(rules, records):
    compiled = compile_rules(rules)
    keyed = [{"pupil_key": f"P{at}", "la": "201", **one} for at, one in enumerate(records)]
    wanted = pupil_columns(compiled, counting=False)
    frame = pl.DataFrame([dict.fromkeys(wanted.known, "") | one for one in keyed])
    return evaluate(compiled, pupils=pupil_table(frame, wanted)).top_ups


HOURS = {"part_time": {"full_time_hours": "25"}}
CASES = {
    "a blank that decides a modifier, and a price that is not printed": (
        document(modifiers=[MORE]), {"band": "A", "secondary_need": ""},
        ("secondary_need; band A", f"not supplied; {NOT_PRINTED}"),
        "The amount is not known. Not supplied: secondary_need. Also, a value that it depends on is not printed.",
    ),
    "a blank that decides a modifier, and no price": (
        document(modifiers=[MORE]), {"band": "D", "secondary_need": ""},
        ("band D", NO_PRICE), None,
    ),
    "a blank that decides who is paid, and no price": (
        document(pays_when={"sen_provision": ["E"]}), {"band": "D", "sen_provision": ""},
        ("sen_provision; band D", f"not supplied; {NO_PRICE}"),
        "The amount is not known. Not supplied: sen_provision. Also, the rules have no price for this band here.",
    ),
    "hours that are blank, and a price that is not printed": (
        document(**HOURS), {"band": "A", "hours": ""},
        ("hours; band A", f"not supplied; {NOT_PRINTED}"),
        "The amount is not known: a value that it depends on is not printed. Also not supplied: hours.",
    ),
    "a quantity that is blank, of a rate that is not printed": (
        document(), {"band": "C", "support_hours": ""},
        ("support_hours; band C", f"not supplied; {NOT_PRINTED}"),
        "The amount is not known. Not supplied: support_hours. Also, a value that it depends on is not printed.",
    ),
    "hours that are blank, and a first part that is not printed": (
        document(**HOURS, threshold={"pounds": "not printed", "inside": True}), {"band": "B", "hours": ""},
        ("hours; band B", f"not supplied; {NOT_PRINTED}"),
        "The amount is not known. Not supplied: hours. Also, a value that it depends on is not printed.",
    ),
    "a blank that decides nothing for a band whose price is not printed": (
        document([{"band": "A", "pounds": "not printed"}, {"band": "B", "when": {"setting": "special"}, "pounds": "1"},
                  {"band": "B", "pounds": "2"}]), {"band": "A", "setting": ""},
        ("band A", NOT_PRINTED), "The amount is not known: a value that it depends on is not printed.",
    ),
    "a blank alone": (
        document(**HOURS), {"band": "B", "hours": ""}, ("hours", "not supplied"),
        "The amount is not known. Not supplied: hours.",
    ),
    "a blank that decides the band": (
        document(), {"band": ""}, ("band", "not supplied"), "The amount is not known. Not supplied: band.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_reason_is_counted_and_said(name):
    rules, record, label, sentence = CASES[name]
    outcome = valued(rules, [record, {**record, "band": "B", "hours": "25", "support_hours": "1"}])
    found = pupil_reasons(outcome)
    assert label in [(one.part, one.why) for one in found]
    assert sum(one.number for one in found) == outcome.absent
    if sentence is not None:
        assert pupil_sentences(outcome, outcome.pupils.rows.argsort()[:1])[0] == sentence


PUPILS = st.fixed_dictionaries(
    {
        "band": st.sampled_from(["A", "B", "C", "D"]),
        "hours": st.sampled_from(["", "0", "10", "25"]),
        "support_hours": st.sampled_from(["", "0", "3"]),
        "sen_provision": st.sampled_from(["", "E", "K"]),
        "secondary_need": st.sampled_from(["", "ASD", "HI"]),
    }
)
FILLS = {
    "hours": "25",
    "support_hours": "3",
}
CLAUSES = st.fixed_dictionaries(
    {},
    optional={
        "threshold": st.sampled_from(
            [{"pounds": one, "inside": True} for one in ("not printed", "10")]
        ),
        "floor": st.sampled_from(["not printed", "5"]),
        "cap": st.sampled_from(["not printed", "900000"]),
        "pays_when": st.just({"sen_provision": ["E"]}),
    },
)


@settings(max_examples=60, deadline=None)
@given(CLAUSES, st.booleans(), st.lists(PUPILS, min_size=1, max_size=6))
def test_a_blank_is_a_reason_exactly_where_printed_values_leave_it_one_and_the_rules_one_only_where_no_answer_helps(
    clauses, with_modifier, records
):
    """Law 8: counts by reason add to the pupils who are not known; each reason is one by itself."""
    form = {**clauses, **HOURS, "modifiers": [MORE] if with_modifier else []}
    outcome = valued(document(**form), records)
    found = unknown_reasons(outcome)
    assert len(found.where) == outcome.absent
    assert (found.lacks | (found.of_rules != Reason.rate)).all()
    counts = pupil_reasons(outcome)
    assert sum(one.number for one in counts) == outcome.absent
    every = [*PRICES, {"band": "D", "pounds": "1"}]
    printed = valued(document(every, **form, printed="100"), records)
    for at, lacks, of_rules in zip(*(one.tolist() for one in found), strict=True):
        # Tables have the same order: the rows are the same.
        assert lacks == (Reason(int(printed.reason[at])) in NOT_KNOWN)
        record = records[int(outcome.pupils.rows[at]) - int(outcome.pupils.rows.min())]
        tried = [
            {**record, **FILLS, **{k: v for k, v in record.items() if v}, **dict(zip(("sen_provision", "secondary_need"), two, strict=True))}
            for two in itertools.product(
                [record["sen_provision"]] if record["sen_provision"] else ["E"],
                [record["secondary_need"]] if record["secondary_need"] else ["ASD", "HI"],
            )
        ]  # fmt: skip
        reasons = {Reason(int(one)) for one in valued(document(**form), tried).reason}
        assert (of_rules in OF_RULES) == (reasons <= set(OF_RULES)), (record, reasons)


@settings(max_examples=40, deadline=None)
@given(CLAUSES, st.booleans(), st.lists(PUPILS, min_size=1, max_size=8), st.booleans())
def test_totals_by_reason_are_those_of_the_rows(clauses, with_modifier, records, spells):
    """Law 8: a row of two reasons is in the total of both, and the totals add to all rows, or to the pupils of several spells."""
    form = {**clauses, **HOURS, "modifiers": [MORE] if with_modifier else []}
    keyed = records
    if spells:
        keyed = [{**one, "pupil_key": "A", "start": f"2025-0{at + 4}-01", "end": f"2025-0{at + 4}-20"}
                 for at, one in enumerate(records[:5])]  # fmt: skip
    outcome = valued(document(**form), keyed)
    rows = pupil_rows(outcome).frame
    sums = pupil_sums(outcome).frame.filter(pl.col("grouping") == "reason")
    by_reason = rows.group_by("reason").agg(
        pl.col("pupil_key").n_unique().alias("number"),
        pl.col("pupil_key").filter(pl.col("not_known") == 1).n_unique().alias("not_known"),
        pl.col("top_up").sum(),
        (pl.col("not_known") == 0).any().alias("known"),
    )
    assert {
        (one["reason"], one["number"], one["top_up"] if one["known"] else None, one["not_known"])
        for one in by_reason.to_dicts()
    } == {(one["group"], one["number"], one["top_up"], one["not_known"]) for one in sums.to_dicts()}
    found = unknown_reasons(outcome)
    both = found.where[found.lacks & (found.of_rules != Reason.rate)]
    assert set(both.tolist()) == set(range(len(outcome.pupils))) - {
        at for at in range(len(outcome.pupils)) if every_reason(outcome)[at] == outcome.reason[at]
    }
