"""Every entry point says the same of the same pupil: API, cell, command, Python, files, workings."""

import csv
import io
import json
import shutil
import warnings
from collections import Counter

import openpyxl
import pytest
from typer.testing import CliRunner

import evenband as eb
from app.cli import app
from app.settings import Settings
from engine.rules.load import canonical
from tests.app.facts import differences, same
from tests.app.invented import served
from tests.builders import banded, rule_set

# Every entry point answers every question once, in one process of the run and not in each.
pytestmark = pytest.mark.xdist_group("one answer of pupils")
KEY = "p-1"
PRICES = [
    {"band": "A", "pounds": "1000"},
    {"band": "B", "when": {"setting": ["special"]}, "pounds": "5000"},
    {"band": "C", "pounds": "not printed"},
]
RULES = rule_set(
    identifier="invented-spells",
    **banded(PRICES, ["A", "B", "C"], pays_when={"sen_provision": ["E"]}),
)
PROTECTED = rule_set(
    identifier="invented-pupil-protected",
    **banded(PRICES, ["A", "B", "C"], protection={"until": "2026-03-31", "pupil_percent": "100"}),
)
CONTINUED = rule_set(
    identifier="invented-from-september",
    effective={"first": "2025-09-01", "last": "2026-03-31"},
    funding_year="2025-26",
    year_kind="financial",
    **banded([{"pounds": "1000"}], ["A"], pays_when={"sen_provision": ["E"]}),
)
INVENTED = {one.identifier: one for one in (RULES, PROTECTED, CONTINUED)}
PUPIL = {
    "pupil_key": KEY,
    "la": "201",
    "urn": "900001",
    "sen_provision": "E",
    "setting": "mainstream",
    "band": "A",
}
AUTUMN = {"start": "2025-04-01", "end": "2025-08-31"}
SPRING = {"start": "2025-09-01", "end": "2026-03-31"}
SPELLS, TODAY, LATER = INVENTED
QUESTIONS = {
    "a whole year": (SPELLS, [{**PUPIL, "start": "", "end": ""}]),
    "part of the year": (SPELLS, [{**PUPIL, **AUTUMN}]),
    "two spells": (SPELLS, [{**PUPIL, **AUTUMN}, {**PUPIL, **SPRING, "urn": "900002"}]),
    "two spells of which one is not known": (
        SPELLS,
        [{**PUPIL, **AUTUMN}, {**PUPIL, **SPRING, "urn": "900002", "band": ""}],
    ),
    "two spells of which one has no price": (
        SPELLS,
        [{**PUPIL, **AUTUMN, "band": "B"}, {**PUPIL, **SPRING, "urn": "900002"}],
    ),
    "the days after those of another document": (
        LATER,
        [{**PUPIL, "start": "2025-07-01", "end": "2025-11-03"}],
    ),
    "no plan": (SPELLS, [{**PUPIL, **AUTUMN, "sen_provision": "K"}]),
    "a band without a price": (SPELLS, [{**PUPIL, **AUTUMN, "band": "B"}]),
    "a price that is not printed": (SPELLS, [{**PUPIL, **AUTUMN, "band": "C"}]),
    "nothing that decides": (SPELLS, [{**PUPIL, **AUTUMN, "band": ""}]),
    "protection by today's top-up": (TODAY, [{**PUPIL, **AUTUMN, "top_up": "1500.00"}]),
    "protection without today's top-up": (TODAY, [{**PUPIL, **AUTUMN, "top_up": ""}]),
}  # fmt: skip


def of_spells(rows):
    """Return the facts of records of pupils in the order of their spells."""
    facts = {}
    for at, row in enumerate(rows, start=1):
        facts["spell", at, "band"] = row["band"] or None
        facts["spell", at, "annual"] = same(row["annual_rate"])
        facts["spell", at, "amount"] = same(row["top_up"])
        facts["spell", at, "reason"] = row["reason"]
    return facts


def of_working(told):
    """Return the facts of an explanation."""
    parts = [one for one in told["workings"] if one["name"] == "top_up"]
    amounts = [one["rows"][-1] for one in parts]
    facts = {("spell", at, "amount"): same(one["value"]) for at, one in enumerate(amounts, start=1)}
    facts |= {("spell", at, "sentence"): one["note"] for at, one in enumerate(amounts, start=1)}
    return facts | {("total",): same(told["totals"][-1]["value"])}


class Asked:
    """One question, put to each entry point."""

    def __init__(self, client, folder, rules, pupils):
        self.client, self.rules, self.pupils = client, rules, pupils
        self.table, self.workbook = folder / "pupils.csv", folder / "out.xlsx"
        self.document = folder / f"{rules}.yaml"
        self.document.write_text(canonical(INVENTED[rules]), encoding="utf-8")
        with self.table.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(pupils[0]))
            writer.writeheader()
            writer.writerows(pupils)

    def answer(self, working):
        body = {"rule_set": self.rules, "pupils": self.pupils, "working": working}
        answer = self.client.post("/v1/what-ifs/top-ups", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()["pupils"]

    def api(self):
        rows = self.answer("none")
        said = {("spell", at, "sentence"): one["sentence"] for at, one in enumerate(rows, start=1)}
        return of_spells(rows) | said | {("total",): same(rows[0]["pupil_total"])}

    def api_working(self):
        return of_working(self.answer("whole")[0]["explanation"])

    def command(self, *options):
        asked = ["value", "--rules", str(self.document), "--pupils", str(self.table), *options]
        answer = CliRunner().invoke(app, asked)
        assert answer.exit_code == 0, answer.output
        return answer.stdout

    def command_csv(self):
        text = self.command("--detail", "pupils", "--format", "csv")
        return of_spells(csv.DictReader(io.StringIO(text)))

    def command_workbook(self):
        self.command("--detail", "pupils", "--out", str(self.workbook))
        sheet = openpyxl.load_workbook(
            io.BytesIO(self.workbook.read_bytes()), read_only=True
        ).active
        head, *rows = sheet.iter_rows(values_only=True)
        return of_spells(dict(zip(head, row, strict=True)) for row in rows)

    def command_working(self):
        return of_working(json.loads(self.command("--explain", KEY, "--format", "json")))

    def outcome(self):
        rules = eb.read_rules(str(self.document))
        with warnings.catch_warnings():
            # The rules have gaps on purpose, and say so.
            warnings.filterwarnings("ignore", message="invented-")
            return eb.value(rules, pupils=eb.read_pupils(str(self.table), rules))

    def python(self):
        return of_spells(self.outcome().to_polars("pupils").to_dicts())

    def python_working(self):
        rows = eb.explain(self.outcome(), KEY).to_polars().to_dicts()
        totals = [row for row in rows if row["working"] == "total"]
        return {("total",): same(totals[-1]["value"])}

    def cell(self):
        """Return what a cell says of the case; it asks about one spell of a band that is given."""
        [pupil, *others] = self.pupils
        if others or not pupil["band"] or "top_up" in pupil:
            return None
        sent = {name: pupil[name] for name in ("band", "setting", "sen_provision")}
        days = {
            name: pupil[name] or SPRING["end"] if name == "end" else pupil[name] or AUTUMN["start"]
            for name in AUTUMN
        }
        answer = self.client.get(f"/v1/cells/{self.rules}/band-pays", params={**sent, **days})
        if answer.status_code == 200:
            return {("spell", 1, "amount"): same(answer.text)}
        rule = answer.json()["problems"][0]["rule"]
        assert rule in {"no_price", "not_printed"}
        return {("spell", 1, "reason"): rule}


ENTRY_POINTS = {
    "API": Asked.api,
    "API, working": Asked.api_working,
    "command, CSV": Asked.command_csv,
    "command, workbook": Asked.command_workbook,
    "command, working": Asked.command_working,
    "Python": Asked.python,
    "Python, working": Asked.python_working,
    "cell": Asked.cell,
}


@pytest.fixture(scope="module")
def told(published_file, tmp_path_factory):
    """Give what each entry point says of each pupil, asked once."""
    folder = tmp_path_factory.mktemp("one_answer")
    copy, nothing = folder / "published.db", folder / "no_rules"
    shutil.copyfile(published_file, copy)
    nothing.mkdir()
    settings = Settings(
        database_url=f"sqlite:///{copy}",
        warm_at_start=False,
        rules_folder=nothing,
        hosts="testserver",
    )
    with served(settings, INVENTED.values()) as client:
        return {
            name: {
                entry: facts(Asked(client, folder, rules, pupils))
                for entry, facts in ENTRY_POINTS.items()
            }
            for name, (rules, pupils) in QUESTIONS.items()
        }


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_entry_point_says_the_same_of_a_pupil(told, name):
    assert not differences(told[name])
    spells = len(QUESTIONS[name][1])
    for entry, facts in told[name].items():
        if entry not in {"cell", "Python, working"}:
            assert {("spell", at + 1, "amount") for at in range(spells)} <= set(facts), entry


def test_each_entry_point_answers_and_each_kind_of_fact_is_said_by_several(told):
    answered, kinds = Counter(), {}
    for by_entry in told.values():
        for entry, facts in by_entry.items():
            answered[entry] += facts is not None
            for fact in facts or ():
                kinds.setdefault((fact[0], fact[-1]), set()).add(entry)
    assert min(answered.values()) >= len(QUESTIONS) // 3
    assert not {kind for kind, entries in kinds.items() if len(entries) == 1}


def test_what_other_rules_paid_before_decides_the_penny(told):
    # 64 days of 365 at 1,000.00 are 175.34 alone: after the 62 days before them, 175.35.
    after = told["the days after those of another document"]
    assert after["API"]["spell", 1, "amount"] == same("175.35")


def test_spells_add_to_the_penny_and_a_sum_of_what_is_not_known_is_not_known(told):
    # 153 and 212 days of 365 at 1,000.00.
    assert told["two spells"]["API"]["total",] == same("1000.00")
    unknown = told["two spells of which one is not known"]
    assert {facts["total",] for facts in unknown.values() if facts and ("total",) in facts} == {
        None
    }
