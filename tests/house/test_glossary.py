"""The glossary has the words that people meet, in order, with sources that are listed; links of pages lead somewhere."""

import re

import pytest

from engine.vocabulary import Standing
from tests.house.sources import ROOT, named

GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
FIELD, OURS = (
    part.partition("\n## ")[0]
    for part in re.split(r"## (?:The field's|Evenband's) words\n", GLOSSARY)[1:]
)
ENTRY = re.compile(r"^\| \*\*(.+?)\*\* \| (.+) \|$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s]+)")
NEEDED = {
    "Notional SEN budget", "Top-up", "Band", "Tariff", "Threshold", "Proration", "EHC plan", "Standing",
    "Digest", "What-if", "Cell", "Override", "Manifest", "Statement", "Verified", "Unconfirmed", "Proposed",
}  # fmt: skip
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("part", [FIELD, OURS], ids=["the field's", "ours"])
def test_words_stand_in_alphabetical_order_with_one_or_two_sentences(part):
    entries = ENTRY.findall(part)
    words = [word for word, _ in entries]
    assert len(words) > 20
    assert words == sorted(words, key=str.casefold)
    assert not [
        word
        for word, meaning in entries
        if not 1 <= len(re.findall(r"[.](?: |$|\[)", meaning)) <= 3
    ]


def test_the_words_that_people_meet_are_there():
    words = {word for part in (FIELD, OURS) for word, _ in ENTRY.findall(part)}
    assert not NEEDED - words
    assert {one.value.capitalize() for one in Standing} <= words


def test_every_source_that_an_entry_names_is_listed():
    body, _, sources = GLOSSARY.partition("## Sources")
    cited = set(re.findall(r"\bG\d\b", body))
    assert cited == set(re.findall(r"^\| (G\d) \|", sources, re.MULTILINE))


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_every_link_to_a_file_leads_to_one(path):
    links = [one for one in LINK.findall(path.read_text(encoding="utf-8")) if "://" not in one]
    assert not [one for one in links if not (path.parent / one).exists()]


def test_the_readme_leads_to_the_glossary():
    assert "docs/glossary.md" in (ROOT / "README.md").read_text(encoding="utf-8")
