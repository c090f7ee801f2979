"""The entry points, each asked the same question about a school: API, page, cell, command, Python."""

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from html import unescape
from pathlib import Path

import openpyxl
from fastapi.testclient import TestClient
from typer.testing import CliRunner

import evenband as eb
from app.cli import app
from engine.rules.document import RuleSet
from engine.rules.load import canonical
from tests.app.facts import (
    CALLS_OF_ROWS,
    LIFTS,
    NO_TARGETED,
    Facts,
    Question,
    amounts,
    calls_of_row,
    calls_of_working,
    of_calls,
    of_line,
    of_totals,
    of_workings,
    same,
    targeted_of_working,
)

URN = "900001"
ADJUSTED = {
    "London fringe": "fringe",
    "Minimum per-pupil level": "minimum_per_pupil",
    "Minimum funding guarantee, cap and scaling": "protection",
}


@dataclass
class Places:
    """The service, a folder for files, and the invented rule documents by identifier."""

    client: TestClient
    folder: Path
    documents: Mapping[str, RuleSet] = field(default_factory=dict)
    answers: dict[str, Mapping] = field(default_factory=dict)
    rules: dict[str, eb.Rules] = field(default_factory=dict)

    def answer(self, question: Question, working: str) -> Mapping:
        """Return the API's answer about the school, asked once."""
        body = {
            "rule_set": question.rules,
            "schools": [{"urn": URN, **question.school}],
            "absent_lines": question.meaning,
            "working": working,
            "sen_support_cost": question.cost,
        }
        key = json.dumps(body, sort_keys=True)
        if key not in self.answers:
            answer = self.client.post("/v1/what-ifs/notional-sen", json=body)
            assert answer.status_code == 200, answer.text
            [self.answers[key]] = answer.json()["schools"]
        return self.answers[key]

    def rules_of(self, question: Question) -> str:
        """Return the file of an invented rule set, or the identifier of a published one."""
        document = self.documents.get(question.rules)
        if document is None:
            return question.rules
        path = self.folder / f"{question.rules}.yaml"
        path.write_text(canonical(document), encoding="utf-8")
        return str(path)

    def read_rules(self, question: Question) -> eb.Rules:
        """Return the rules as the Python package reads them, once."""
        if question.rules not in self.rules:
            self.rules[question.rules] = eb.read_rules(self.rules_of(question))
        return self.rules[question.rules]

    def labels(self, question: Question) -> dict[str, str]:
        """Return the name of each part of the formula by its label, which a download has alone."""
        lines = self.read_rules(question).compiled.formula.lines
        return ADJUSTED | {line.label: line.name for line in lines}


def api(places: Places, question: Question) -> Facts:
    """Return what the API answers, line by line."""
    school = places.answer(question, "whole")
    facts = api_totals(places, question) | of_totals(school)
    facts |= of_calls(school["expected_calls"])
    facts["not known",] = tuple(school["missing"])
    facts["lines",] = tuple(line["line"] for line in school["lines"])
    for line in school["lines"]:
        facts |= of_line(line["line"], line)
    for name in LIFTS:
        if school[name] is not None:
            facts |= amounts("lift", name, school[name])
    targeted = school["targeted_funding"]
    facts |= NO_TARGETED
    if targeted is not None:
        facts["targeted", "label"] = targeted["label"]
        facts["targeted", "due"] = same(targeted["due"])
        facts["targeted", "left_after"] = same(targeted["left_after"])
        facts["targeted", "not known"] = targeted["not_known"]
    return facts


def api_totals(places: Places, question: Question) -> Facts:
    """Return what the API answers where no working is asked for."""
    school = places.answer(question, "none")
    facts = of_totals(school) | of_calls(school.get("expected_calls"))
    facts["percent",] = same(school["notional_percent_of_formula"])
    return facts


def api_explanation(places: Places, question: Question) -> Facts:
    """Return what the working says that the API answers beside its lines."""
    return _explained(places.answer(question, "whole")["explanation"])


def _explained(told: Mapping) -> Facts:
    workings = [(one["name"], one["label"], one["rows"]) for one in told["workings"]]
    return of_workings([*workings, ("total", "Total", told["totals"])])


def _form(question: Question) -> dict[str, str]:
    cost = {} if question.cost is None else {"sen_support_cost": question.cost}
    blanks = {"blanks": "none"} if question.meaning == "zero" else {}
    return {**question.school, **cost, **blanks}


def _is_asked_for_more(places: Places, question: Question) -> bool:
    """Return whether the page asks for percentages that the rules do not name, which other entry points do not."""
    form = places.client.get(f"/notional-sen/{question.rules}", params={"phase": "primary"})
    return 'name="percent_' in form.text


def page(places: Places, question: Question) -> Facts | None:
    """Return what the page says; None where the rules have no page, or it asks for more than the question has."""
    if _is_asked_for_more(places, question):
        return None
    answer = places.client.post(f"/notional-sen/{question.rules}", data=_form(question))
    if answer.status_code == 404 or question.school["phase"].lower() not in WITH_PAGE:
        return None
    assert answer.status_code == 200, answer.text
    text = " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())
    shown = unescape(answer.text)
    facts: Facts = {}
    figure = re.search(r'app-answer__figure">([^<]+)<', shown)[1]
    facts["notional_sen",] = _pounds(figure)
    whole = "Notional SEN budget: partial result" not in text
    facts["budget",] = facts["notional_sen",] if whole else None
    whole = re.search(r"(?:([0-9.,−]+)% of|Of) ([£−0-9.,]+) formula funding", text)
    facts["percent",] = same(whole[1]) if whole else None
    facts["formula_total",] = _to_the_penny(
        whole[2] if whole else None, re.search(r"Out of: formula funding of ([£−0-9,.]+\d)", text)
    )
    listed = re.search(r"Not known, and left out</h3>\s*<ul[^>]*>(.*?)</ul>", shown, re.DOTALL)
    facts["not known",] = tuple(re.findall(r"<li>(.*?)</li>", listed[1])) if listed else ()
    for name, pattern in SAID.items():
        if found := re.search(pattern, text):
            facts[("calls", name)] = _pounds(found[1])
    due = re.search(r"([£0-9.,]+) extra would be due under|(No extra funding) would be due", text)
    why = re.search(r"Not worked out: ([^.]+)\. It is paid", text)
    if due or why:
        table = shown.partition('id="targeted-funding"')[2].partition("</table>")[0]
        in_table = re.search(r"Extra funding due\s*</th>\s*<td[^>]+>([^<]+)</td>", table)
        said = due and (due[1] or "£0.00")
        facts["targeted", "due"] = None if why else _to_the_penny(said, in_table)
        facts["targeted", "not known"] = why[1] if why else None
    return facts


WITH_PAGE = {"primary", "secondary", "middle", "all_through"}
SAID = {
    "total": r"All expected costs (Not known|£[0-9.,]+)",
    "left": r"Budget less expected costs ([£−0-9.,]+)",
}
"""What the page prints of expected costs."""


def _pounds(text: str) -> str | None:
    if not text.startswith(("£", "−")):
        return None
    return same(text.replace("£", "").replace(",", "").replace("−", "-"))


def _to_the_penny(in_sentence: str | None, in_working: re.Match[str] | None) -> str | None:
    """Return the amount of the working, of which the sentence says the pounds; None where neither is there."""
    if in_sentence is None and in_working is None:
        return None
    exact, told = (Decimal(_pounds(one)) / 10**6 for one in (in_working[1], in_sentence))
    rounded = exact.quantize(Decimal("1" if abs(exact) >= 1 else "0.01"), ROUND_HALF_UP)
    assert told == rounded, (in_sentence, in_working[1])
    return same(exact)


def page_csv(places: Places, question: Question) -> Facts | None:
    """Return what the page's CSV says."""
    if _is_asked_for_more(places, question):
        return None
    path = f"/notional-sen/{question.rules}/working.csv"
    answer = places.client.get(path, params=_form(question), follow_redirects=False)
    if answer.status_code != 200:
        return None
    return _downloaded(list(csv.DictReader(io.StringIO(answer.text))), places.labels(question))


def page_workbook(places: Places, question: Question) -> Facts | None:
    """Return what the page's workbook says."""
    if _is_asked_for_more(places, question):
        return None
    path = f"/notional-sen/{question.rules}/working.xlsx"
    answer = places.client.get(path, params=_form(question), follow_redirects=False)
    if answer.status_code != 200:
        return None
    book = openpyxl.load_workbook(io.BytesIO(answer.content), read_only=True, data_only=True)
    head, *rows = book["Working"].iter_rows(values_only=True)
    facts = _downloaded(
        [dict(zip(head, row, strict=True)) for row in rows], places.labels(question)
    )
    about = dict(book["About"].iter_rows(values_only=True, max_col=2))
    told = about["Not known"]
    facts["not known",] = () if told == "nothing" else tuple(told.split("; "))
    return facts


def _downloaded(rows: list[Mapping], names: Mapping[str, str]) -> Facts:
    """Return the facts of a downloaded working, whose lines are known by their labels."""
    grouped: dict[str, list[dict]] = {}
    for row in rows:
        value = None if row["Value"] in (None, "") else str(row["Value"])
        grouped.setdefault(row["Part"], []).append({"label": row["Step"], "value": value})
    total = grouped.pop("Total")
    calls = grouped.pop("What the budget is expected to pay for", [])
    workings = [(names[label], label, told) for label, told in grouped.items() if label in names]
    facts = of_workings([*workings, ("total", "Total", total)])
    if calls:
        facts |= calls_of_working(calls)
    for label, told in grouped.items():
        if any(one["label"] == "Extra funding due" for one in told):
            facts |= targeted_of_working({"label": label, "rows": told})
    return facts


def cell(places: Places, question: Question) -> Facts | None:
    """Return what a spreadsheet's cell is answered; a refusal says that it is not known."""
    if question.meaning != "zero":
        return None
    needs = {"sen_support_pupils", "sen_support_figure", "ehc_plans"}
    asked = {name: value for name, value in question.school.items() if name not in needs}
    path = f"/v1/cells/{question.rules}/notional-sen"
    answer = places.client.get(path, params={**asked, "others": "0"})
    if answer.status_code == 200:
        return {("budget",): same(answer.text)}
    assert answer.status_code == 422, answer.text
    return {("budget",): None}


def _file(places: Places, question: Question) -> Path:
    path = places.folder / "schools.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["urn", *question.school])
        writer.writerow([URN, *question.school.values()])
    return path


def _command(places: Places, question: Question, *options: str) -> bytes:
    asked = [
        "value",
        "--rules",
        places.rules_of(question),
        "--schools",
        str(_file(places, question)),
        *([] if question.cost is None else ["--sen-support-cost", question.cost]),
    ]
    answer = CliRunner().invoke(
        app, [*asked, "--absent-lines", question.meaning.replace("_", "-"), *options]
    )
    assert answer.exit_code == 0, answer.output
    return answer.stdout_bytes


def command_csv(places: Places, question: Question) -> Facts:
    """Return what the command's CSV says of the school and of each line."""
    tables = [
        _command(places, question, "--detail", detail, "--format", "csv").decode()
        for detail in ("schools", "lines")
    ]
    [school], lines = (list(csv.DictReader(io.StringIO(text))) for text in tables)
    return _rows(school, lines)


def command_workbook(places: Places, question: Question) -> Facts:
    """Return what the command's workbook says of the school and of each line."""
    tables = []
    for detail in ("schools", "lines"):
        path = places.folder / f"{detail}.xlsx"
        _command(places, question, "--detail", detail, "--out", str(path))
        sheet = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), read_only=True).active
        head, *rows = sheet.iter_rows(values_only=True)
        tables.append([dict(zip(head, row, strict=True)) for row in rows])
    [school], lines = tables
    return _rows(school, lines)


def command_explanation(places: Places, question: Question) -> Facts:
    """Return what the command explains of the school."""
    told = json.loads(_command(places, question, "--explain", URN, "--format", "json"))
    facts = {**_explained(told), ("parts not known",): told["not_known"]}
    if "expected_calls" in told:
        facts |= calls_of_working(told["expected_calls"]["rows"])
    facts["targeted", "due"] = None
    if "targeted_funding" in told:
        facts |= targeted_of_working(told["targeted_funding"])
    return facts


def command_targeted(places: Places, question: Question) -> Facts:
    """Return what the rows of targeted funding say of the school: none is that it has none."""
    if places.read_rules(question).compiled.document.targeted_funding is None:
        return {("targeted", "due"): None}
    text = _command(places, question, "--detail", "targeted", "--format", "csv").decode()
    [row] = list(csv.DictReader(io.StringIO(text))) or [None]
    if row is None:
        return {**NO_TARGETED}
    facts: Facts = {
        ("targeted", "due"): same(row["amount"]),
        ("targeted", "not known"): row.get("why_not_known") or None,
    }
    if "left_after" in row:
        facts["targeted", "left_after"] = same(row["left_after"])
        for name, column in CALLS_OF_ROWS.items():
            facts["calls", name] = same(row[column])
    return facts


def _rows(school: Mapping, lines: list[Mapping]) -> Facts:
    facts = of_totals(school)
    own = [line for line in lines if line["line"] not in LIFTS]
    facts["lines",] = tuple(line["line"] for line in own)
    for line in own:
        facts |= of_line(line["line"], line)
    for line in lines:
        if line["line"] in LIFTS:
            facts |= amounts("lift", line["line"], line)
            facts["lift", line["line"], "label"] = line["label"]
    return facts | calls_of_row(school)


def python(places: Places, question: Question) -> Facts:
    """Return what the Python package says of the school and of each line."""
    rules = places.read_rules(question)
    records = [{"urn": URN, **question.school}]
    schools = eb.read_schools(records, rules, absent_lines=question.meaning)
    outcome = eb.value(rules, schools=schools, sen_support_cost=question.cost)
    [school] = outcome.to_polars("schools").to_dicts()
    return _rows(school, outcome.to_polars("lines").to_dicts())


ENTRY_POINTS: dict[str, Callable[[Places, Question], Facts | None]] = {
    "API": api,
    "API, totals": api_totals,
    "API, working": api_explanation,
    "page": page,
    "page, CSV": page_csv,
    "page, workbook": page_workbook,
    "cell": cell,
    "command, CSV": command_csv,
    "command, workbook": command_workbook,
    "command, working": command_explanation,
    "command, targeted": command_targeted,
    "Python": python,
}

SUMS = {("notional_sen",), ("formula_total",)}
OF_RECORDS = SUMS | {("budget",), ("parts not known",), ("lines",)}
STATED: dict[str, set[tuple[str, ...]]] = {
    "API": OF_RECORDS | {("percent",), ("not known",)},
    "API, totals": SUMS | {("parts not known",), ("percent",)},
    "API, working": SUMS,
    "page": SUMS | {("budget",), ("percent",), ("not known",)},
    "page, CSV": SUMS,
    "page, workbook": SUMS | {("not known",)},
    "cell": {("budget",)},
    "command, CSV": OF_RECORDS,
    "command, workbook": OF_RECORDS,
    "command, working": SUMS | {("parts not known",)},
    "command, targeted": {("targeted", "due")},
    "Python": OF_RECORDS,
}
"""What each entry point says whatever it is asked."""
