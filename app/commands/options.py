"""The options that several commands share, each spelled and explained once."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from app.commands import completion
from engine.days import day_of


def _day(text: str) -> date:
    try:
        return day_of(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


MEANINGS = ("refused", "zero", "not_supplied")
"""As requests and the Python package say it; ``not-supplied`` is an older spelling."""

ORDERS = ("day-first", "month-first")


def _meaning(text: str) -> str:
    word = text.replace("-", "_")
    if word not in MEANINGS:
        sentence = f"must be one of {', '.join(MEANINGS)}"
        raise typer.BadParameter(sentence)
    return word


def _order(text: str) -> str:
    word = text.replace("_", "-")
    if word not in ORDERS:
        sentence = f"must be {' or '.join(ORDERS)}"
        raise typer.BadParameter(sentence)
    return word


Kind = Literal["csv", "json", "parquet", "xlsx"]


def _input(metavar: str, text: str | None = None, **more: Any) -> Any:
    """Return an option for what a command reads: no default is shown."""
    return typer.Option(metavar=metavar, help=text, show_default=False, **more)


RULES = "ID|FILE.yaml"
_RULE_SET: dict[str, Any] = {"show_default": False, "autocompletion": completion.rule_sets}
Rules = Annotated[
    str,
    _input(
        RULES,
        "A published rule set by its identifier, or a rule document.",
        autocompletion=completion.rule_sets,
    ),
]
RuleSet = Annotated[str, typer.Argument(metavar=RULES, **_RULE_SET)]
RuleSets = Annotated[list[str], typer.Argument(metavar=f"{RULES}...", **_RULE_SET)]
On = Annotated[
    date | None,
    typer.Option(
        parser=_day,
        metavar="YYYY-MM-DD",
        help="Use the values of this day for the whole year; by default each value counts from its own day.",
    ),
]
Schools = Annotated[Path | None, _input("FILE", "Table of schools: CSV, XLSX, Parquet or Arrow.")]
Pupils = Annotated[Path | None, _input("FILE", "Table of pupils: CSV, XLSX, Parquet or Arrow.")]
SchoolsSheet = Annotated[
    str | None, _input("NAME", "Sheet of --schools, where its workbook has several.")
]
PupilsSheet = Annotated[
    str | None, _input("NAME", "Sheet of --pupils, where its workbook has several.")
]
Sheet = Annotated[str | None, _input("NAME", "Sheet of the table, where its workbook has several.")]
OlderSheet = Annotated[
    str | None, typer.Option("--schools-sheet", metavar="NAME", hidden=True, show_default=False)
]


def _header_row(text: str) -> Any:
    return _input("ROW", text, min=1, max=1_000_000)


HeaderRow = Annotated[
    int | None,
    _header_row(
        "Row of the table that has the column names; by default the first that is not blank."
    ),
]
SchoolsHeaderRow = Annotated[int | None, _header_row("Row of --schools that has the column names.")]
PupilsHeaderRow = Annotated[int | None, _header_row("Row of --pupils that has the column names.")]


def sheet_of(table: str) -> Any:
    """Return the option for the sheet of a table that an option names."""
    return _input("NAME", f"Sheet of --{table}, where its workbook has several.")


def header_row_of(table: str) -> Any:
    """Return the option for the row of column names of a table that an option names."""
    return _header_row(f"Row of --{table} that has the column names.")


Layout = Annotated[
    str | None,
    typer.Option(
        metavar="FILE|NAME",
        help="What the table's own columns and codes are called here: a YAML file, or the name "
        "of one that comes with the program.",
        autocompletion=completion.layouts,
    ),
]
AbsentLines = Annotated[
    str,
    typer.Option(
        parser=_meaning,
        autocompletion=lambda: list(MEANINGS),
        metavar="WORD",
        help="What a line of the formula with no column in the table of schools means: refused, "
        "zero or not_supplied.",
    ),
]
Dates = Annotated[
    str | None,
    _input(
        "|".join(ORDERS),
        "Order of days in the tables' dates, such as 01/09/2025; without it only 2025-09-01 is read.",
        parser=_order,
        autocompletion=lambda: list(ORDERS),
    ),
]
LaMap = Annotated[
    list[str] | None,
    _input(
        "OLD=NEW",
        "Code of a local authority that replaces another, for example 909=942 (may be repeated).",
    ),
]
OtherAuthorities = Annotated[
    Literal["apart", "valued"],
    typer.Option(
        metavar="WORD",
        help="Pupils and schools of other authorities than the rules': apart (counted, not valued) or "
        "valued.",
    ),
]
RowsOfOthers = Annotated[
    Literal["apart", "valued"],
    typer.Option(
        metavar="WORD",
        help="Rows of other authorities than the rules': apart (counted, not valued) or valued.",
    ),
]
BlankMeansNone = Annotated[
    list[str] | None,
    _input(
        "COLUMN,...",
        "Columns in which a blank cell means none, such as secondary_need (may be repeated).",
    ),
]
RoundToPence = Annotated[
    list[str] | None,
    _input(
        "COLUMN,...",
        "Columns of pounds whose further decimals are rounded to pence, such as assessed_cost (may be "
        "repeated).",
    ),
]
Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--override",
        metavar="PATH=VALUE",
        help="Try another value, for example top_up_rule.cap=90000 (may be repeated).",
    ),
]
SenSupportCost = Annotated[
    str | None,
    _input(
        "POUNDS",
        "Assumed cost of a pupil on SEN support: with sen_support_pupils in the table, "
        "each budget is compared with its expected costs.",
    ),
]
Out = Annotated[
    str | None,
    typer.Option(
        metavar="FILE|-",
        help="Write here, with a manifest beside it; - writes to standard output.",
    ),
]
WorksOut = Annotated[
    Literal["notional", "bands", "places", "block", "targeted"] | None,
    typer.Option(
        "--kind",
        metavar="KIND",
        help="Rule sets that work this out: notional, bands, places, block or targeted.",
    ),
]
Authority = Annotated[
    str | None,
    typer.Option(
        metavar="CODE|NAME",
        help="Rule sets of this local authority: its code, or part of its name.",
        autocompletion=completion.authorities,
    ),
]
Year = Annotated[
    str | None,
    typer.Option(
        metavar="YYYY-YY",
        help="Rule sets of this funding year.",
        autocompletion=completion.years,
    ),
]
Kinds = Annotated[
    Kind | None,
    typer.Option(
        "--format",
        metavar="KIND",
        help="Kind of file: csv, json, parquet or xlsx; by default the ending of --out.",
    ),
]
ScreenKinds = Annotated[
    Kind | None,
    typer.Option(
        "--format",
        metavar="KIND",
        help="Write csv, json, parquet or xlsx to standard output; by default a table for people.",
    ),
]
Cache = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        show_default=False,
        help="Keep the pupils here as codes, without keys, and take them from here where they were "
        "read in the same way before.",
    ),
]
Threads = Annotated[
    int,
    typer.Option(min=0, max=256, metavar="N", help="Threads; 0 is one for each processor."),
]
ClusterAddress = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="ADDRESS",
        show_default=False,
        help="Work on a cluster: local for processes of this machine, or tls://HOST:PORT of a scheduler.",
    ),
]
ClusterCertificates = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        show_default=False,
        help="A folder with ca.pem, certificate.pem and key.pem, for a cluster.",
    ),
]
ExplainRow = Annotated[
    str | None,
    typer.Option(
        "--explain",
        metavar="LA|SCHOOL-URN",
        help="Print the full working of the rows of one authority or school of the table.",
    ),
]
Explain = Annotated[
    str | None,
    typer.Option(
        metavar="PUPIL|SCHOOL-URN",
        help="Print the full working of one school or pupil of the tables.",
    ),
]
