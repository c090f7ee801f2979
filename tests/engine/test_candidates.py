"""Candidates against the engine's own evaluation and comparison: totals, winners and losers of random rules, pupils and values."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import currently_in_test_context, event, given, settings
from hypothesis import strategies as st

from engine.candidates import Candidates, PathValues, Run, class_counts
from engine.candidates.sides import same_year
from engine.compare import compare
from engine.errors import Refusal
from engine.rules.compile import compile_rules
from engine.rules.compile_trials import compile_what_if
from engine.rules.number_kinds import Kind
from engine.rules.paths import Paths
from engine.run import evaluate
from tests.builders import a_year, banded, pupil, pupil_table, rule_set
from tests.storm_size import draws
from tests.strategies import LABELS, banded_rule_sets, parts_of, pupils

DAYS = st.sampled_from([None, date(2025, 4, 1), date(2025, 9, 1)])
KINDS = ("total", "la", "need", "setting", "school")


def compiled(document, day):
    """Return rules of a document, or None where it does not compile for a whole year."""
    try:
        return compile_rules(document, day)
    except Refusal:
        return None


def compared(baseline, rules, table) -> dict:
    """Return what the engine's own comparison says of each group: pence and pupils."""
    change = compare(evaluate(baseline, pupils=table), evaluate(rules, pupils=table)).pupils
    everyone = [("total", change.total)]
    groups = [(one.kind, group) for one in change.groupings for group in one.groups]
    return {
        (kind, group.name): (
            group.number, group.before, group.after, group.winners, group.losers, group.absent,
        )
        for kind, group in [*everyone, *groups]
    }  # fmt: skip


def answered(run, answer, at) -> dict:
    """Return what a block says of each group that has pupils under one candidate."""
    arrays = (
        answer.people,
        answer.before,
        answer.after,
        answer.winners,
        answer.losers,
        answer.unknown,
    )
    found = {}
    for kind in run.groups.kinds:
        for place, name in enumerate(kind.groups):
            row = tuple(int(one[at, kind.start + place]) for one in arrays)
            if row[0]:
                found[kind.name, name] = row
    return found


@st.composite
def tried(draw, document) -> Candidates:
    """Draw some numbers of a rule set, and values for them."""
    paths = Paths(document)
    numbers = [
        paths.name(path)
        for path, kind in paths.every()
        if kind is Kind.dated and path[0] in ("band_profile", "top_up_rule")
    ]
    several = st.lists(st.sampled_from(numbers), min_size=1, max_size=3, unique=True)
    length = draw(st.integers(1, 4))
    pounds = st.decimals("0", "40000", places=2) | st.sampled_from(["0", "182.5", "1.82", "0.01"])
    values = []
    for name in draw(several):
        percent = "percent" in name or "adjustment" in name
        of = st.decimals("0", "9", places=4) if percent else pounds
        texts = draw(st.lists(of.map(str), min_size=length, max_size=length))
        which = draw(st.sampled_from(["", "@*"]))
        values.append(PathValues.of_texts(f"{name}{which}", texts))
    return Candidates.of(values)


@settings(max_examples=draws(20), deadline=None)
@given(st.data(), banded_rule_sets(), DAYS)
def test_candidates_come_to_what_evaluating_and_comparing_each_of_them_does(data, document, day):
    baseline = compiled(document, day)
    if baseline is None:
        return
    records = data.draw(pupils(parts_of(baseline)))
    table = pupil_table(records, LABELS)
    candidates = data.draw(tried(document))
    try:
        run = Run.of(baseline, table, candidates, KINDS)
    except Refusal as refusal:
        event(f"refused: {type(refusal).__name__}")
        return
    assert_each_is_as_evaluated(run, table)


@settings(max_examples=draws(20), deadline=None)
@given(st.data(), banded_rule_sets(), banded_rule_sets(), DAYS)
def test_numbers_of_another_rule_set_are_compared_with_the_baseline(data, document, other, day):
    baseline, varied = compiled(document, day), compiled(other, day)
    if baseline is None or varied is None:
        return
    parts = min(parts_of(baseline), parts_of(varied))
    table = pupil_table(data.draw(pupils(parts)), LABELS)
    candidates = data.draw(tried(other))
    try:
        run = Run.of(baseline, table, candidates, KINDS, varied=varied)
    except Refusal as refusal:
        event(f"refused: {type(refusal).__name__}")
        return
    event(f"same year: {same_year(baseline, varied)}")
    assert_each_is_as_evaluated(run, table)


def note(happened: str) -> None:
    """Count what happened among the draws of a property."""
    if currently_in_test_context():
        event(happened)


def assert_each_is_as_evaluated(run, table) -> None:
    """Hold every candidate of a run to the engine's own evaluation and comparison."""
    candidates, seen = run.candidates, {one.name: one for one in run.left_out}
    for answer in run.answers():
        for at, row in enumerate(answer.rows.tolist()):
            assert candidates.name(row) not in seen
            seen[candidates.name(row)] = None
            try:
                rules = compile_what_if(
                    run.varied.document, candidates.overrides(row), run.varied.day
                )
                expected = compared(run.baseline, rules, table)
            except Refusal:
                assert row in answer.refused
                continue
            assert row not in answer.refused
            assert answered(run, answer, at) == expected
            assert answer.total[at] == evaluate(rules, pupils=table).top_ups.total
            note("valued")
        if not answer.refused:
            paths = run.paths(run.blocks[answer.number].variant)
            note(f"counted {paths.counted > 0}, singly {paths.singly > 0}")
    names = [candidates.name(at) for at in range(len(candidates))]
    assert seen.keys() == set(names)
    for at, name in enumerate(names):
        if seen[name] is not None:
            with pytest.raises(Refusal):
                compile_what_if(run.varied.document, candidates.overrides(at), run.varied.day)


def months(year: int) -> list[dict]:
    """Return twelve periods from April, each paid whole to who is on roll on its count date."""
    firsts = [date(year + (at > 8), (at + 3) % 12 + 1, 1) for at in range(12)]
    lasts = [one - timedelta(days=1) for one in [*firsts[1:], date(year + 1, 4, 1)]]
    return [
        {"name": f"Month {at}", "first": str(first), "last": str(last), "presence": "count_date", "count_on": str(first)}
        for at, (first, last) in enumerate(zip(firsts, lasts, strict=True))
    ]  # fmt: skip


STATED = {"source": "example", "standing": "proposed"}
CALENDARS = {
    365: a_year(),
    366: a_year("2027-04-01", "2028-03-31"),
    12: {**STATED, "periods": months(2025)},
    39: {**STATED, "parts": {"number": 39, "part": "week"}},
    190: {**STATED, "parts": {"number": 190, "part": "school day"}},
}
"""Calendars by the parts of a whole year."""

ODD = st.integers(0, 400_000).map(lambda pence: f"{pence // 100}.{pence % 100:02d}")
"""Pounds whose pence are any, so that few are a multiple of 5."""

SETTINGS = ("mainstream", "special", "sen_unit")


def by_authority(value):
    """Return a strategy of a value by authority."""
    return st.tuples(value, value).map(
        lambda pair: {
            "rows": [
                {"when": {"la": [la]}, "value": one}
                for la, one in zip(("201", "202"), pair, strict=True)
            ]
        }
    )


GIVEN = st.just({"label_given": True})
"""The assignment of bands that pupils have already."""


@st.composite
def plain_rule_sets(draw, parts: int, assignment=GIVEN) -> dict:
    """Draw rules under which most pupils are counted: sums by band and setting, and every clause that changes amounts."""
    begins = "2027-04-01" if parts == 366 else "2025-04-01"
    changes = f"{begins[:4]}-09-01"
    dated = parts in (12, 365, 366)
    prices = [
        {"band": band, "when": {"setting": [setting]}, "pounds": draw(ODD)}
        for band in LABELS
        for setting in SETTINGS
    ]
    tariff = {"prices": prices}
    if draw(st.booleans()):
        area = st.decimals("0.9", "1.2", places=5).map(str)
        tariff["area_cost_adjustment"] = draw(area | by_authority(area))
    if draw(st.booleans()):
        more = st.fixed_dictionaries(
            {"percent": st.decimals(0, 9, places=2).map(str)}
        ) | st.fixed_dictionaries({"pounds": ODD})
        tariff["modifiers"] = [{"label": "More", "when": {"setting": ["special"]}, **draw(more)}]
    if draw(st.booleans()):
        values = [
            {"from": begins, "value": "1.5"},
            {"from": changes, "value": draw(st.decimals(0, 5, places=2).map(str))},
        ]
        tariff["uprating_percent"] = values if dated and draw(st.booleans()) else values[:1]
    rule = {"calendar": CALENDARS[parts]}
    for name in ("floor", "cap"):
        if draw(st.sampled_from([True, False, False])):
            rule[name] = draw(ODD)
    if draw(st.booleans()):
        rule["threshold"] = {
            "pounds": draw(ODD),
            "inside": True,
            "settings": draw(st.sampled_from([[], ["mainstream"]])),
        }
    profile = {"bands": list(LABELS), "assignment": draw(assignment), "tariff": tariff}
    stated = {"provenance": {"from": begins, **STATED}}
    return rule_set(band_profile=profile, top_up_rule=rule, **stated)


@st.composite
def plain_pupils(draw, parts: int) -> list[dict]:
    """Draw pupils of whom most have a band and a setting, some days or parts of their own, and a few several spells."""
    year = 2027 if parts == 366 else 2025
    rows = []
    for number in range(draw(st.integers(1, 12))):
        row = pupil(
            pupil_key=f"pupil-{number}", la=draw(st.sampled_from([201, 202])), urn=draw(st.integers(1, 3)),
            band=draw(st.sampled_from(LABELS)), setting=draw(st.sampled_from([*SETTINGS, *SETTINGS, None])),
            primary_need=draw(st.sampled_from(["ASD", "MLD", None])),
        )  # fmt: skip
        if parts in (39, 190):
            row["parts_on_roll"] = draw(st.integers(0, parts))
        else:
            row["start"] = draw(st.none() | st.dates(date(year - 1, 9, 1), date(year + 1, 5, 1)))
            row["end"] = draw(st.none() | st.dates(date(year, 3, 1), date(year + 1, 3, 31)))
        rows.append(row)
        if parts not in (39, 190) and draw(st.sampled_from([True, False, False, False])):
            split = date(year, 11, 5)
            rows[-1] = {**row, "start": date(year, 4, 2), "end": split}
            rows.append({**row, "urn": 2, "start": split + timedelta(days=1), "end": None})
    return rows


@st.composite
def amounts_tried(draw, document) -> Candidates:
    """Draw values of prices and clauses: odd pence, some near those of the baseline and some that cannot be."""
    paths = Paths(document)
    places = {
        paths.name(path): paths.at(path) for path, kind in paths.every() if kind is Kind.dated
    }
    names = draw(st.lists(st.sampled_from(sorted(places)), min_size=1, max_size=4, unique=True))
    length = draw(st.integers(1, 5))
    values = []
    for name in names:
        held = Decimal(places[name][0]["value"])
        small = "percent" in name or "adjustment" in name
        near = st.integers(-4, 400).map(lambda pence, held=held: str(held + Decimal(pence) / 100))
        of = near if small else ODD | near | st.sampled_from(["0", "1.82", "100000000.01"])
        texts = draw(st.lists(of, min_size=length, max_size=length))
        values.append(PathValues.of_texts(name, texts))
    return Candidates.of(values)


@settings(max_examples=draws(120), deadline=None)
@given(st.data(), st.sampled_from(sorted(CALENDARS)), st.booleans())
def test_pupils_who_are_counted_come_to_the_penny_of_evaluating_each_candidate(data, parts, closed):
    document = data.draw(plain_rule_sets(parts))
    baseline = compile_rules(document)
    table = pupil_table(data.draw(plain_pupils(parts)), LABELS)
    candidates = data.draw(amounts_tried(document))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(class_counts, "WORTH", 1 if closed else 1_000)
        run = Run.of(baseline, table, candidates, KINDS)
        assert_each_is_as_evaluated(run, table)


def test_an_adjustment_of_one_authority_varies_for_its_pupils_alone():
    price = {"pounds": "1001.37"}
    rows = [{"when": {"la": ["201"]}, "value": "1.02"}, {"when": {"la": ["202"]}, "value": "0.98"}]
    parts = banded(
        [price],
        ("A",),
        cap={"rows": [{"when": {"la": ["202"]}, "value": "900.01"}], "otherwise": "none"},
    )
    parts["band_profile"]["tariff"]["area_cost_adjustment"] = {"rows": rows}
    document = rule_set(**parts)
    names = Paths(document).names
    area, cap = (next(one for one in names if word in one) for word in ("la:201", "cap.rows"))
    records = [
        pupil(
            pupil_key=f"pupil-{at}",
            la=201 + at % 2,
            setting="special",
            primary_need="MLD",
            urn=1,
            band="A",
            start=date(2025, 4 + at, 3),
        )
        for at in range(6)
    ]
    table = pupil_table(records, ("A",))
    values = [
        PathValues.of_texts(area, ["1.1", "0.95", "1.02"]),
        PathValues.of_texts(cap, ["10", "950.5", "2000"]),
    ]
    run = Run.of(compile_rules(document), table, Candidates.of(values), KINDS)
    assert (len(run.variants), run.plan.by_share) == (1, 6)
    assert_each_is_as_evaluated(run, table)


@pytest.mark.parametrize(
    "amount", [1, 182, 183, 365, 99_999, 2**53 // 12 - 1, 2**53 // 12 + 1, 2**53 + 1]
)
def test_amounts_on_both_sides_of_the_bound_of_doubles_are_exact(amount, monkeypatch):
    monkeypatch.setattr(class_counts, "WORTH", 1)
    ends = [None, date(2025, 4, 1), date(2025, 9, 30), date(2025, 6, 1), None]
    records = [
        pupil(pupil_key=f"pupil-{at}", la=201 + at % 2, band="A", end=end)
        for at, end in enumerate(ends)
    ]
    document = rule_set(**banded([{"pounds": "1000"}], ("A",)))
    values = PathValues.of_texts("band_profile.tariff.prices.0.pounds", ["1000"])
    run = Run.of(
        compile_rules(document),
        pupil_table(records, ("A",)),
        Candidates.of([values]),
        ("total", "la"),
    )
    counts = run.prepared(0).counted
    assert counts.has_closed_form
    parts = [365, 1, 183, 62, 365]
    each = [(2 * amount * part + 365) // 730 for part in parts]
    found = counts.sums(np.full((1, 1, counts.classes), amount, np.int64), slice(0, 1)).after[0]
    assert found.tolist() == [sum(each), sum(each[::2]), sum(each[1::2])]
