"""A file that cannot be read is refused for its cause, in one sentence with the way out."""

import io
import zipfile

import polars as pl
import pytest

from engine.errors import TableRefused
from engine.reading import pupil_table
from tests.pupil_files import (
    WANTED,
    refused,
    saved,
)

TEXT = "pupil_key,la,band\nk1,928,A\nk2,928,B\n"


def archive(**parts: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Workbook", "a workbook of Excel 2003 or before (.xls)"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "locked with a password"),
        ("a.xls", "<html><table><tr><td>pupil_key</td></tr></table></html>", "a web page (HTML)"),
        ("a.csv", "<!DOCTYPE html>\n<html></html>", "a web page (HTML)"),
        ("a.csv", "%PDF-1.7", "a PDF file"),
        ("a.pdf", "%PDF-1.7", "a PDF file"),
        ("a.ods", archive(mimetype="", **{"content.xml": ""}), "an OpenDocument spreadsheet (.ods)"),
        ("a.xlsb", archive(**{"xl/workbook.bin": ""}), "a binary workbook (.xlsb)"),
        ("a.zip", archive(**{"pupils.csv": TEXT}), "take the table out of it"),
        ("a.csv", archive(**{"pupils.csv": TEXT}), "take the table out of it"),
        ("a.docx", archive(**{"word/document.xml": ""}), "a Word document"),
        ("a.json", '[{"pupil_key": "k1"}]', "a JSON file"),
        ("a.csv", b"\x1f\x8b\x08", "unpack it"),
        ("a.csv", archive(**{"xl/workbook.xml": ""}), "is an Excel workbook, though its name ends in .csv; let it end in .xlsx"),
        ("a.xlsx", TEXT, "is plain text, though its name ends in .xlsx; let it end in .csv"),
        ("a.txt", TEXT, "the name of a file must end in .csv, .xlsx, .xlsm, .parquet"),
        ("a.csv", "", "there is nothing in the file or sheet"),
        ("a.csv", "pupil_key,la,band\n", "there are no rows below the column names"),
        ("a.csv", TEXT.replace(",", ";"), "row 1: cells are divided by semicolons"),
        ("a.csv", TEXT.replace(",", "\t"), "row 1: cells are divided by tabs"),
        ("a.csv", '"pupil_key";"la"\n"k1";"928"\n', "row 1: cells are divided by semicolons"),
        ("a.csv", "k1,928,,A\nk2,928,x,B\n", "no column name is known"),
        ("a.csv", "Our return,\nRef,Authority\nk1,928\n", "name it with --header-row"),
        ("a.csv", TEXT.replace("k1", "k1,k9").replace("k2,928,B", ""), "row 2: has 4 cells; the first row has 3"),
        ("a.csv", TEXT.replace(",", "|"), "row 1: cells are divided by vertical bars"),
        ("a.csv", "Our pupils\n" + TEXT.replace(",", ";"), "row 2: cells are divided by semicolons"),
        ("a.csv", "sep=;\n" + TEXT.replace(",", ";"), "row 1: cells are divided by semicolons"),
        ("a.csv", TEXT.replace(",", ";").replace("928", "9,28"), "row 1: cells are divided by semicolons"),
        ("a.csv", TEXT.encode("utf-16"), "row 1: is UTF-16 text"),
        ("a.csv", TEXT.encode("utf-16-le"), "row 1: is UTF-16 text"),
        ("a.csv", TEXT.encode("utf-16-be"), "row 1: is UTF-16 text"),
        ("a.csv", TEXT.encode("utf-32"), "row 1: is UTF-32 text"),
        ("a.csv", TEXT.replace("k2", "né").encode("cp1252"), "row 3: is not UTF-8 text but seems to be Windows text (Windows-1252)"),
        ("a.csv", TEXT.replace("pupil_key", "Pupil Key").replace("la", "LA"), "row 1: column names must be spelled exactly, in small letters with underscores: write pupil_key for 'Pupil Key', la for 'LA'"),
        ("a.csv", TEXT.replace("pupil_key", "pupilkey"), "write pupil_key for 'pupilkey'"),
        ("a.csv", TEXT.replace("pupil_key", "pupil_kay"), "unknown column; did you mean pupil_key?"),
        ("a.csv", '"pupil\nkey"' + TEXT.removeprefix("pupil_key"), "write pupil_key for 'pupil key'"),
        ("a.csv", "pupil_key\u200b" + TEXT.removeprefix("pupil_key"), "the name of column 1 (A) has a character that cannot be seen (zero-width space, U+200B); delete it"),
        ("a.csv", "Pupils 2025,,\n" + TEXT, "row 1: the column names are in row 2: name it with --header-row 2"),
        ("a.csv", "Pupils 2025\n\n" + TEXT, "row 1: the column names are in row 3: name it with --header-row 3"),
        ("a.csv", TEXT.replace("k1", "k1,k9"), "row 2: has 4 cells; the first row has 3"),
        ("a.csv", TEXT.replace("k1,928,A", ""), "row 2: is blank; delete the row"),
        ("a.csv", TEXT + "Total,2,\n", "row 4: is a total"),
    ],
)  # fmt: skip
def test_a_file_is_refused_for_its_cause_in_one_sentence(name, content, sentence, tmp_path):
    assert sentence in refused(saved(tmp_path, name, content))


def test_column_names_spelled_otherwise_are_one_problem_in_every_kind_of_file(tmp_path):
    frame = pl.DataFrame({"Pupil Key": ["k1"], "LA": ["928"], "Band": ["A"]})
    frame.write_csv(tmp_path / "a.csv")
    frame.write_excel(tmp_path / "a.xlsx")
    frame.write_parquet(tmp_path / "a.parquet")
    found = {
        refused(tmp_path / name).removeprefix("row 1: ")
        for name in ("a.csv", "a.xlsx", "a.parquet")
    }
    assert len(found) == 1
    with pytest.raises(TableRefused) as caught:
        pupil_table(frame, WANTED)
    assert str(caught.value) in found


def test_names_that_differ_in_capitals_alone_are_one_column_too_many(tmp_path):
    path = saved(tmp_path, "a.csv", "pupil_key,la,LA\nk1,928,928\n")
    assert "several columns are called la" in refused(path)
