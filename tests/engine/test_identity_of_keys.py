"""Keys and codes are what they look like: characters that cannot be seen are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import TableRefused
from engine.reading import pupil_table, records
from engine.unseen_characters import unseen_in
from tests.pupil_files import WANTED, rows_of

SIGNS = {
    "\u200b": "zero-width space, U+200B",
    "\u200d": "zero-width joiner, U+200D",
    "\ufeff": "byte order mark, U+FEFF",
    "\xad": "soft hyphen, U+00AD",
    "\u202e": "right-to-left override, U+202E",
    "\u2066": "left-to-right isolate, U+2066",
    "\xa0": "no-break space, U+00A0",
    "\t": "tab, U+0009",
    "\n": "line break, U+000A",
    "\x07": "control character, U+0007",
    "\u3000": "ideographic space, U+3000",
    "\ufe0f": "variation selector-16, U+FE0F",
    "\u3164": "hangul filler, U+3164",
}


def refused(rows) -> list[tuple[int | None, str | None, str]]:
    with pytest.raises(TableRefused) as caught:
        pupil_table(records(rows), WANTED)
    assert caught.value.total == len(caught.value.problems)
    return [(one.row, one.column, one.sentence) for one in caught.value.problems]


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("shape", ["k{}1", "{}k1", "k1{}"])
def test_a_key_with_a_character_that_cannot_be_seen_is_refused_by_row_and_name(sign, shape):
    sentence = f"has a character that cannot be seen ({SIGNS[sign]}); delete it"
    assert refused(rows_of(["k1", shape.format(sign)])) == [(3, "pupil_key", sentence)]


@pytest.mark.parametrize("sign", ["\u200b", "\xa0", "\t"])
@pytest.mark.parametrize(
    ("column", "value"), [("la", "928"), ("urn", "100001"), ("band", "A"), ("sen_provision", "E")]
)
def test_a_code_with_such_a_character_is_refused_for_it_alone(column, value, sign):
    row = {"pupil_key": "k1", "la": "928", "urn": "100001", "band": "A", "sen_provision": "E"}
    [(number, name, sentence)] = refused([row | {column: value + sign}])
    assert (number, name) == (2, column)
    assert SIGNS[sign] in sentence


@pytest.mark.parametrize(
    ("sign", "name"),
    [
        ("\u0410", "cyrillic capital letter a, U+0410"),
        ("\u03bf", "greek small letter omicron, U+03BF"),
        ("\u0555", "armenian capital letter oh, U+0555"),
        ("\u13aa", "cherokee letter go, U+13AA"),
        ("\u0131", "latin small letter dotless i, U+0131"),
    ],
)
@pytest.mark.parametrize("column", ["pupil_key", "band", "la", "sen_provision"])
def test_a_letter_that_looks_like_a_latin_one_and_is_another_is_refused_by_row_and_name(
    column, sign, name
):
    row = {"pupil_key": "k1", "la": "928", "urn": "100001", "band": "A", "sen_provision": "E"}
    [(number, where, sentence)] = refused([row | {column: sign}])
    assert (number, where) == (2, column)
    assert sentence == (
        f"has a letter that may look like a Latin one and is another ({name}); type it again"
    )


def test_letters_with_accents_are_latin_and_read():
    table = pupil_table(records(rows_of(["Zo\u00eb-1", "\u00c5sa-2"])), WANTED)
    assert table.notices == ()


def test_keys_that_are_nearly_the_same_are_named_in_pairs_by_their_rows_and_never_by_the_key():
    keys = ["k1", "x", "K1", "canary 7", "CANARY7", "canary-8", "Canary 7"]
    [notice] = pupil_table(records(rows_of(keys)), WANTED).notices
    assert "(row 2 with row 4; row 5 with rows 6 and 8)" in notice.sentence
    assert "canary" not in notice.sentence.casefold()
    many = [name for at in range(9) for name in (f"k{at}", f"K{at}")]
    [notice] = pupil_table(records(rows_of(many)), WANTED).notices
    assert "row 2 with row 3; row 4 with row 5;" in notice.sentence
    assert "row 10 with row 11; and 4 more such keys)" in notice.sentence
    assert notice.number == 18


def test_many_rows_name_each_character_once_and_never_the_key():
    [first, second] = refused(rows_of(["CANARY\u200b", "b\xad"]))
    assert (first[0], second[0]) == (2, 3)
    assert "CANARY" not in str([first, second])


@pytest.mark.parametrize("size", [3, 2_000])
def test_a_table_of_any_size_is_read_alike(size):
    keys = [f"k{at}" for at in range(size)]
    assert pupil_table(records(rows_of(keys)), WANTED).notices == ()
    assert len(refused(rows_of([*keys, "x\u200by"]))) == 1
    [notice] = pupil_table(records(rows_of([*keys, "K1"])), WANTED).notices
    assert (notice.rule, notice.table, notice.rows) == ("near-keys", "pupils", (3, size + 2))


def test_blanks_of_a_keyboard_around_a_key_do_not_count():
    table = pupil_table(records(rows_of([" k1 ", "k2"])), WANTED)
    assert sorted(table.keys.to_list()) == ["k1", "k2"]


@given(st.text(min_size=1, max_size=6))
def test_law_6_a_key_is_read_exactly_or_refused(key):
    try:
        table = pupil_table(records(rows_of([key])), WANTED)
    except TableRefused:
        return
    assert table.keys.to_list() == [key.strip(" ")]
    assert unseen_in(key) is None
