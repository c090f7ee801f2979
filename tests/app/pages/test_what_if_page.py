"""What-ifs on a page: a number tried in the address is said, kept through the form, and left again."""

import html
import re

import pytest

NORTHUMBERLAND = "northumberland-2025-26"
CHECK = "toy-targeted-tiers-2025-26"
UNIT_VALUE = "schools_formula.factors.fsm6.primary.unit_value"
PERCENT = "schools_formula.factors.fsm6.primary.notional_percent"


def form_of(client, **boxes):
    """Return the page of a school with 30 pupils whose form was sent with some of the boxes for numbers of the rules."""
    sent = {"phase": "primary", "units_fsm6_primary": "30", "blanks": "none", **boxes}
    return client.post(f"/notional-sen/{NORTHUMBERLAND}", data=sent)


def text_of(page):
    """Return what a page says in its text, with its spaces single."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", page.text)))


def asked(client, *overrides):
    """Return the page of a budget of a school with 30 pupils, with numbers tried in the rules."""
    answers = [("phase", "primary"), ("units_fsm6_primary", "30"), ("blanks", "none")]
    tried = [("override", one) for one in overrides]
    return client.get(f"/notional-sen/{NORTHUMBERLAND}", params=[*answers, *tried])


def figure(page):
    return page.text.split('app-answer__figure">')[1].split("<")[0]


def percent(client):
    values = client.get(f"/v1/rule-sets/{NORTHUMBERLAND}/paths").json()["paths"]
    return next(one["value"] for one in values if one["path"] == PERCENT)


def test_a_page_takes_a_what_if_in_its_address_and_says_so(client):
    published, same = asked(client), asked(client, f"{PERCENT}={percent(client)}")
    assert figure(same) == figure(published)
    assert "This is a what-if" not in published.text
    other = asked(client, f"{PERCENT}=1")
    assert figure(other) != figure(published)
    text = html.unescape(other.text)
    assert f"Primary, notional percent: 1% in place of {percent(client)}%" in text
    assert PERCENT not in text.partition('id="tried"')[2].partition("</ul>")[0]
    change = re.search(r'id="change-answers" href="([^"]+)"', other.text)[1]
    questions = client.get(html.unescape(change)).text
    assert f'<input type="hidden" name="try_again" value="{PERCENT}">' in questions


def test_a_download_names_what_was_tried(client):
    answers = {"phase": "primary", "units_fsm6_primary": "30", "override": f"{PERCENT}=1"}
    address = f"/notional-sen/{NORTHUMBERLAND}/working.csv"
    rows = client.get(address, params=answers).text
    assert "Value tried in a what-if,a proposal" in rows


def test_a_page_refuses_what_cannot_be_tried(client):
    answer = asked(client, "no.such=1")
    assert answer.status_code == 422
    assert "not found in the rule set" in html.unescape(answer.text)


def test_every_number_that_the_page_works_with_can_be_chosen_by_its_name_with_its_published_value(
    client,
):
    paths = client.get(f"/v1/rule-sets/{NORTHUMBERLAND}/paths").json()["paths"]
    page = client.get(f"/notional-sen/{NORTHUMBERLAND}?phase=primary").text
    options = dict(re.findall(r'<option value="([^"]+)">([^<]*)</option>', page))
    assert list(options) == [one["path"] for one in paths]
    assert options[PERCENT] == "Primary, notional percent: 100%"
    assert options[UNIT_VALUE] == "Primary, unit value: £1,060.00"
    assert options["targeted_funding.means_percent"] == "Means percent: 50%"


def test_a_number_with_several_dates_can_be_chosen_for_each_and_rows_by_what_tells_them_apart(
    client,
):
    page = client.get(f"/budget-check/{CHECK}").text
    assert "Tiers, consumed percent 100, paid percent: 75%" in page
    toy = client.get("/notional-sen/toy-2025-26?phase=primary").text
    paths = client.get("/v1/rule-sets/toy-2025-26/paths").json()["paths"]
    names = [one["path"] for one in paths if one["path"].startswith("schools_formula")]
    options = re.findall(r'<option value="(schools_formula[^"]+)">', toy)
    assert [one.partition("@")[0] for one in options] == names
    assert len(set(options)) == len(options)


def test_a_number_chosen_in_the_form_is_tried_and_shown_before_and_after_with_the_difference(
    client,
):
    text = text_of(form_of(client, **{"try": PERCENT, "try_value": "70"}))
    assert "Primary, notional percent: 70% in place of 100%" in text
    budget = "Notional SEN budget As published £31,800.00 With what is tried £22,260.00 Difference −£9,540.00"
    assert budget in text
    assert "The same as published: formula funding £176,900" in text


@pytest.mark.parametrize("same", ["100", "100%", "100.0"])
def test_the_published_number_tried_on_the_page_changes_nothing_and_the_page_says_so(client, same):
    text = text_of(form_of(client, **{"try": PERCENT, "try_value": same}))
    assert "What is tried is as published, so nothing changes." in text
    assert "As published £31,800.00 With what is tried £31,800.00 Difference £0.00" in text


def test_a_number_on_which_the_school_does_not_depend_is_said_to_change_nothing(client):
    other = PERCENT.replace("primary", "secondary")
    text = text_of(form_of(client, **{"try": other, "try_value": "5"}))
    assert "None of these figures changes by a penny." in text


@pytest.mark.parametrize(("typed", "used"), [("£1,200", "1200"), ("1 200.50", "1200.50")])
def test_a_value_to_try_is_read_as_people_write_it_and_kept_plain_in_the_address(
    client, typed, used
):
    page = form_of(client, **{"try": UNIT_VALUE, "try_value": typed})
    assert f"override=schools_formula.factors.fsm6.primary.unit_value%3D{used}" in page.text


def test_the_link_to_a_result_has_the_number_tried_and_gives_the_same_page(client):
    sent = form_of(client, **{"try": PERCENT, "try_value": "70"})
    [link] = re.findall(r'href="([^"]+)">Link to this result', sent.text)
    again = client.get(html.unescape(link))
    assert again.text == sent.text


def test_a_box_that_is_emptied_stops_the_trial_and_another_number_is_tried_beside_the_first(client):
    boxes = {"try_again": PERCENT, "try_again_value": "70"}
    both = text_of(form_of(client, **boxes, **{"try": UNIT_VALUE, "try_value": "1000"}))
    assert "With what is tried £21,000.00" in both
    emptied = form_of(client, **boxes | {"try_again_value": ""})
    assert "This is a what-if" not in emptied.text


@pytest.mark.parametrize(
    ("boxes", "box", "sentence"),
    [
        ({"try": PERCENT, "try_value": "lots"}, "try_again_1", "Primary, notional percent must be a number such as 5 or 1,234.50"),
        ({"try": PERCENT, "try_value": "500"}, "try_again_1", "Primary, notional percent must be between 0 and 100"),
        ({"try": PERCENT}, "try_value", "Enter another value for the number that you chose"),
        ({"try_value": "5"}, "try", "Choose which number of the rules to try another value for"),
        ({"try": "no.such", "try_value": "5"}, "try_again_1", "no.such not found in the rule set"),
        ({"try": PERCENT, "try_value": "5", "try_again": PERCENT, "try_again_value": "6"}, "try_again_2", "duplicate; give each place one value"),
    ],
)  # fmt: skip
def test_a_number_that_cannot_be_tried_is_refused_in_words_at_its_box_with_what_was_typed(
    client, boxes, box, sentence
):
    page = form_of(client, units_eal_primary="many", **boxes)
    assert page.status_code == 422
    text = html.unescape(page.text)
    assert f'<a href="#{box}">' in text.replace("\n", "")
    [error] = re.findall(rf'id="{box}-error"[^>]*>(.*?)</p>', text, re.DOTALL)
    assert sentence in error
    assert "must be a number such as 31 or 31.5" in text
    assert "app-answer__figure" not in text


def test_a_budget_that_is_known_is_checked_with_a_number_tried(client):
    sent = {
        "notional_sen": "34100",
        "ehc_plans": "9",
        "sen_support_figure": "0",
        "try": "targeted_funding.threshold",
        "try_value": "5,000",
    }
    text = text_of(client.post(f"/budget-check/{CHECK}", data=sent))
    assert "What this changes" in text
    assert "Threshold: £5,000.00 in place of £6,000.00" in text
    assert (
        "All expected costs As published £54,000.00 With what is tried £45,000.00 Difference −£9,000.00"
        in text
    )
