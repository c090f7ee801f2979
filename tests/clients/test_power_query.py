"""The Power Query recipes: each parses, and shapes what the real service answers, to the penny.

Excel's own engine runs on Windows alone. Microsoft's parser reads each query whole; pqtools runs every
step but the request itself, which is made here, to a served service. What pqtools does not know of
cultures is held up in its place: a conversion that names none fails, for on a German computer
it would read ``4179.40`` as 417,940.
"""

import json
import subprocess
from datetime import datetime
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from playwright._impl._driver import compute_driver_executable
from pqtools.builtins import BUILTINS
from pqtools.evaluate import evaluate

from tests.clients.served import ROOT
from tests.clients.test_docs import blocks
from tests.programs import NPM, need

RECIPES = ROOT / "docs" / "power-query"
PAGE = ROOT / "docs" / "call-it-from-a-spreadsheet.md"
NAMES = sorted(path.name for path in RECIPES.glob("*.pq"))
LAST = "in\n    if Refusal = null then Typed else error Error.Record("
TELFORD = {"la": 894, "sen_provision": "E", "setting": "mainstream"}
NORTHUMBERLAND = {
    "urn": 900001,
    "phase": "primary",
    "units_basic_entitlement_primary": 210,
    "units_fsm_primary": 38,
    "units_fsm6_primary": 41,
    "units_low_prior_attainment_primary": 62.5,
}


@pytest.fixture(autouse=True)
def node(monkeypatch) -> str:
    """Give pqtools the Node.js that playwright brings, for it asks for a newer one than Debian's."""
    program = compute_driver_executable()[0]
    monkeypatch.setenv("MQUERY_NODE", program)
    return program


def recipe(name: str) -> str:
    return (RECIPES / name).read_text(encoding="utf-8")


def step(name: str, wanted: str) -> str:
    """Return a query that ends in one of its steps."""
    text = recipe(name)
    assert LAST in text
    return f"{text[: text.rindex(LAST)]}in\n    {wanted}\n"


def within_culture(name: str, place: int):
    """Return a function of pqtools that needs a culture as an argument, called like any other."""

    def converted(arguments, context):
        given = arguments[place]
        culture = given.get("Culture") if isinstance(given, dict) else given
        assert culture == "en-GB", f"{name} reads by the language of the computer"
        kept = [given["Format"]] if isinstance(given, dict) else []
        return BUILTINS[name]([*arguments[:place], *kept], context)

    return converted


def answered(request: Request | str) -> dict[str, object]:
    """Return the status and the JSON of an answer, as a query's own step has them."""
    try:
        with urlopen(request, timeout=60) as answer:  # noqa: S310 - the service's own address
            return {"Status": answer.status, "Answer": json.load(answer)}
    except HTTPError as refusal:
        return {"Status": refusal.code, "Answer": json.load(refusal)}


def run(text: str, **bound):
    """Return what a query comes to, its table and its request held up to it."""
    cultured = {
        "Table.TransformColumnTypes": within_culture("Table.TransformColumnTypes", 2),
        "Text.From": within_culture("Text.From", 1),
        "Date.ToText": within_culture("Date.ToText", 1),
    }
    return evaluate(text, bindings={**cultured, **bound})


def posting(service: str, path: str):
    """Return the step that sends a body: to the real service."""

    def send(arguments, _):
        (body,) = arguments
        headers = {"Content-Type": "application/json"}
        sent = Request(f"{service}/{path}", json.dumps(body).encode(), headers)  # noqa: S310
        return answered(sent)

    return send


def top_ups(service: str, source: list[dict[str, object]], wanted: str = "Typed", **bound):
    send = posting(service, "v1/what-ifs/top-ups")
    return run(step("pupils-top-ups.pq", wanted), Source=source, Send=send, **bound)


def budgets(service: str, source: list[dict[str, object]], wanted: str = "Typed", **bound):
    send = posting(service, "v1/what-ifs/notional-sen")
    return run(step("schools-notional-sen.pq", wanted), Source=source, Send=send, **bound)


def asking(service: str, path: str):
    """Return the step that asks for one cell: of the real service."""

    def ask(arguments, _):
        (question,) = arguments
        with urlopen(f"{service}/{path}?{urlencode(question)}", timeout=60) as answer:  # noqa: S310
            return answer.read().decode()

    return ask


def test_microsofts_parser_reads_each_query(node, tmp_path):
    modules = need("npm environment") / "node_modules"
    broken = tmp_path / "broken.pq"
    broken.write_text(recipe("pupils-top-ups.pq").replace("Send = (Body) =>", "Send = (Body =>"))
    files = [*map(str, (RECIPES / name for name in NAMES)), str(broken)]
    done = subprocess.run(
        [node, NPM / "parse_m.mjs", modules, *files], capture_output=True, text=True, check=True
    )
    faults = json.loads(done.stdout)
    assert "right parenthesis" in faults.pop(str(broken))
    assert faults == dict.fromkeys(files[:-1])
    assert len(NAMES) == 5


@pytest.mark.parametrize("name", NAMES)
def test_the_page_shows_each_query_as_its_file_has_it(name):
    assert recipe(name) in blocks(PAGE.read_text(encoding="utf-8"), "powerquery")
    assert f"power-query/{name}" in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_the_address_of_the_service_is_written_once(name):
    text = recipe(name)
    assert text.count("http") == 1
    assert '    Service = "http://127.0.0.1:8000",\n' in text


def test_a_table_of_pupils_comes_back_with_bands_and_pounds(service):
    source = [
        {"pupil_key": "one", **TELFORD, "band": 12, "start": None},
        {"pupil_key": 2, **TELFORD, "band": "9", "start": datetime(2026, 1, 5)},  # noqa: DTZ001
        {"pupil_key": None, **dict.fromkeys(TELFORD), "band": None, "start": None},
    ]
    table = top_ups(service, source)
    assert [(row["pupil_key"], row["band"], row["top_up"]) for row in table] == [
        ("one", "12", 4179.40),
        ("2", "9", pytest.approx(1044.85 * 86 / 365, abs=0.01)),
    ]
    assert [row["annual_rate"] for row in table] == [4179.40, 1044.85]
    assert table[0]["sentence"] == "The band's price is paid for the part of the year on roll."


def test_pupils_that_are_refused_are_named_in_the_services_own_words(service):
    source = [
        {"pupil_key": "one", **TELFORD, "band": 99},
        {"pupil_key": "two", **TELFORD, "band": 12, "setting": "mainstreams"},
        {"pupil_key": "three", **TELFORD, "band": 12},
    ]
    first, second = top_ups(service, source, "Refusal").split("; ")
    assert first.startswith("record 1: band: must be one of 1, 2, 3, ")
    assert second.startswith("record 2: setting: must be one of mainstream, ")


def test_a_table_longer_than_a_body_is_sent_in_parts_and_its_records_keep_their_numbers(service):
    source = [{"pupil_key": f"p{at}", **TELFORD, "band": 12} for at in range(5)]
    assert len(top_ups(service, source, Most=2)) == 5
    source[3]["band"] = 99
    refusal = top_ups(service, source, "Refusal", Most=2)
    assert refusal.startswith("record 4: band: must be one of 1, 2, 3, ")


def test_a_rule_set_that_is_not_published_is_refused_in_its_own_sentence(service):
    source = [{"pupil_key": "one", **TELFORD, "band": 12}]
    refusal = top_ups(service, source, "Refusal", RuleSet="no-such-rules")
    assert refusal == answered(f"{service}/v1/rule-sets/none-such")["Answer"]["detail"]


def test_a_table_of_schools_comes_back_with_budgets_equal_to_the_services(service):
    table = budgets(service, [NORTHUMBERLAND, dict.fromkeys(NORTHUMBERLAND)], AbsentLines="zero")
    body = {
        "rule_set": "northumberland-2025-26",
        "absent_lines": "zero",
        "schools": [{name: str(cell) for name, cell in NORTHUMBERLAND.items()}],
    }
    (expected,) = posting(service, "v1/what-ifs/notional-sen")([body], None)["Answer"]["schools"]
    (row,) = table
    assert row["urn"] == "900001"
    for name in ("formula_total", "notional_sen", "notional_percent_of_formula"):
        assert row[name] == float(expected[name])
    assert row["not_known"] == 0


def test_lines_that_have_no_column_are_named(service):
    refusal = budgets(service, [NORTHUMBERLAND], "Refusal")
    assert "lump_sum" in refusal or "units_eal_primary" in refusal
    assert budgets(service, [NORTHUMBERLAND], "Refusal", AbsentLines="not_supplied") is None


def test_a_price_is_asked_for_each_band_and_a_refusal_stands_beside_its_band(service):
    source = [
        {"band": 9, "comment": "not sent"},
        {"band": "12", "comment": None},
        {"band": 99, "comment": None},
        {"band": None, "comment": None},
    ]
    ask = asking(service, "v1/cells/telford-and-wrekin-2025-26/tariff")
    table = run(recipe("band-prices.pq"), Source=source, Ask=ask)
    assert [row["pounds_a_year"] for row in table] == [1044.85, 4179.40, None]
    assert [row["refusal"] for row in table[:2]] == [None, None]
    assert table[2]["refusal"].startswith("band: must be one of 1, 2, 3, ")


def test_every_published_rule_set_is_listed_page_by_page(service):
    def ask(arguments, _):
        (after,) = arguments
        more = {} if after is None else {"after": after}
        return answered(f"{service}/v1/rule-sets?{urlencode({'limit': 10, **more})}")

    table = run(step("rule-sets.pq", "Typed"), Ask=ask)
    whole = answered(f"{service}/v1/rule-sets?limit=100")["Answer"]["items"]
    assert [row["identifier"] for row in table] == [one["identifier"] for one in whole]
    assert len(table) > 30
    assert table[0]["kinds"] == "bands"
    assert table[0]["effective_first"].isoformat() == whole[0]["effective_first"]


def test_the_values_of_a_rule_set_are_numbers_with_their_sources(service):
    def ask(arguments, _):
        (path,) = arguments
        return answered(f"{service}/{path}")

    table = run(step("rule-set-values.pq", "Typed"), Ask=ask)
    assert len(table) == len(
        answered(f"{service}/v1/rule-sets/telford-and-wrekin-2025-26/values")["Answer"]["values"]
    )
    assert 4179.4 in [row["value"] for row in table]
    refusal = run(step("rule-set-values.pq", "Refusal"), Ask=ask, RuleSet="none-such")
    assert refusal == answered(f"{service}/v1/rule-sets/none-such")["Answer"]["detail"]


@pytest.mark.parametrize("name", ["pupils-top-ups.pq", "schools-notional-sen.pq", "band-prices.pq"])
def test_a_conversion_without_a_culture_would_be_found(name, service):
    text = recipe(name).replace(',\n        "en-GB"\n', "\n").replace(', "en-GB"\n', "\n")
    assert text != recipe(name)
    source = [{"pupil_key": "one", **TELFORD, **NORTHUMBERLAND, "band": 12}]
    nothing: dict = {key: [] for key in ("pupils", "schools", "warnings", "notices")}
    nothing["rows"] = {"set_apart": [{"la": "893", "name": "Shropshire"}]}
    steps = {
        "Send": lambda *_: {"Status": 200, "Answer": nothing},
        "Ask": lambda *_: "1.00",
    }
    with pytest.raises((AssertionError, IndexError)):
        run(text, Source=source, **steps)


def test_a_query_states_how_its_table_is_written(service):
    source = [{**TELFORD, "pupil_key": "p", "band": "12", "start": "01/09/2025"}]
    refused = top_ups(service, source, "Refusal")
    assert 'state their order: "dates": "day_first"' in refused
    stated = top_ups(service, source, Dates="day_first")
    assert [row["pupil_key"] for row in stated] == ["p"]


def test_pupils_of_others_and_figures_that_may_be_wrong_have_rows_and_words(service):
    source = [
        {**TELFORD, "pupil_key": "own", "band": 12, "top_up": "417940.00"},
        {**TELFORD, "pupil_key": "other", "la": 893, "band": "unlike ours", "top_up": "100.00"},
        {**TELFORD, "pupil_key": "Own", "band": 9, "top_up": "1044.85"},
        {**TELFORD, "pupil_key": "wales", "la": "W06000023", "band": 9, "top_up": "1.00"},
    ]
    first, second, *others = top_ups(service, source)
    assert [first["pupil_key"], second["pupil_key"]] == ["own", "Own"]
    assert "pounds or pence?" in first["check"]
    assert second["check"] is None
    apart, notes = others[:2], others[2:]
    assert [(one["pupil_key"], one["reason"], one["top_up"]) for one in apart] == [
        ("other", "set_apart", None),
        ("wales", "set_apart", None),
    ]
    assert apart[0]["sentence"].endswith("are not for Shropshire (893)")
    assert apart[1]["sentence"].endswith("Wales")
    assert {(one["pupil_key"], one["reason"]) for one in notes} == {(None, "note")}
    assert any("capital" in one["sentence"] for one in notes)


def test_records_set_apart_in_parts_of_a_long_table_are_named_once_each(service):
    others = {"la": 893}
    source = [
        {**TELFORD, **(others if at % 2 else {}), "pupil_key": f"p{at}", "band": 12}
        for at in range(6)
    ]
    table = top_ups(service, source, Most=2)
    assert [row["pupil_key"] for row in table if row["reason"] == "set_apart"] == ["p1", "p3", "p5"]
    assert len([row for row in table if row["pupil_key"] is not None]) == 6
    valued = top_ups(service, source, Most=2, OtherAuthorities="valued")
    assert [row["top_up"] for row in valued[:6]] == [4179.40] * 6


def test_a_code_that_ended_is_mapped_where_the_query_says_what_replaces_it(service):
    source = [{**TELFORD, "la": 909, "pupil_key": "p", "band": 12}]
    assert "la_map" in top_ups(
        service, [{**TELFORD, "pupil_key": "q", "band": 9}, *source], "Refusal"
    )
    mapped = top_ups(service, source, LaMap={"909": "894"})
    assert mapped[0]["top_up"] == 4179.40
    assert "909" in mapped[1]["sentence"]


def test_schools_have_a_row_each_with_what_may_be_wrong_of_their_figures(service):
    wrong = {**NORTHUMBERLAND, "urn": 900002, "units_fsm_primary": 300}
    table = budgets(service, [NORTHUMBERLAND, wrong], AbsentLines="zero")
    assert [row["urn"] for row in table[:2]] == ["900001", "900002"]
    assert "300" in table[1]["check"]
    assert all(row["urn"] is None and row["check"].startswith("note: ") for row in table[2:])


def test_a_school_of_another_authority_has_a_row_without_a_budget(service):
    source = [{**NORTHUMBERLAND, "la": 929}, {**NORTHUMBERLAND, "urn": 900002, "la": 893}]
    own, other, *_ = budgets(service, source, AbsentLines="zero")
    assert own["notional_sen"] > 0
    assert (other["urn"], other["notional_sen"]) == ("900002", None)
    assert other["check"].startswith("set_apart: not valued")
