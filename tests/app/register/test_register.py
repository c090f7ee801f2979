"""The register of schools: the Department's download is read as it comes, kept on both databases, and searched."""

import csv
import io
import zipfile
from datetime import date

import pytest
from typer.testing import CliRunner

from app.access import OWNER
from app.cli import app
from app.register.reading import COLUMNS, phase_of, read_register
from app.register.service import edition, find, import_register, school, status_numbers
from engine.data import FIXTURES
from engine.errors import FileRefused, TableRefused
from engine.vocabulary import SchoolPhase

INVENTED = FIXTURES / "register" / "invented.csv"
ROW = {
    "URN": "9990001", "LA (code)": "929", "EstablishmentName": "Invented Café School",
    "TypeOfEstablishment (name)": "Community school", "EstablishmentStatus (name)": "Open",
    "PhaseOfEducation (name)": "Primary", "Postcode": "ZZ1 1AA", "Town": "Harbourton",
    "OpenDate": "01-09-2012", "CloseDate": "",
}  # fmt: skip


def text(*rows, columns=COLUMNS):
    out = io.StringIO()
    writer = csv.DictWriter(out, ["Other", *columns], extrasaction="ignore", restval="x")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def written(tmp_path, content, name="edubasealldata20250422.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_download_is_read_in_the_encoding_that_it_has(tmp_path, encoding):
    register = read_register(written(tmp_path, text(ROW).encode(encoding)))
    (only,) = register.schools
    assert (only.urn, only.name, only.authority) == (9990001, "Invented Café School", 929)
    assert (only.phase, only.postcode) == (SchoolPhase.primary, "ZZ11AA")
    assert (only.opened, only.closed) == (date(2012, 9, 1), None)
    assert register.day == date(2025, 4, 22)


def test_the_archive_that_it_comes_in_is_read_too(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("edubasealldata20240131.csv", text(ROW))
        archive.writestr("notes.txt", "x")
    register = read_register(written(tmp_path, out.getvalue(), "extract.zip"))
    assert register.day == date(2024, 1, 31)
    assert len(register.schools) == 1


@pytest.mark.parametrize("tables", [0, 2])
def test_an_archive_without_one_table_is_refused(tmp_path, tables):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("notes.txt", "x")
        for number in range(tables):
            archive.writestr(f"{number}.csv", text(ROW))
    with pytest.raises(FileRefused, match=f"holds {tables} tables"):
        read_register(written(tmp_path, out.getvalue(), "extract.zip"))


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04" + b"\0" * 40, b"", b"\0\1\2", b"URN,Name\n1,2\n", b'"'], ids=range(5)
)
def test_what_is_no_register_is_refused_in_a_sentence(tmp_path, content):
    with pytest.raises(FileRefused):
        read_register(written(tmp_path, content))


def test_a_missing_column_is_named_with_the_way_out(tmp_path):
    less = [one for one in COLUMNS if one != "Postcode"]
    with pytest.raises(FileRefused, match="has no column Postcode: download all establishment"):
        read_register(written(tmp_path, text(ROW, columns=less)))


def test_every_wrong_cell_is_named_by_its_row(tmp_path):
    rows = [
        ROW,
        ROW,
        ROW | {"URN": "none", "OpenDate": "2012-09-01"},
        ROW | {"URN": "7", "EstablishmentName": ""},
    ]
    with pytest.raises(TableRefused) as refusal:
        read_register(written(tmp_path, text(*rows)))
    assert [(one.row, one.column) for one in refusal.value.problems] == [
        (3, "URN"), (4, "URN"), (4, "OpenDate"), (5, "EstablishmentName"),
    ]  # fmt: skip


def test_rows_outside_england_are_counted_and_left_out(tmp_path):
    rows = [
        ROW,
        *(
            ROW | {"URN": str(at), "LA (code)": code}
            for at, code in enumerate(["660", "660", "000", ""], 1)
        ),
    ]
    register = read_register(written(tmp_path, text(*rows)))
    assert len(register.schools) == 1
    assert register.left_out == {"660": 2, "000": 1, "none": 1}


@pytest.mark.parametrize(
    ("phase", "kind", "known"),
    [
        ("Primary", "Academy converter", SchoolPhase.primary),
        ("Middle deemed primary", "Community school", SchoolPhase.middle),
        ("All-through", "Free schools", SchoolPhase.all_through),
        ("Not applicable", "Academy special converter", SchoolPhase.special),
        ("Primary", "Foundation special school", SchoolPhase.special),
        ("Secondary", "Free schools alternative provision", SchoolPhase.alternative_provision),
        ("Not applicable", "Pupil referral unit", SchoolPhase.alternative_provision),
        ("Not applicable", "Other independent special school", None),
        ("Secondary", "Other independent school", None),
        ("16 plus", "Academy 16-19 converter", None),
        ("", "", None),
    ],
)
def test_the_phase_of_a_school_is_that_by_which_it_is_funded(phase, kind, known):
    assert phase_of({"PhaseOfEducation (name)": phase, "TypeOfEstablishment (name)": kind}) == known


def test_the_next_import_takes_the_place_of_the_one_before_on_both_databases(database, tmp_path):
    with database.writing() as session:
        import_register(OWNER, session, read_register(INVENTED))
    with database.writing() as session:
        assert len(find(OWNER, session, "Invented").schools) == 12
        assert [one.urn for one in find(OWNER, session, "ORCHARD GREEN primary").schools] == [
            9990005,
            9990006,
        ]
        assert [one.urn for one in find(OWNER, session, "zz2 3ce").schools] == [9990005, 9990006]
        import_register(OWNER, session, read_register(written(tmp_path, text(ROW))))
    with database.reading() as session:
        assert school(OWNER, session, "9990001").name == "Invented Café School"
        assert [one.urn for one in find(OWNER, session, "cafe").schools] == [9990001]
        assert status_numbers(OWNER, session) == [("Open", 1)]
        assert edition(OWNER, session).day == date(2025, 4, 22)


def test_more_schools_than_a_page_lists_are_said_to_be_more(database, tmp_path):
    many = [ROW | {"URN": str(at)} for at in range(1, 33)]
    with database.writing() as session:
        import_register(OWNER, session, read_register(written(tmp_path, text(*many))))
        found = find(OWNER, session, "Invented")
    assert (len(found.schools), found.more) == (30, True)


def test_the_commands_import_show_and_remove_it(tmp_path):
    def said(*arguments, code=0):
        ran = CliRunner().invoke(app, ["register", *arguments])
        assert ran.exit_code == code, ran.output
        return ran.stdout

    assert said("show") == "No register is kept.\n"
    assert (
        said("import", "--invented") == "Schools in England that are kept: 12, of them open: 11.\n"
    )
    assert "11  Open\n1  Closed\n" in said("show")
    outside = text(ROW, ROW | {"URN": "8", "LA (code)": "660"})
    told = said("import", str(written(tmp_path, outside)))
    assert told == (
        "Schools in England that are kept: 1, of them open: 1.\n"
        "Rows left out, whose code is of no authority in England: 1 (660).\n"
    )
    assert said("show").startswith("The register of 22 April 2025, imported on ")
    said("import", str(tmp_path / "none.csv"), code=3)
    said("import", code=2)
    said("import", str(INVENTED), "--invented", code=2)
    assert said("remove") == "The register is removed.\n"
    assert said("remove") == "No register is kept.\n"
