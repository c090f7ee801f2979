"""The sheet ``About``: which rules answer, where they come from, and how the workbook is used."""

from collections.abc import Iterator
from importlib.metadata import version

from app.pages.words import span_words, year_words
from app.workbooks.questions import Sheet
from engine.modules import SEMANTICS
from engine.rules import CompiledRules
from engine.vocabulary import Standing

STANDINGS = {
    Standing.verified: "verified: the values were seen in the sources named below",
    Standing.unconfirmed: "unconfirmed: not checked against the published paper; check before you rely on it",
    Standing.proposed: "proposed: values that nobody has set",
}
USE = """
Write the address of the service into the yellow cell above, if it is another one.

Fill in the white rows under the grey ones. The grey rows are examples with invented data; delete them when you do not
need them.

The answers are asked of the service as you type. To ask all of them again, change the number in the cell “Ask again”.

For more rows, copy the last row down. A sheet asks for its rows one after another: for more than some hundred, send
the table with Power Query.

Excel needs the desktop program for Windows, 2013 or later: on a Mac and on the web, Excel gets nothing by WEBSERVICE.

In LibreOffice allow the update of links when you open the file. If the answers stay empty, press Ctrl+Shift+F9.
"""
WRONG = """
#VALUE! means that the service refused the row or did not answer. The column “What is missing or wrong” says which, in
the service's own words.

“No answer” means that the service is not running at the address above, or that the program was not allowed to fetch
from it (Err:540 in LibreOffice). In Excel press Enable Content; in LibreOffice press Allow updating, or put the folder
of this file among the trusted locations (Tools, Options, Security).

An empty cell is not taken for 0. Where a sheet has the cell “Empty cells count as 0”, yes says otherwise.
"""
SENT = """
Each row is sent in the address of a request: the codes, days and numbers of its columns, and nothing else. The first
column is yours and is never sent. Write no name, number or key of a pupil into the others.
"""
ADVICE = {"How to use it": USE, "When something is wrong": WRONG, "What is sent": SENT}


def facts(rules: CompiledRules) -> Iterator[tuple[str, str]]:
    """Yield what the workbook is made from."""
    document = rules.document
    yield "Rule set", document.identifier
    yield "Version", str(document.version)
    yield "Title", document.title
    if document.authority is not None:
        yield "Authority", f"{document.authority.name} ({document.authority.code})"
    yield "Year", f"{year_words(document)}, {span_words(document)}"
    yield "Values used", rules.values_used
    yield "How far it was checked", STANDINGS[document.standing]
    yield "Digest of the rules", rules.digest
    for source in document.sources.values():
        said = ", ".join(part for part in (source.title, source.publisher, source.where) if part)
        yield "Source", said
    yield "Made by", f"Evenband {version('evenband')}, arithmetic version {SEMANTICS}"


def advice(sheets: tuple[Sheet, ...]) -> Iterator[tuple[str, str]]:
    """Yield paragraphs, the first of each heading with it, and an empty one between headings."""
    texts = {heading: text.split("\n\n") for heading, text in ADVICE.items()}
    texts["Sheets"] = [f"{one.name}: {one.title}. {one.guidance}" for one in sheets]
    for heading, paragraphs in texts.items():
        yield "", ""
        for at, text in enumerate(paragraphs):
            yield "" if at else heading, " ".join(text.split())
