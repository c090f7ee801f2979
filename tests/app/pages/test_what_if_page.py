"""What-ifs on a page: a number tried in the address is said, kept through the form, and left again."""

import html

NORTHUMBERLAND = "northumberland-2025-26"
PERCENT = "schools_formula.factors.fsm6.primary.notional_percent"


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
    assert f"{PERCENT} from 2025-04-01: 1 in place of {percent(client)} (proposed)" in text
    assert f'<input type="hidden" name="override" value="{PERCENT}=1">' in text


def test_a_download_names_what_was_tried(client):
    answers = {"phase": "primary", "units_fsm6_primary": "30", "override": f"{PERCENT}=1"}
    address = f"/notional-sen/{NORTHUMBERLAND}/working.csv"
    rows = client.get(address, params=answers).text
    assert "Value tried in a what-if,proposed" in rows


def test_a_page_refuses_what_cannot_be_tried(client):
    answer = asked(client, "no.such=1")
    assert answer.status_code == 422
    assert "not found in the rule set" in html.unescape(answer.text)
