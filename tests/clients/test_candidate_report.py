"""``evenband candidates --report``: one page for people that hides small numbers, and a workbook of several sheets."""

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser

from engine.vocabulary import FIXTURES
from tests.clients.starts import started

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DOCUMENT = FIXTURES / "candidates" / "local-to-national.yaml"
BANDS = FIXTURES / "examples" / "local-bands.yaml"
PATH = "top_up_rule.threshold.pounds"


class Tables(HTMLParser):
    """The rows of a page's tables by caption, and the addresses that it names."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.addresses: list[str] = []
        self.headings: list[int] = []
        self._caption, self._cell, self._in_caption = None, None, False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        held = dict(attrs)
        self.addresses += [held[name] for name in ("href", "src", "action") if held.get(name)]
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "caption":
            self._caption, self._in_caption = "", True
        elif tag == "tr":
            self.tables.setdefault(self._caption, []).append([])
        elif tag in {"td", "th"}:
            self.tables[self._caption][-1].append("")
            self._cell = self.tables[self._caption][-1]

    def handle_endtag(self, tag):
        if tag in {"td", "th"}:
            self._cell = None
        elif tag == "caption":
            self._in_caption = False

    def handle_data(self, data):
        if self._cell is not None:
            self._cell[-1] += data
        elif self._in_caption:
            self._caption += data


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with invented pupils who hold local bands, a page that hides small numbers, and one that hides none."""
    folder = tmp_path_factory.mktemp("report")
    made = started(
        "synth", "--pupils", "3000", "--bands", str(BANDS), "--out", "invented", cwd=folder
    )
    assert made.returncode == 0, made.stderr
    for name, exact in {"hidden.html": (), "exact.html": ("--exact",)}.items():
        of = ("candidates", str(DOCUMENT), "--pupils", "invented/pupils.csv")
        files = ("--out", "candidates.xlsx", "--report", name)
        run = started(*of, *files, *exact, cwd=folder)
        assert run.returncode == 0, run.stderr
    return folder


def page_of(folder, name) -> Tables:
    return Tables((folder / name).read_text(encoding="utf-8"))


def sheets_of(folder) -> dict:
    book = openpyxl.load_workbook(folder / "candidates.xlsx")
    return {one.title: [list(row) for row in one.iter_rows(values_only=True)] for one in book}


def records(rows) -> list[dict]:
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def test_a_page_needs_nothing_beside_it_and_its_headings_are_in_order(folder):
    for name in ("hidden.html", "exact.html"):
        page = page_of(folder, name)
        assert all(one.startswith("#") for one in page.addresses)
        assert page.headings[0] == 1
        steps = zip(page.headings, page.headings[1:], strict=False)
        assert all(after <= before + 1 for before, after in steps)
        text = (folder / name).read_text(encoding="utf-8")
        assert not re.search(r"<script|@import|url\(|https?://(?!www\.w3\.org)", text)


def test_the_page_of_all_numbers_has_those_of_the_file(folder):
    page, summary = page_of(folder, "exact.html"), records(sheets_of(folder)["Candidates"])
    listed = {row[0]: row for row in page.tables["Every candidate that was valued"][1:]}
    assert len(listed) == len(summary) == 200
    names = [re.sub(r"^[ABC] \((.*)\)$", r"\1", one) for one in listed]
    for name, row, own in zip(names, listed.values(), summary, strict=True):
        assert name == own["candidate"]
        assert row[3] == f"£{own['after']:,.0f}"
        assert row[5:7] == [f"{own['winners']:,}", f"{own['losers']:,}"]
        assert row[7] == f"{own['largest_authority_loss']:.2f}".rstrip("0").rstrip(".") + "%"


def test_small_numbers_are_hidden_unless_they_are_asked_for(folder):
    hidden, exact = page_of(folder, "hidden.html"), page_of(folder, "exact.html")
    people = "Pupils who gain, lose or keep what they have, by cost"
    assert {len(rows[0]) for rows in (hidden.tables[people], exact.tables[people])} == {7}
    for caption, rows in hidden.tables.items():
        heads = rows[0]
        for row in rows[1:]:
            for head, cell in zip(heads, row, strict=True):
                counts = re.search(r"Pupils|inners|osers|Unchanged|Not known", head)
                assert not (counts and re.fullmatch("[1-5]", cell)), caption
    needs = [one for one in exact.tables if one.startswith("Type of need")]
    assert needs
    assert not [one for one in hidden.tables if one.startswith("Type of need")]
    manifest = json.loads((folder / "hidden.html.manifest.json").read_text(encoding="utf-8"))
    assert "pupils" not in manifest["candidates"]
    assert not [one for one in manifest["inputs"] if "rows" in one]
    assert manifest["publication"]["profile"]["identifier"] == "small-numbers"


def test_the_workbook_has_the_front_groups_of_a_few_and_who_was_left_out(folder):
    sheets = sheets_of(folder)
    assert list(sheets)[:5] == ["About", "Candidates", "Front", "Groups", "Left out"]
    summary, front = records(sheets["Candidates"]), records(sheets["Front"])
    assert {one["candidate"] for one in front} == {
        one["candidate"] for one in summary if one["front"]
    }
    groups = records(sheets["Groups"])
    few = {one["candidate"] for one in groups}
    assert 1 <= len(few) <= 3
    totals = {one["candidate"]: one["after"] for one in groups if one["grouping"] == "total"}
    assert totals == {one["candidate"]: one["after"] for one in summary if one["candidate"] in few}
    about = dict(row[:2] for row in sheets["About"])
    manifest = json.loads((folder / "candidates.xlsx.manifest.json").read_text(encoding="utf-8"))
    assert about["Candidates: digest"] == manifest["candidates"]["digest"]
    assert about["National constants"] == "held"


def test_a_page_is_verified_as_any_file(folder):
    assert "untouched" in started("verify", "exact.html", cwd=folder).stdout
    text = (folder / "exact.html").read_text(encoding="utf-8")
    (folder / "altered.html").write_text(text.replace("£", "$", 1), encoding="utf-8")
    manifest = (folder / "exact.html.manifest.json").read_text(encoding="utf-8")
    (folder / "altered.html.manifest.json").write_text(
        manifest.replace("exact.html", "altered.html"), encoding="utf-8"
    )
    assert started("verify", "altered.html", cwd=folder).returncode == 1


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--report", "report.pdf"), "let its name end in .html"),
        (("--exact",), "--exact is of --report"),
        (("--report", "report.html", "--candidate", "1", "--candidate", "2", "--candidate", "3", "--candidate", "4"), "name no more"),
        (("--report", "report.html", "--candidate", "none"), "no candidate is called none"),
    ],
)  # fmt: skip
def test_what_a_report_cannot_be_is_refused(options, says, folder):
    run = started(
        "candidates", str(DOCUMENT), "--pupils", "invented/pupils.csv", *options, cwd=folder
    )
    assert run.returncode in {1, 2}
    assert says in run.stderr
    assert not (folder / "report.html").exists()


def test_candidates_that_are_left_out_are_named_with_their_reason(folder, tmp_path):
    text = f'format: evenband-candidates/1\ntitle: <b>Tried</b>\nbaseline: national-profile-candidate\nvary: {{{PATH}: [5000, "-1"]}}\n'
    (tmp_path / "tried.yaml").write_text(text, encoding="utf-8")
    pupils = str(folder / "invented" / "pupils.csv")
    run = started(
        "candidates", "tried.yaml", "--pupils", pupils, "--report", "one.html", cwd=tmp_path
    )
    assert run.returncode == 0, run.stderr
    [row] = page_of(tmp_path, "one.html").tables["Candidates that were left out, and why"][1:]
    assert row[0] == "2"
    assert "must be between 0 and" in row[1]
    assert "<b>Tried" not in (tmp_path / "one.html").read_text(encoding="utf-8")


@pytest.mark.browser
@pytest.mark.parametrize("name", ["hidden.html", "exact.html"])
def test_the_page_can_be_read_on_any_screen_and_printed(folder, name, browser: Browser):
    # A page without scripts runs none, so that the checker is let past what the page allows.
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((folder / name).as_uri())
    page.evaluate(AXE)
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        options = {"runOnly": RULES, "resultTypes": ["violations"], "selectors": False}
        found = page.evaluate("options => axe.run(options)", options)["violations"]
        assert not [(one["id"], one["nodes"][0]["html"][:200]) for one in found], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("svg[role=img]").count() >= 3
    assert asked == [(folder / name).as_uri()]
    printed = page.pdf(prefer_css_page_size=True)
    boxes = set(re.findall(rb"/MediaBox \[([^\]]*)\]", printed))
    assert [tuple(round(float(one)) for one in box.split()) for box in boxes] == [(0, 0, 595, 842)]
    context.close()


@pytest.mark.parametrize("name", ["hidden.html", "exact.html", "candidates.xlsx"])
def test_a_page_and_a_workbook_are_worked_out_again_from_their_manifests(name, folder):
    # The manifest of a page that may be passed on names no folder.
    together, rules = folder / "together", folder / "examples"
    for path in (together, rules):
        path.mkdir(exist_ok=True)
    for path in (DOCUMENT, folder / "invented" / "pupils.csv"):
        shutil.copy(path, together)
    shutil.copy(BANDS, rules)
    where = ("--inputs", "together") if name == "hidden.html" else ()
    run = started("reproduce", f"{name}.manifest.json", *where, cwd=folder)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "the same" in run.stdout
    command = json.loads((folder / f"{name}.manifest.json").read_text(encoding="utf-8"))["command"]
    assert ("--exact" in command, "--report" in command) == (name == "exact.html", "html" in name)
