"""A wrong word in one field of a body hides no wrong cell of its records, and makes none."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.app.invented import served
from tests.builders import banded, rule_set

RULES = "toy-2025-26"
PUPIL = {
    "pupil_key": "a",
    "la": "301",
    "sen_provision": "F",
    "setting": "moon",
    "hours": "x",
    "band": "A",
}
SCHOOL = {"urn": "9", "phase": "middling", "units_basic_entitlement_primary": "-1"}
WRONG = {"other_authorities": "elsewhere", "blank_means_none": 1, "on": "soon", "overrides": "none",
         "dates": "moon"}  # fmt: skip
BODIES = {
    "top-ups": {"rule_set": RULES, "pupils": [PUPIL]},
    "notional-sen": {"rule_set": "northumberland-2025-26", "schools": [SCHOOL], "absent_lines": "zero"},
}  # fmt: skip


def said(client, kind, **more):
    answer = client.post(f"/v1/what-ifs/{kind}", json={**BODIES[kind], **more})
    assert answer.status_code == 422, answer.text
    body = answer.json()
    assert body["total"] == len(body["problems"])
    return [
        (one.get("place"), one.get("row"), one.get("column"), one["sentence"])
        for one in body["problems"]
    ]


@pytest.mark.parametrize("field", WRONG)
@pytest.mark.parametrize("kind", BODIES)
def test_a_wrong_field_is_named_beside_every_wrong_cell(client, kind, field):
    cells = said(client, kind)
    together = said(client, kind, **{field: WRONG[field]})
    assert len(cells) > 1
    assert together[-len(cells) :] == cells
    (alone,) = [one for one in together if one not in cells]
    assert alone[0] == f"body.{field}"


def test_what_is_read_by_the_wrong_field_itself_is_not_called_wrong(client):
    body = {
        "rule_set": RULES,
        "pupils": [
            {**PUPIL, "sen_provision": "E", "setting": "special", "hours": "5", "la": "909"}
        ],
    }
    answer = client.post("/v1/what-ifs/top-ups", json={**body, "la_map": {"909": "x"}}).json()
    (alone,) = answer["problems"]
    assert alone["place"].startswith("body.la_map.")


def test_of_days_that_a_wrong_field_reads_nothing_is_said(client):
    """The order of days was refused alone, as days may be right by it, and spells of one pupil with them."""
    own = {**PUPIL, "sen_provision": "E", "setting": "moon", "hours": "5"}
    rows = [
        {**own, "start": "01/09/2025", "end": "31/12/2025"},
        {**own, "pupil_key": "b", "start": "13/13/2025"},
        {**own, "start": "01/01/2026"},
    ]
    told = [one[:3] for one in said(client, "top-ups", pupils=rows, dates="moon")]
    assert told == [("body.dates", None, None), *((None, row, "setting") for row in (1, 2, 3))]


SOUND = {"pupil_key": "a", "la": "301", "sen_provision": "E", "setting": "special", "hours": "5", "band": "A"}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "wrong", "places"),
    [
        (
            "la_map",
            {"909": "x", "XYZ": "301"},
            ["body.la_map.(not shown)", "body.la_map.(not shown)"],
        ),
        ("la_map", ["909"], ["body.la_map"]),
        ("explain", 7, ["body.explain"]),
        ("absent_lines", "none", ["body.absent_lines"]),
        ("date", "day_first", ["body.date"]),
        ("moons", 1, ["body.moons"]),
    ],
)
def test_wrong_fields_that_were_refused_alone_are_named_beside_wrong_cells(
    client, field, wrong, places
):
    if field == "absent_lines":
        told = said(client, "notional-sen", absent_lines=wrong)
    else:
        rows = [{**SOUND, "la": "909", "setting": "moon"}, {**SOUND, "pupil_key": "b", "la": "XYZ"},
                {**SOUND, "pupil_key": "c", "hours": "many"}]  # fmt: skip
        told = said(client, "top-ups", pupils=rows, **{field: wrong})
    assert sorted(one[0] for one in told if one[0]) == sorted(places)
    cells = {one[1:3] for one in told if one[0] is None}
    if field == "absent_lines":
        assert cells == {(1, "phase"), (1, "units_basic_entitlement_primary")}
    elif field == "la_map":
        assert cells == {(1, "setting"), (3, "hours")}
    else:
        assert {(2, "la"), (3, "hours")} <= cells


def test_lines_that_a_wrong_word_may_have_left_out_are_not_called_missing(client):
    rows = [{"urn": "900001", "phase": "primary"}]
    (alone,) = said(client, "notional-sen", schools=rows, absent_lines="none")
    assert alone[0] == "body.absent_lines"


def test_a_cell_that_is_no_text_hides_no_wrong_cell_and_makes_none(client):
    """Cells of a kind that no table has were refused alone, and so was a contradiction of two fields."""
    rows = [{**SOUND, "pupil_key": ["a"], "setting": "moon"}, {**SOUND, "pupil_key": {}, "hours": "many"},
            {**SOUND, "start": [], "end": "2025-09-30"}, {**SOUND, "start": "2025-10-01"}]  # fmt: skip
    told = said(client, "top-ups", pupils=rows, explain=True, working="none")
    assert [one[0] or one[1:3] for one in told] == [
        "body.pupils.0.pupil_key", "body.pupils.1.pupil_key", "body.pupils.2.start", "body.working", (1, "setting"), (2, "hours"),
    ]  # fmt: skip


@pytest.mark.parametrize("side", ["baseline", "candidate"])
def test_a_wrong_field_of_one_side_of_a_comparison_hides_no_wrong_cell(client, side):
    body = {
        "baseline": {"rule_set": RULES}, "candidate": {"rule_set": RULES},
        "pupils": [{**SOUND, "setting": "moon"}], "absent_lines": "nothing", "la_map": {"303": 1},
    }  # fmt: skip
    body[side]["on"] = "soon"
    answer = client.post("/v1/what-ifs/comparison", json=body).json()
    found = {one.get("place") or (one["row"], one["column"]) for one in answer["problems"]}
    assert found == {
        f"body.{side}.on",
        "body.absent_lines",
        "body.la_map.(not shown)",
        (1, "setting"),
    }


@pytest.mark.parametrize(
    ("kind", "changes", "sentence"),
    [
        ("top-ups", {"override": []}, "unknown field; did you mean overrides?"),
        ("top-ups", {"moons": []}, "unknown field; the fields here are "),
        ("top-ups", {"overrides": [{"plase": "a", "place": "a", "value": "1"}]}, "unknown field; did you mean place?"),
        ("comparison", {"baseline": {"rule_sett": "a"}}, "unknown field; did you mean rule_set?"),
    ],
)  # fmt: skip
def test_an_unknown_field_is_answered_with_the_nearest_or_all_that_there_are(
    client, kind, changes, sentence
):
    """Documents were answered so, bodies were not."""
    answer = client.post(f"/v1/what-ifs/{kind}", json=changes).json()
    (found,) = [one["sentence"] for one in answer["problems"] if one["rule"] == "extra_forbidden"]
    assert found.startswith(sentence)


@pytest.mark.parametrize("kind", BODIES)
def test_a_version_that_is_not_published_hides_no_wrong_cell(client, kind):
    """The records of a body were looked at only once its version was right."""
    cells = said(client, kind)
    for more in ({}, {"dates": "moon"}):
        together = said(client, kind, version=9, **more)
        version = ("body.version", None, None, "version not found; the published versions are 1")
        fields = {f"body.{name}" for name in more} | {"body.version"}
        assert version in together
        assert {one[0] for one in together if one[0]} == fields
        assert [one for one in together if not one[0]] == cells


def test_a_version_that_is_not_published_is_not_found_where_nothing_else_is_wrong(client):
    body = {"rule_set": RULES, "version": 9, "pupils": [SOUND]}
    answer = client.post("/v1/what-ifs/top-ups", json=body)
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/rule-set-unknown")
    assert answer.json()["detail"] == "Version not found. The published versions are 1."


def test_a_rule_set_that_is_not_published_is_named_beside_wrong_fields(client):
    body = {"rule_set": "toy-1999-00", "dates": "moon", "pupils": [PUPIL]}
    answer = client.post("/v1/what-ifs/top-ups", json=body)
    assert answer.status_code == 422
    assert [one["place"] for one in answer.json()["problems"]] == ["body.dates", "body.rule_set"]


def test_of_versions_that_are_published_a_cell_is_wrong_where_all_refuse_it(settings):
    """A column that one of the versions reads may be the one that was meant."""
    first = rule_set(
        identifier="two-versions", version=1, **banded([{"band": "A", "pounds": "1"}], ["A"])
    )
    hours = banded([{"band": "A", "pounds_each": "1", "each": "support_hours"}], ["A"])
    second = rule_set(identifier="two-versions", version=2, **hours)
    row = {"pupil_key": "a", "la": "301", "band": "A", "setting": "moon"}
    with served(settings, (first, second)) as caller:
        bodies = [
            {"rule_set": "two-versions", "version": one, "pupils": [row]} for one in (1, 2, 9)
        ]
        alone = [problems_of(caller.post("/v1/what-ifs/top-ups", json=one)) for one in bodies]
    assert alone[0] != alone[1]
    assert alone[2] == (alone[0] & alone[1]) | {("body.version", None, None, "no-version")}


def test_both_sides_of_a_comparison_may_name_no_version(client):
    body = {
        "baseline": {"rule_set": RULES, "version": 8}, "candidate": {"rule_set": RULES, "version": 9},
        "pupils": [{**SOUND, "setting": "moon"}],
    }  # fmt: skip
    found = problems_of(client.post("/v1/what-ifs/comparison", json=body))
    assert {one[:3] for one in found} == {
        ("body.baseline.version", None, None), ("body.candidate.version", None, None), (None, 1, "setting"),
    }  # fmt: skip


def at(row, **cells):
    return lambda body: body["pupils"][row].update(cells)


def field(**fields):
    return lambda body: body.update(fields)


MISTAKES = {
    "a code": at(0, setting="moon"),
    "a number": at(1, hours="many"),
    "an authority": at(2, la="XYZ"),
    "a kind of cell": at(3, sen_provision=[1]),
    "a row twice": at(3, pupil_key="2"),
    "a column": at(0, moons="1"),
    "a column of a statement": field(blank_means_none=["surname"]),
    "pounds of a statement": field(round_to_pence=["hours"]),
    "a path": field(overrides=[{"place": "top_up_rule.nothing", "value": "1"}]),
    "a word for a day": field(on="soon"),
    "an order of days": field(dates="moon"),
    "a code that is none": field(la_map={"909": "x"}),
    "an unknown field": field(override=[]),
    "another unknown field": field(moons=1),
    "a contradiction": field(working="none", explain=True),
    "a word for others": field(other_authorities="x"),
    "a schedule": field(schedule="days"),
    "a version": field(version=9),
}
OF_ONE_FIELD = [
    {"a row twice", "an order of days"}, {"a path", "an unknown field"}, {"a kind of cell", "a row twice"},
]  # fmt: skip


def rules_of(client, names):
    body = {"rule_set": RULES, "pupils": [SOUND | {"pupil_key": str(row)} for row in range(4)]}
    for name in names:
        MISTAKES[name](body)
    return problems_of(client.post("/v1/what-ifs/top-ups", json=body))


def problems_of(answer):
    body = answer.json()
    if answer.status_code == 404:
        return {("body.version", None, None, "no-version")}
    assert body["total"] == len(body["problems"])
    return {(one["place"], one["row"], one["column"], one["rule"]) for one in body["problems"]}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.sets(st.sampled_from([*MISTAKES]), min_size=2, max_size=3))
def test_any_mistakes_of_a_body_are_named_together_and_make_no_other(client, names):
    """A statement of a column, a path and a day outside the rules' year were refused alone by the answer itself."""
    assume(not any(one <= names for one in OF_ONE_FIELD))
    alone = [rules_of(client, [name]) for name in names]
    assert rules_of(client, sorted(names)) == set().union(*alone)
