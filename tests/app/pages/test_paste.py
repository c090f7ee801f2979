"""Rows copied from a statement, on a page: what was read is shown, chosen and put into the form, and nothing is kept."""

import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest

from engine.letters.statement_lines import NOT_A_LINE, PART_OF_IT, SUBTOTAL
from tests.app.pages.test_notional_sen_page import words_of
from tests.app.pages.test_words_of_a_school import NOT_SAID
from tests.engine.test_statement_rows import ENTITLEMENT, TOOL, W1, W4, W6

NATIONAL = "nff-2026-27"
NORTHUMBERLAND = "northumberland-2025-26"
PUBLISHED = [
    ("west-sussex-2021-22", "secondary", W1, 1_152_138_52, 0),
    ("bedford-2022-23", "primary", W4, 83_831_00, 1_00),
    ("northumberland-2015-16", "all_through", W6, 476_301_00, 1_00),
]
PERSON = "Zebulon Quartermaine"
STATEMENT = """Factor\tUnit value\tPupils\tBudget\tNotional SEN %\tNotional SEN
Basic entitlement (primary)\t£4,064.00\t210\t£853,440.00\t5%\t£42,672.00
FSM6 primary\t£1,210.00\t48\t£58,080.00\t70%\t£40,656.00
IDACI band D\t£500.00\t10\t£5,000.00\t50%\t£2,500.00
IDACI band E\t£290.00\t10\t£2,900.00\t50%\t£1,450.00
Sub total\t\t\t£919,420.00
"""


def read(client, rules, phase, text, **more):
    return client.post(f"/paste/{rules}", data={"phase": phase, "text": text, "do": "read", **more})


def used(client, rules, phase, text, **more):
    """Return the answer to the button that leads on."""
    sent = {"phase": phase, "text": text, "do": "use", **more}
    return client.post(f"/paste/{rules}", data=sent, follow_redirects=False)


def entries(answer):
    """Return the answers of the address that an answer leads to."""
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def budget(text):
    shown = re.search(r'app-answer__figure">£([^<]+)<', text)[1]
    return int(shown.replace(",", "").replace(".", ""))


@pytest.mark.parametrize(("rules", "phase", "text", "published", "within"), PUBLISHED)
def test_a_statement_is_pasted_confirmed_and_gives_its_published_budget(
    client, rules, phase, text, published, within
):
    shown = read(client, rules, phase, text)
    assert shown.status_code == 200
    assert "Check what was read" in shown.text
    answer = used(client, rules, phase, text, blanks="none")
    assert answer.status_code == 303
    to = answer.headers["location"]
    assert to.startswith(f"/notional-sen/{rules}?")
    form = client.get(to)
    assert form.status_code == 200
    assert "The boxes below are filled in from your statement" in form.text
    for name, value in entries(answer).items():
        if name.startswith(("units_", "amount_", "letter_")):
            assert f'name="{name}"' in form.text, name
            assert f'value="{value}"' in form.text, name
    result = client.get(to.replace("&change=yes", ""))
    assert abs(budget(result.text) - published) <= within
    assert entries(answer)["letter_notional"].replace(".", "") == str(published)


def test_the_answers_come_back_from_the_form_with_the_pounds_of_the_letter(client):
    answer = used(client, "west-sussex-2021-22", "secondary", W1, blanks="none")
    sent = entries(answer)
    assert sent.pop("change") == "yes"
    result = client.post("/notional-sen/west-sussex-2021-22", data=sent, follow_redirects=False)
    assert entries(result) == sent


def test_percentages_go_into_their_boxes_and_a_result_follows(client):
    answer = used(
        client, NATIONAL, "primary", STATEMENT, la="383", blanks="none", percentages="none"
    )
    sent = entries(answer)
    assert sent["percent_basic_entitlement_primary"] == "5"
    assert sent["percent_fsm6_primary"] == "70"
    assert sent["percent_idaci_primary"] == "50"
    assert sent["letter_notional_fsm6_primary"] == "40656.00"
    result = client.get(answer.headers["location"].replace("&change=yes", ""))
    assert "Leeds" in result.text
    # 5% of 210 × £4,064, 70% of 48 × £1,210, and half of 10 × the rules' values of bands D and E.
    assert budget(result.text) > 83_328_00


OTHER = "Basic entitlement (primary) 210 £4,050.10 £850,521.00 5% £42,526.05\nFSM6 primary 10 £1,210.00 £12,100.00 50% £6,050.00"


def test_unit_values_of_the_statement_take_the_place_of_the_national_ones(client):
    """The national formula has £4,064 a primary pupil: an authority may pay less."""
    page = words_of(read(client, NATIONAL, "primary", OTHER, la="822"))
    assert "Basic entitlement (primary): £4,050.10 in your statement, £4,064.00 here" in page
    assert "FSM6" not in page.partition("Unit values that differ")[2].partition("Use the unit")[0]
    more = {"la": "822", "blanks": "none", "percentages": "none"}
    own = used(client, NATIONAL, "primary", OTHER, **more).headers["location"]
    result = client.get(own.replace("&change=yes", ""))
    assert budget(result.text) == 48_576_05
    assert "This number is yours, in place of those of the national formula" in words_of(result)
    national = used(client, NATIONAL, "primary", OTHER, values="rules", **more).headers["location"]
    assert budget(client.get(national.replace("&change=yes", "")).text) == 42_672_00 + 6_050_00


def test_unit_values_of_an_authority_are_not_replaced_unless_a_person_says_so(client):
    text = "FSM6 primary 10 £1,100.00 £11,000.00 100% £11,000.00"
    page = words_of(read(client, NORTHUMBERLAND, "primary", text))
    assert "£1,100.00 in your statement, £1,060.00 here" in page
    assert "override" not in entries(used(client, NORTHUMBERLAND, "primary", text))
    chosen = entries(used(client, NORTHUMBERLAND, "primary", text, values="statement"))
    assert chosen["override"] == "schools_formula.factors.fsm6.primary.unit_value=1100"


def test_totals_of_other_rows_are_folded_and_nobody_is_asked_about_them(client):
    text = f"{STATEMENT}Post De-delegation budget\t\t\t£919,420.00\n"
    page = read(client, NATIONAL, "primary", text, la="383")
    assert "2 rows that are totals of other rows" in words_of(page)
    assert 'id="not-read"' not in page.text


def test_boxes_that_a_statement_filled_are_folded_so_that_what_it_does_not_say_is_met_first(client):
    whole = {"la": "383", "blanks": "none", "percentages": "none"}
    to = used(client, NATIONAL, "primary", STATEMENT, **whole).headers["location"]
    page = client.get(to).text
    assert "4 boxes are filled in from your statement" in page
    before, after = page.split('name="units_fsm6_primary"')[0], page.partition("expected to pay")[2]
    assert before.count("<details") == before.count("</details>") + 1
    assert after.index('name="sen_support_pupils"') < after.index("<details")
    partly = client.get(used(client, NATIONAL, "primary", STATEMENT).headers["location"]).text
    assert "boxes are filled in from your statement:" not in partly


def test_the_start_leads_to_the_paste_where_a_person_chooses_so(client):
    chosen = {"la": "383", "year": "2026-27", "phase": "primary"}
    to = client.get("/", params={**chosen, "paste": "yes"}, follow_redirects=False)
    assert to.headers["location"] == f"/paste/{NATIONAL}?phase=primary&la=383"
    assert 'name="paste"' in client.get("/").text


def test_rows_that_are_not_used_are_named_with_the_reason(client):
    page = words_of(read(client, NORTHUMBERLAND, "middle", ENTITLEMENT))
    assert f"Sub Total £1,652,970 {SUBTOTAL}" in page
    assert f"Mystery factor 3 £44 {NOT_A_LINE}" in page
    together = words_of(read(client, NORTHUMBERLAND, "middle", f"{ENTITLEMENT}FSM6\t31,800\n"))
    assert PART_OF_IT in together


def test_a_person_chooses_what_a_row_and_a_figure_are(client):
    text = "Basic entitlement primary\t210\nOur own factor\t12\nFSM6 primary\t\t2120"
    first = read(client, NORTHUMBERLAND, "primary", text)
    assert "what is 2120?" in first.text
    chosen = {"row_2": "idaci_f_primary", "figure_3_2": "units"}
    page = words_of(read(client, NORTHUMBERLAND, "primary", text, **chosen))
    assert "12 (number)" in page
    assert "2,120 (number)" in page
    sent = entries(used(client, NORTHUMBERLAND, "primary", text, **chosen))
    assert sent["units_idaci_f_primary"] == "12"
    assert sent["units_fsm6_primary"] == "2120"
    assert "amount_fsm6_primary" not in sent
    out = entries(used(client, NORTHUMBERLAND, "primary", text, row_3="none"))
    assert not [name for name in out if "fsm6" in name]


@pytest.mark.parametrize("wrong", [{"row_1": "x' onload"}, {"figure_1_1": "x"}, {"row_x": "none"}])
def test_a_choice_that_there_is_not_changes_nothing(client, wrong):
    text = "Basic entitlement primary\t210"
    plain = used(client, NORTHUMBERLAND, "primary", text).headers["location"]
    assert used(client, NORTHUMBERLAND, "primary", text, **wrong).headers["location"] == plain


def test_shares_become_numbers_of_pupils_with_the_working(client):
    page = words_of(read(client, NORTHUMBERLAND, "primary", TOOL))
    assert "27.95% of 210 pupils is 58.695." in page
    sent = entries(used(client, NORTHUMBERLAND, "primary", TOOL))
    assert sent["units_low_prior_attainment_primary"] == "58.695"


def test_nothing_of_the_text_but_known_figures_reaches_an_address(client):
    text = f"{PERSON}\t3\nBasic entitlement primary\t210\n{PERSON} FSM6 primary\t30\t{PERSON}\n"
    answer = used(client, NORTHUMBERLAND, "primary", text, la=PERSON, ours=PERSON)
    assert entries(answer) == {
        "phase": "primary", "version": "1", "units_basic_entitlement_primary": "210",
        "units_fsm6_primary": "30", "change": "yes",
    }  # fmt: skip
    page = client.get(answer.headers["location"]).text
    assert PERSON.split(maxsplit=1)[0] not in page


def test_answers_of_the_form_are_kept_and_those_of_the_statement_replace_them(client):
    before = {
        "units_fsm6_primary": "7",
        "units_eal_primary": "4",
        "ehc_plans": "3",
        "school": "Ours",
    }
    answer = used(client, NORTHUMBERLAND, "primary", "FSM6 primary\t£2,130.55", **before)
    sent = entries(answer)
    assert (sent["units_eal_primary"], sent["ehc_plans"], sent["school"]) == ("4", "3", "Ours")
    assert sent["amount_fsm6_primary"] == "2130.55"
    assert "units_fsm6_primary" not in sent
    form = client.get(answer.headers["location"])
    assert 'name="amount_fsm6_primary"' in form.text
    assert 'name="units_fsm6_primary"' not in form.text


def test_a_number_and_pounds_of_one_line_are_refused_in_the_words_of_the_boxes(client):
    both = {"phase": "primary", "units_fsm6_primary": "7", "amount_fsm6_primary": "2120"}
    answer = client.get(f"/notional-sen/{NORTHUMBERLAND}", params=both)
    assert answer.status_code == 422
    assert "is given in pounds and as a number: empty one of the two boxes" in words_of(answer)
    assert not NOT_SAID.search(unescape(words_of(answer)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Paste the rows of your statement"),
        ("   \n", "Paste the rows of your statement"),
        ("Dear parents\nour fete is on Sunday", "None of these rows has a name and a figure"),
        ("x" * 100_001, "The text is too long"),
    ],
)
def test_what_is_no_statement_is_said_at_the_box_and_the_text_is_kept(client, text, said):
    for do in (read, used):
        answer = do(client, NORTHUMBERLAND, "primary", text)
        assert answer.status_code == 422
        assert said in words_of(answer)
        assert 'href="#text"' in answer.text
    assert text.strip()[:50] in answer.text


def test_a_text_is_shown_as_text(client):
    text = "<script>alert(1)</script>\t3\nBasic entitlement primary\t210</textarea><b>"
    page = read(client, NORTHUMBERLAND, "primary", text).text
    assert "<script>alert" not in page
    assert "</textarea><b>" not in page


def test_the_page_says_no_word_of_ours(client):
    for rules, phase, text, *_ in PUBLISHED:
        page = unescape(words_of(read(client, rules, phase, f"{text}\nMystery\t3\nEAL\t0.03\n")))
        assert not [page[one.start() - 40 : one.end() + 40] for one in NOT_SAID.finditer(page)]


def test_a_share_in_a_box_is_taken_of_the_pupils(client):
    typed = {"phase": "primary", "blanks": "none", "units_basic_entitlement_primary": "1,210"}
    path = f"/notional-sen/{NORTHUMBERLAND}"
    share = client.get(path, params={**typed, "units_low_prior_attainment_primary": "25%"})
    number = client.get(path, params={**typed, "units_low_prior_attainment_primary": "302.5"})
    assert share.status_code == number.status_code == 200
    assert budget(share.text) == budget(number.text) > 0
    wrong = client.get(path, params={**typed, "units_low_prior_attainment_primary": "125%"})
    assert wrong.status_code == 422
    assert 'href="#units_low_prior_attainment_primary"' in wrong.text
    of_itself = client.get(path, params={**typed, "units_basic_entitlement_primary": "50%"})
    assert of_itself.status_code == 422


def test_a_figure_of_a_letter_that_is_none_is_refused(client):
    path, typed = f"/notional-sen/{NORTHUMBERLAND}", {"phase": "primary", "blanks": "none"}
    for name, said in (
        ("letter_amount_x", "this link is out of date"),
        ("letter_x", "this link is out of date"),
    ):
        answer = client.get(path, params={**typed, name: "3"})
        assert answer.status_code == 422
        assert said in words_of(answer).lower()
    unreadable = client.get(path, params={**typed, "letter_notional": "lots"})
    assert unreadable.status_code == 422
    assert "Notional SEN in the letter must be an amount in pounds" in words_of(unreadable)


def test_the_check_code_of_a_result_does_not_depend_on_a_letter(client):
    path, typed = f"/notional-sen/{NORTHUMBERLAND}", {"phase": "primary", "blanks": "none"}
    codes = {
        re.search(r"[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}", client.get(path, params=one).text)[0]
        for one in (typed, {**typed, "letter_notional": "12.30"})
    }
    assert len(codes) == 1
