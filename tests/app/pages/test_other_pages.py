import re

import pytest
from markupsafe import escape

from app.pages.words import linked
from engine.lab.imports import read_formula_workbook_file
from engine.rules import digest
from tests.rule_library import DOCUMENTS

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def test_checks_of_a_budget_are_offered_for_published_rules_alone_and_a_year_is_said_once(client):
    page = client.get("/").text
    offered = re.findall(r'href="/budget-check/([^"]+)">([^<]+)</a>', page)
    assert "northumberland-2025-26" in dict(offered)
    assert not any(identifier.startswith("toy-") for identifier, _ in offered)
    for _, name in offered:
        assert len(re.findall(r"20\d\d-\d\d", name)) == 1, name


def shown_rules(client, query=""):
    return re.findall(r'href="/rules/([^"]+)"', client.get(f"/rules{query}").text)


def test_rules_are_listed_by_authority_and_proposals_come_last(client):
    page = client.get("/rules").text
    headings = re.findall(r'<h2 class="govuk-heading-m">([^<]+)</h2>', page)
    *authorities, national, proposed = headings
    assert authorities == sorted(authorities)
    assert (authorities[0], national[:8], proposed[:9]) == ("Bedford", "National", "Proposals")
    assert "Proposed</strong>" not in page.partition(proposed + "</h2>")[0]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?authority=929", {"northumberland-2015-16", "northumberland-2025-26"}),
        ("?authority=929&year=2015-16&kind=", {"northumberland-2015-16"}),
        ("?authority=929&kind=bands", set()),
        ("?kind=targeted&year=2018-19", {"windsor-and-maidenhead-2018-19"}),
        ("?authority=national&kind=block&year=2020-21", {"dedicated-schools-grant-2020-21"}),
        ("?authority=proposed&year=2026-27", {"national-profile-candidate"}),
        ("?authority=nowhere", set()),
    ],
)
def test_rules_are_found_by_authority_year_and_kind(client, query, found):
    page = client.get(f"/rules{query}")
    assert page.status_code == 200
    assert set(shown_rules(client, query)) == found
    assert ("No rule set meets all of these choices" in page.text) == (not found)
    assert 'href="/rules">Show all rule sets</a>' in page.text


def test_every_choice_of_a_filter_finds_something_and_stays_chosen(client):
    page, every = client.get("/rules").text, set(shown_rules(client))
    for name in ("authority", "year", "kind"):
        choices = re.findall(
            r'<option value="([^"]+)"',
            page.partition(f'name="{name}"')[2].partition("</select>")[0],
        )
        found = [set(shown_rules(client, f"?{name}={choice}")) for choice in choices]
        assert all(found)
        assert set.union(*found) == every
        again = client.get(f"/rules?{name}={choices[-1]}").text
        assert f'<option value="{choices[-1]}" selected>' in again


def test_an_address_of_a_source_is_a_link_that_says_nothing_of_its_reader(client):
    page = client.get("/rules/bedford-2022-23").text
    address = "https://parallelparliament.co.uk/question/51998"
    assert f'<a class="govuk-link" href="{address}" rel="noreferrer">{address}</a>' in page
    assert "parallelparliament" not in re.sub(r"https?://\S+", "", page)


@pytest.mark.parametrize(
    ("text", "links"),
    [
        (
            "https://a.example/b?c=d&e=f, page 3 (https://b.example/c).",
            ["https://a.example/b?c=d&amp;e=f", "https://b.example/c"],
        ),
        (
            "javascript:alert(1) data:text/html,x ftp://a.example www.a.example xhttps://a.example",
            [],
        ),
        ('"><script>https://a.example/"onclick="x', ["https://a.example/"]),
        ("https://", []),
    ],
)
def test_only_addresses_of_the_web_become_links_and_the_text_stays(text, links):
    shown = str(linked(text))
    assert re.findall(r'href="([^"]*)"', shown) == links
    assert re.sub(r"</?a\b[^>]*>", "", shown) == str(escape(text))


def test_a_choice_leads_to_the_questions_of_the_phase(client):
    answer = client.get("/?rules=bedford-2022-23&phase=primary", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/notional-sen/bedford-2022-23?phase=primary"


def test_an_address_without_a_phase_leads_back_to_the_start_with_its_rules_chosen(client):
    page = client.get("/notional-sen/bedford-2022-23", follow_redirects=True)
    assert 'name="rules" type="radio" value="bedford-2022-23" checked' in page.text
    assert "Choose the phase of your school" in page.text


def test_every_rule_set_has_a_page_with_its_values_sources_and_standing(client):
    listed = re.findall(r'href="/rules/([^"]+)"', client.get("/rules").text)
    assert "national-profile-candidate" in listed
    for identifier in listed:
        page = client.get(f"/rules/{identifier}")
        assert page.status_code == 200
        assert "Sources" in page.text


def test_a_value_that_was_not_checked_is_marked_and_its_source_said_below(client):
    page = client.get("/rules/west-sussex-2021-22").text
    row = page.partition('id="schools_formula.factors.low_prior_attainment.primary.unit_value"')[2]
    row = row.partition("</tr>")[0]
    assert "(unconfirmed)" in row
    assert "£1,095.00" in row
    assert "† Unconfirmed: not checked against a published paper." in page
    said = re.search(r"National values from memory, not seen in a publication\.[^<]*", page)[0]
    assert "low prior attainment, primary" in said


def test_a_line_of_the_formula_has_its_amount_and_the_share_that_counts_in_one_row(client):
    page = client.get("/rules/northumberland-2015-16").text
    rows = re.findall(r"<tr.*?</tr>", page, re.DOTALL)
    words = [" ".join(re.sub("<[^>]+>", " ", row).split()) for row in rows]
    assert "Basic entitlement, primary £2,807.00 0%" in words
    national = client.get("/rules/nff-2026-27").text
    assert ">Notional SEN</th>" not in national


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("kent", 3),
        ("KENT 2026", 1),
        ("minimum funding", None),
        ("surrey nowhere", 0),
        ("'; --", 50),
        ("x" * 900, 0),
    ],
)
def test_rules_are_found_by_words(client, words, found):
    page = client.get("/rules", params={"words": words})
    assert page.status_code == 200
    number = int(re.search(r"(\d+) of \d+ rule sets", page.text)[1])
    assert number == found if found is not None else number > 0


def test_an_unknown_address_is_a_page_for_a_browser_and_a_problem_for_a_program(client):
    page = client.get("/no-such-page", headers=BROWSER)
    assert page.status_code == 404
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "Page not found" in page.text
    assert client.get("/no-such-page").headers["content-type"] == "application/problem+json"


def test_the_api_answers_a_browser_with_a_problem_too(client):
    answer = client.get("/v1/rule-sets/none-such", headers=BROWSER)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/rules/none-such", "Rule set not found"),
        ("/notional-sen/none-such?phase=primary", "Rule set not found"),
        ("/notional-sen/solihull-2025-26?phase=primary", "These rules have no notional SEN budget"),
        ("/notional-sen/bedford-2022-23?phase=primary&version=9", "published versions are 1"),
        ("/notional-sen/bedford-2022-23?phase=primary&version=one", "published versions are 1"),
    ],
)
def test_a_refusal_says_in_a_page_what_is_wrong(client, address, sentence):
    page = client.get(address, headers=BROWSER)
    assert page.status_code == 404
    assert sentence in page.text
    assert "<h1" in page.text


def test_a_failure_is_a_page_that_says_nothing_of_it(service, client):
    def fail() -> None:
        message = "a word that nobody may read"
        raise RuntimeError(message)

    service.add_api_route("/fails", fail)
    page = client.get("/fails", headers=BROWSER)
    assert page.status_code == 500
    assert "The service failed" in page.text
    assert "a word" not in page.text
    assert page.headers["X-Request-Id"] in page.text


@pytest.mark.parametrize("address", ["/", "/rules", "/accessibility", "/rules/toy-2025-26"])
def test_a_page_fetches_nothing_from_elsewhere_and_carries_no_style_of_its_own(client, address):
    page = client.get(address).text
    # A feed is for programs that ask for it; a browser fetches none.
    fetched = re.findall(
        r'<(?:script|link (?!rel="alternate")|img)[^>]+(?:src|href)="([^"]+)"', page
    )
    assert len(fetched) == 4
    assert all(one.startswith("/static/") for one in fetched)
    assert " style=" not in page
    assert not re.search(r"<script(?![^>]*src=)", page)


@pytest.mark.parametrize(
    "name", ["govuk-frontend.min.css", "govuk-frontend.min.js", "pages.css", "pages.js", "favicon.svg"]
)  # fmt: skip
def test_what_a_page_fetches_is_there_and_kept_for_as_long_as_it_is_unchanged(client, name):
    first = client.get(f"/static/{name}")
    assert first.status_code == 200
    again = client.get(f"/static/{name}", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


def test_the_served_style_holds_no_mark_of_government(client):
    style = client.get("/static/govuk-frontend.min.css").text.lower()
    for mark in ("gds transport", "@font-face", "crest", "crown"):
        assert mark not in style
    assert "url(" not in style


def test_where_values_come_from_is_said_once_where_all_of_a_part_agree(client):
    once = client.get("/rules/national-profile-candidate").text
    mixed = client.get("/rules/northumberland-2025-26").text
    for page in (once, mixed):
        parts = re.findall(r"app-sources.*?</details>", page, re.DOTALL)
        said = [re.findall(r'<p class="govuk-body-s">(Since [^(<]+)', part) for part in parts]
        assert all(said)
        assert all(len(set(of_part)) == len(of_part) for of_part in said)


def test_prices_name_settings_in_the_words_of_the_field(client):
    page = client.get("/rules/national-profile-candidate").text
    assert "setting resourced provision or SEN unit" in page
    assert "non-maintained special or special post-16" in page


def test_rates_of_places_are_named_by_the_kind_of_place(client):
    page = client.get("/rules/dedicated-schools-grant-2023-24").text
    assert "Alternative provision places before 16, a year" in page
    assert "Types, " not in page


def test_a_formula_is_downloaded_as_a_workbook_and_read_back_with_the_same_digest(client, tmp_path):
    name = "northumberland-2025-26"
    link = f"/rules/{name}/formula.xlsx?version=1"
    assert f'href="{link}"' in client.get(f"/rules/{name}").text
    answer = client.get(link)
    assert answer.headers["content-disposition"] == f'attachment; filename="formula-{name}.xlsx"'
    path = tmp_path / "formula.xlsx"
    path.write_bytes(answer.content)
    document = DOCUMENTS[name]
    assert digest(read_formula_workbook_file(path, document).document) == digest(document)


def test_rules_without_a_formula_have_none_to_download(client):
    assert "formula.xlsx" not in client.get("/rules/solihull-2025-26").text
    assert client.get("/rules/solihull-2025-26/formula.xlsx").status_code == 404


def test_pages_of_rules_alone_lead_to_the_work_of_those_who_make_them(client):
    for address in ("/rules", "/rules/toy-2025-26", "/drafts", "/audit"):
        page = client.get(address).text
        assert 'href="/drafts">Drafts of rules' in page
        assert 'href="/audit">Who did what' in page
    for address in ("/", "/bands", "/glossary", "/notional-sen/bedford-2022-23?phase=primary"):
        page = client.get(address).text
        assert 'href="/drafts"' not in page
        assert 'href="/audit"' not in page
