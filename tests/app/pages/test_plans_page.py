"""What bands would bring: a school's plans, local and proposed bands side by side, and one pupil's top-up with its working."""

import re
from html import unescape

import pytest

from tests.rule_library import DOCUMENTS, with_part

SOLIHULL = "/bands/solihull-2025-26"
PLANS = {
    "band_1": "1", "plans_1": "3", "setting_1": "mainstream",
    "band_2": "2b", "plans_2": "2", "setting_2": "mainstream", "start_2": "2025-09-01",
}  # fmt: skip
OTHERS = {
    "compare": "national-profile-candidate",
    "other_band_1": "Targeted",
    "other_band_2": "Specialist 1",
}


def words_of(page):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text.partition("<main")[2])).split())


def test_the_list_has_every_rule_set_with_bands_and_invented_ones_apart(client):
    page = client.get("/bands").text
    published, _, proposed = page.partition("Proposals and examples")
    for name in with_part("band_profile"):
        where = proposed if DOCUMENTS[name].standing.value == "proposed" else published
        assert f'href="/bands/{name}"' in where


def test_plans_come_to_what_the_school_is_paid_and_what_it_meets(client):
    said = words_of(client.get(SOLIHULL, params=PLANS))
    assert "5 plans: the school is paid £6,042.88" in said
    assert "The school meets £24,970 of these plans itself" in said
    assert "2 × band 2b, mainstream, from 1 September 2025 £3,021.44 £6,042.88 £6,969.86" in said
    assert (
        "The local authority that maintains a pupil\N{RIGHT SINGLE QUOTATION MARK}s plan decides the band"
        in said
    )


def test_a_setting_that_prices_read_is_asked_and_never_taken_for_granted(client):
    unsaid = {name: text for name, text in PLANS.items() if name != "setting_2"}
    answer = client.get(SOLIHULL, params=unsaid)
    assert answer.status_code == 422
    assert "Setting, row 2 is missing" in words_of(answer)
    assert "the school is paid" not in words_of(answer)


def test_proposed_bands_stand_beside_the_local_ones(client):
    said = words_of(client.get(SOLIHULL, params=PLANS | OTHERS))
    assert "£4,066, £1,977 less." in said
    assert "Under the other rules it meets £15,970." in said
    assert "days of 2025-26 are taken as the same days of 2026-27" in said
    assert "its prices are invented" in said


NATIONAL = "/bands/national-profile-candidate"
THREE = {
    "band_1": "Targeted", "plans_1": "6", "setting_1": "mainstream",
    "band_2": "Targeted plus", "plans_2": "4", "setting_2": "mainstream",
    "band_3": "Specialist 1", "plans_3": "1", "setting_3": "mainstream",
}  # fmt: skip


@pytest.mark.parametrize(
    ("today", "said"),
    [("£4,000", "£1,500 more than today"), ("9000", "£3,500 less than today"), ("5500", "The same as today")],
)  # fmt: skip
def test_a_school_whose_authoritys_bands_are_not_here_says_what_it_is_paid_today(
    client, today, said
):
    """Six plans within the first part, four of £500 and one of £3,500: £5,500."""
    page = words_of(client.get(NATIONAL, params=THREE | {"paid_today": today}))
    assert "the school is paid £5,500.00" in page
    assert said in page
    assert "than today" not in words_of(client.get(NATIONAL, params=THREE))
    assert "enter on the next page what you are paid" in words_of(client.get("/bands"))


def test_what_a_school_is_paid_today_is_in_pounds(client):
    answer = client.get(NATIONAL, params=THREE | {"paid_today": "lots"})
    assert answer.status_code == 422
    assert "What these plans bring the school today must be an amount in pounds" in words_of(answer)
    assert 'href="#paid_today"' in answer.text


def test_what_each_band_pays_is_there_to_choose_by(client):
    said = words_of(client.get(NATIONAL))
    assert "Targeted plus £500.00 £6,000.00 Specialist 1 £3,500.00 £6,000.00" in said
    assert "2b £5,202.00 £6,000.00" in words_of(client.get(SOLIHULL))
    levels = words_of(client.get("/bands/toy-table-2025-26"))
    assert "What each band pays" not in levels


def test_the_proposal_of_the_newest_year_comes_before_folded_examples(client):
    page = client.get("/bands").text.partition("Proposals and examples")[2]
    shown, _, folded = page.partition("<details")
    assert "/bands/national-profile-candidate" in shown
    assert "toy-" not in shown
    assert "/bands/toy-2025-26" in folded


def test_what_is_sent_leads_to_an_address_that_holds_it(client):
    answer = client.post(
        SOLIHULL, data=PLANS | {"version": "1", "band_3": ""}, follow_redirects=False
    )
    assert answer.status_code == 303
    assert "band_3" not in answer.headers["location"]
    assert "£6,042.88" in client.get(answer.headers["location"]).text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"plans_1": ""}, "Number of plans, row 1 must be a whole number from 1 to 1000"),
        ({"plans_1": "0"}, "Number of plans, row 1 must be a whole number from 1 to 1000"),
        ({"plans_1": "1.5"}, "Number of plans, row 1 must be a whole number from 1 to 1000"),
        ({"band_1": ""}, "Band, row 1 is missing"),
        ({"band_2": "9z"}, "Band, row 2"),
        ({"setting_2": "moon"}, "Setting, row 2"),
        ({"start_2": "yesterday"}, "First day paid, if not the whole year, row 2"),
        ({"nonsense": "1"}, "This link is out of date: it has the field nonsense"),
        ({"compare": "national-profile-candidate"}, "Band under the other rules, row 1 is missing"),
    ],
)
def test_every_mistake_is_named_at_its_box(client, change, sentence):
    answer = client.get(SOLIHULL, params=PLANS | change)
    assert answer.status_code == 422
    assert sentence in words_of(answer)
    assert "the school is paid" not in words_of(answer)


def test_several_mistakes_are_named_together(client):
    said = words_of(
        client.get(SOLIHULL, params=PLANS | {"plans_1": "x", "band_2": "9z", "start_2": "?"})
    )
    for part in (
        "Number of plans, row 1",
        "Band, row 2",
        "First day paid, if not the whole year, row 2",
    ):
        assert part in said


def test_a_top_up_that_is_not_known_is_not_none(client):
    said = words_of(
        client.get(
            "/bands/suffolk-early-years-2023-24", params={"band_1": "severe", "plans_1": "2"}
        )
    )
    assert "2 plans: the school is paid Not known" in said
    assert "The school meets £5,100 of these plans itself" in said


def test_rules_that_say_no_first_part_say_so(client):
    said = words_of(
        client.get(
            "/bands/herefordshire-2025-26", params={"band_1": "F4", "plans_1": "1", "hours_1": "25"}
        )
    )
    assert "These rules do not say what the school meets of a plan itself." in said


def test_every_rule_set_with_bands_has_its_pages(client):
    for name in with_part("band_profile"):
        assert client.get(f"/bands/{name}").status_code == 200, name
        assert client.get(f"/bands/{name}/pupil").status_code == 200, name


def test_rules_without_bands_and_unknown_ones_are_refused(client):
    assert client.get("/bands/bedford-2022-23").status_code == 404
    assert client.get("/bands/none-such").status_code == 404
    assert client.get(SOLIHULL, params={"compare": "bedford-2022-23"}).status_code == 404
    assert client.get(f"{SOLIHULL}?band_1=1&band_1=2b").status_code == 422


def test_one_pupil_is_answered_with_the_working_in_no_address(client):
    sent = {"band_1": "2b", "setting_1": "mainstream", "start_1": "2025-09-01"}
    answer = client.post(f"{SOLIHULL}/pupil", data=sent, follow_redirects=False)
    assert answer.status_code == 200
    said = words_of(answer)
    assert "Top-up for the year £3,021.44" in said
    assert "The school meets £3,485 itself." in said
    assert "Working" in said
    assert "2025-09-01" not in answer.text.replace('value="2025-09-01"', "")
    assert answer.headers["cache-control"] == "no-store"
    assert not re.search(r"pupil_key|name of the pupil", answer.text, re.IGNORECASE)


def test_what_is_wrong_about_one_pupil_is_named_and_what_was_typed_is_kept(client):
    answer = client.post(f"{SOLIHULL}/pupil", data={"band_1": "9z", "start_1": "soon"})
    assert answer.status_code == 422
    assert "Band must be one of" in words_of(answer) or "Band is" in words_of(answer)
    assert "row 1" not in words_of(answer)
    assert 'value="soon"' in answer.text
