"""A downloaded file that is sent to ``/check``: untouched, edited, of another address, and no file at all."""

import csv
import html
import io
import re
import zipfile

import pytest

from app.pages.file_codes import checked_file
from app.pages.qr_codes import qr_svg
from tests.app.pages.statement import STATEMENT, WEST_SUSSEX
from tests.app.pages.test_notional_sen_page import words_of

CHECK = "/budget-check/windsor-and-maidenhead-2018-19"
FILES = [
    (f"{WEST_SUSSEX}/working.csv", STATEMENT),
    (f"{WEST_SUSSEX}/working.xlsx", STATEMENT),
    (f"{CHECK}/check.csv", {"notional_sen": "34100", "ehc_plans": "2"}),
    (f"{CHECK}/check.xlsx", {"notional_sen": "34100", "ehc_plans": "2"}),
]


def said(client, content, name="result.csv"):
    """Return what the page says of a file."""
    return words_of(client.post("/check", files={"file": (name, content)}))


def rewritten(content, change):
    """Return a workbook whose sheet of the working was changed as text."""
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as book,
        zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for part in book.infolist():
            held = book.read(part)
            archive.writestr(part, change(held) if part.filename.endswith("sheet2.xml") else held)
    return changed.getvalue()


@pytest.mark.parametrize(("address", "answers"), FILES)
def test_an_untouched_file_is_unaltered(client, address, answers):
    content = client.get(address, params=answers).content
    found = checked_file(content)
    assert found is not None
    assert found.is_untouched
    assert found.address.startswith("http://testserver/")
    assert "Unaltered The file is as it was downloaded" in said(client, content, address[-10:])


def test_a_workbook_with_one_other_count_is_edited(client):
    content = client.get(f"{WEST_SUSSEX}/working.xlsx", params=STATEMENT).content
    edited = rewritten(content, lambda held: held.replace(b"<v>650</v>", b"<v>651</v>", 1))
    assert edited != content
    text = said(client, edited, "working.xlsx")
    assert "Edited Something in this file was changed" in text
    assert "indicative" not in text.partition("Something in this file")[2].partition("See the")[0]


@pytest.mark.parametrize(
    ("before", "after"),
    [("2862600.00", "2862600.01"), ("Lump sum", "Lump sums"), ("Total,equals,F", "Total,plus,F")],
)
def test_a_csv_with_one_other_cell_is_edited(client, before, after):
    text = client.get(f"{WEST_SUSSEX}/working.csv", params=STATEMENT).text
    assert before in text
    assert "Edited" in said(client, text.replace(before, after, 1).encode())


def test_a_csv_with_a_row_less_is_edited(client):
    lines = client.get(f"{WEST_SUSSEX}/working.csv", params=STATEMENT).text.splitlines(
        keepends=True
    )
    assert "Edited" in said(client, "".join([*lines[:5], *lines[6:]]).encode())


def test_a_csv_that_a_program_saved_with_semicolons_and_shorter_numbers_is_untouched(client):
    text = client.get(f"{WEST_SUSSEX}/working.csv", params=STATEMENT).text
    rows = list(csv.reader(io.StringIO(text)))
    saved = io.StringIO()
    writer = csv.writer(saved, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([re.sub(r"^(-?\d+)\.00$", r"\1", cell) for cell in row] for row in rows)
    assert "Unaltered" in said(client, f"\ufeff{saved.getvalue()}".encode())


def test_the_text_of_a_csv_may_be_pasted(client):
    text = client.get(f"{WEST_SUSSEX}/working.csv", params=STATEMENT).text
    answer = client.post("/check", files={"text": (None, text)})
    assert "Unaltered" in words_of(answer)
    assert "app-answer--warning" not in answer.text
    answer = client.post("/check", files={"text": (None, text.replace("650", "651"))})
    assert "Unaltered" not in words_of(answer)
    assert "app-answer--warning" in answer.text


def test_a_file_whose_codes_were_made_to_fit_is_not_that_of_its_address(client):
    text = client.get(f"{WEST_SUSSEX}/working.csv", params=STATEMENT).text
    edited = text.replace("2862600.00", "2862600.01")
    found = checked_file(edited.encode())
    forged = edited.replace(found.file_code, found.cells_code)
    assert checked_file(forged.encode()).is_untouched
    assert "Not the file of this address" in said(client, forged.encode())


@pytest.mark.parametrize(
    "content",
    [b"urn,pupils\n1,2\n", b"PK\x03\x04 no workbook", b"\xff\xfe\x00", b"File code,A\n", b"PK"],
)
def test_what_is_no_file_of_ours_is_said(client, content):
    answer = client.post("/check", files={"file": ("other.csv", content)})
    assert answer.status_code == 422
    assert words_of(answer).count("has no address, check code and file code") == 2


def test_no_file_at_all_is_said(client):
    answer = client.post("/check", files={"text": (None, " ")})
    assert answer.status_code == 422
    assert "Choose a file that was downloaded here" in words_of(answer)


def test_nothing_of_a_file_comes_back(client):
    answer = client.post("/check", files={"file": ("secret-name.csv", b"CANARY,1\n")})
    assert "CANARY" not in answer.text
    assert "secret-name" not in answer.text


def test_other_forms_are_refused(client):
    assert client.post("/check", data={"text": "a"}).status_code == 415
    assert client.post("/check", json={"text": "a"}).status_code == 415
    assert (
        client.post(
            "/check", content=b"x", headers={"Content-Type": "multipart/form-data"}
        ).status_code
        == 415
    )


def test_a_print_has_the_whole_address_and_its_qr_code(client):
    text = client.get(WEST_SUSSEX, params=STATEMENT).text
    (address,) = re.findall(r"Address of this result: (http://testserver/\S+?)</p>", text)
    (picture,) = re.findall(r'<img class="app-qr__code" src="(.+?)"', text)
    found = client.get(html.unescape(picture))
    assert found.headers["content-type"] == "image/svg+xml"
    assert found.content == qr_svg(html.unescape(address))


def test_no_code_is_shown_of_an_address_that_none_holds(client):
    long = {"school": "Invented", "phase": "primary", **{f"x{n}": "y" * 90 for n in range(32)}}
    assert client.get(f"{WEST_SUSSEX}/address.svg", params=long).status_code == 404


def test_a_workbook_has_a_picture_of_its_address(client):
    content = client.get(f"{WEST_SUSSEX}/working.xlsx", params=STATEMENT).content
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert [one for one in book.namelist() if one.endswith(".png")]
