"""Candidates of a document with values by authority, setting, phase and band: those of a document of each authority."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.candidates import Candidates, PathValues, Run
from engine.compare import compare
from engine.errors import Refusal
from engine.rules.compile import compile_rules
from engine.rules.number_kinds import Kind
from engine.rules.override import override
from engine.rules.paths import Paths
from engine.run import evaluate
from tests.builders import pupil_table
from tests.engine.test_candidates import ODD, plain_pupils, plain_rule_sets
from tests.national_strategies import AUTHORITIES, national, of_authority
from tests.storm_size import draws, is_whole
from tests.strategies import LABELS

NOT_PRINTED = "not printed"
SMALL = st.decimals("0.5", "9", places=2).map(str)


@st.composite
def values_tried(draw, document) -> Candidates | None:
    """Draw values in the place of some that are printed, in tables and beside them; None where none is."""
    paths = Paths(document)
    names = sorted(
        paths.name(path)
        for path, kind in paths.every()
        if kind is Kind.dated and paths.at(path)[0]["value"] != NOT_PRINTED
    )
    if not names:
        return None
    length = draw(st.integers(1, 3))
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=4, unique=True))
    return Candidates.of(
        [
            PathValues.of_texts(
                name,
                draw(
                    st.lists(
                        SMALL if "percent" in name or "adjustment" in name else ODD,
                        min_size=length,
                        max_size=length,
                    )
                ),
            )
            for name in chosen
        ]
    )


@st.composite
def pupils_of_several(draw, parts: int) -> list[dict]:
    """Draw pupils of several authorities and phases, each of one."""
    of: dict[str, dict] = {}
    for one in (records := draw(plain_pupils(parts))):
        own = {
            "la": int(draw(st.sampled_from(AUTHORITIES))),
            "year_group": draw(st.sampled_from([1, 4, 8, 12])),
        }
        of.setdefault(one["pupil_key"], own)
    return [{**one, **of[one["pupil_key"]]} for one in records]


def test_candidates_of_tables_of_values_are_those_of_a_document_of_each_authority():
    seen = Counter()

    @settings(max_examples=draws(60), deadline=None)
    @given(st.data(), st.sampled_from([365, 12, 39]))
    def check(data, parts):
        document = data.draw(national(plain_rule_sets(parts)))
        candidates = data.draw(values_tried(document))
        records = data.draw(pupils_of_several(parts))
        if candidates is None:
            return
        try:
            run = Run.of(
                compile_rules(document), pupil_table(records, LABELS), candidates, ("total", "la")
            )
        except Refusal:
            return
        la = run.groups.kind("la")
        seen["in a table"] += any(".rows." in one.place for one in candidates.values)
        for answer in run.answers():
            for at, row in enumerate(answer.rows.tolist()):
                for column, code in enumerate(la.groups, la.start):
                    if row not in answer.refused:
                        overrides = candidates.overrides(row)
                        own = [one for one in records if one["la"] == int(code)]
                        seen[hold(answer, (at, column), (document, overrides, code), own)] += 1

    check()
    assert seen["the same"]
    if is_whole():
        assert seen["in a table"]


def hold(answer, place, of, records) -> str:
    """Hold what a candidate brings one authority to what two documents of its own do, where these fit its pupils."""
    document, overrides, code = of
    table = pupil_table(records, LABELS)
    try:
        before, after = (
            evaluate(compile_rules(of_authority(one, code)), pupils=table)
            for one in (document, override(document, overrides))
        )
    except Refusal:
        return "refused"
    total = compare(before, after).pupils.total
    at, column = place
    found = [
        int(one[at, column])
        for one in (answer.people, answer.before, answer.after, answer.winners, answer.losers, answer.unknown)
    ]  # fmt: skip
    assert found == [
        total.number, total.before, total.after, total.winners, total.losers, total.absent,
    ]  # fmt: skip
    return "the same"
