"""A decision workbook read back into a rule document; what no sheet shows stays as it is."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.errors import Problem
from engine.lab.imports.decision_prices import prices_of
from engine.lab.imports.decision_reading import (
    Origins,
    Page,
    choices,
    read_page,
    sheet_notices,
    whole,
)
from engine.lab.imports.decision_sheets import (
    ABOUT,
    ASSIGNMENT,
    BANDS,
    COMBINE,
    CONVERSION,
    CONVERSION_COLUMNS,
    DIMENSION_COLUMNS,
    DIMENSIONS,
    FORM,
    FORMS,
    GAPS,
    HIT_POLICY,
    INPUTS,
    LABEL_GIVEN,
    PANEL,
    POINTS,
    PRICE_COLUMNS,
    PRICES,
    SOURCES,
    STEP_COLUMNS,
    TABLE,
    YES,
    is_input,
    table_columns,
)
from engine.lab.imports.document_sheets import EditedWorkbook, whole_document, with_sources
from engine.reading import TablesFile, read_tables_file
from engine.reading.report import refuse
from engine.rules.document import RuleSet
from engine.rules.load import plain

PROFILE, SUM = "band_profile", "sum"
PLACE = (PROFILE, "assignment")
SHEETS = (ABOUT, BANDS, ASSIGNMENT, DIMENSIONS, PRICES, SOURCES)


def read_decision_workbook(path: Path, into: RuleSet) -> RuleSet:
    """Return a document with the band profile of a workbook.

    Raises ``TableRefused`` with the sheet, row and column of every problem.
    """
    return read_decision_workbook_file(path, into).document


def read_decision_workbook_file(path: Path, into: RuleSet) -> EditedWorkbook:
    """Return the document of a workbook; all its sheets are read at once.

    Raises ``TableRefused`` as ``read_decision_workbook`` does.
    """
    file = read_tables_file(path)
    document = _with_profile(file, into)
    notices = sheet_notices(file, [name for name in SHEETS if file.has(name)])
    return EditedWorkbook(document, file.source, notices)


def _with_profile(file: TablesFile, into: RuleSet) -> RuleSet:
    origins, problems = Origins(), list[Problem]()
    values: dict[str, Any] = plain(into)
    before = values.get(PROFILE) or {}
    about = _about(read_page(file, ABOUT, ("what", "is"), ("what", "is")), problems)
    bands = read_page(file, BANDS, ("band",), ("band",))
    prices = read_page(file, PRICES, ("pays", *PRICE_COLUMNS[-1:], "value"), PRICE_COLUMNS)
    names = _bands(bands, origins)
    profile = {
        "bands": names,
        "assignment": _assignment(file, about, before.get("assignment", {}), origins, problems),
        "tariff": {
            **before.get("tariff", {}),
            "prices": prices_of(
                prices, before.get("tariff", {}).get("prices", ()), origins, problems
            ),
        },
    }
    _known_bands(profile, names, origins, problems)
    refuse(problems)
    changed = {**values, PROFILE: profile}
    changed["sources"] = with_sources(file, values["sources"])
    return whole_document(changed, origins)


def _about(page: Page, problems: list[Problem]) -> dict[str, str]:
    about = {row.cells["what"].lower(): row.cells["is"] for row in page.rows}
    if about.get(FORM) not in FORMS:
        sentence = f"needs a row '{FORM}' with one of {', '.join(FORMS)}"
        problems.append(page.origin(None, "is").problem(sentence, "unknown-code"))
        refuse(problems)
    return about


def _bands(page: Page, origins: Origins) -> list[str]:
    for at, row in enumerate(page.rows):
        origins.note((PROFILE, "bands", at), page.origin(row, "band"))
    origins.note((PROFILE,), page.origin())
    return [row.cells["band"] for row in page.rows]


def _assignment(
    file: TablesFile,
    about: Mapping[str, str],
    before: Mapping[str, Any],
    origins: Origins,
    problems: list[Problem],
) -> dict[str, Any]:
    form = about[FORM]
    if form == LABEL_GIVEN:
        return {LABEL_GIVEN: True}
    known = {
        TABLE: table_columns(INPUTS), POINTS: (*STEP_COLUMNS, *INPUTS), CONVERSION: CONVERSION_COLUMNS,
    }[form]  # fmt: skip
    needed = {TABLE: ("gives_band",), POINTS: STEP_COLUMNS}.get(form, known)
    page = read_page(file, ASSIGNMENT, needed, known)
    for where in (PLACE, (*PLACE, form)):
        origins.note(where, page.origin())
    kept = {name: one for name, one in before.get(form, {}).items() if name == "covers"}
    if form == CONVERSION:
        return {form: {row.cells["present_band"]: row.cells["gives_band"] for row in page.rows}}
    panel = {"panel_may_decide": True} if about.get(PANEL, "").lower() == YES else {}
    gaps = {"gaps": True} if about.get(GAPS, "").lower() == YES else {}
    if form == TABLE:
        rows = [_row(page, at, origins, problems) for at in range(len(page.rows))]
        inputs = [name for name in page.columns if is_input(name)]
        policy = about.get(HIT_POLICY, "")
        return {
            form: {"hit_policy": policy, "inputs": inputs, "rows": rows, **gaps, **kept},
            **panel,
        }
    steps = [_step(page, at, origins, problems) for at in range(len(page.rows))]
    dimensions = _dimensions(file, origins, problems)
    spoken = {"dimensions": dimensions} if dimensions else {}
    combined = {"combine": about[COMBINE]} if about.get(COMBINE, SUM) != SUM else {}
    return {form: {"steps": steps, **spoken, **combined, **gaps, **kept}, **panel}


def _row(page: Page, at: int, origins: Origins, problems: list[Problem]) -> dict[str, Any]:
    row, place = page.rows[at], (*PLACE, TABLE, "rows", at)
    origins.note(place, page.origin(row))
    origins.note((*place, "band"), page.origin(row, "gives_band"))
    when = {}
    for name in page.columns:
        if is_input(name) and (held := choices(page, row, name, problems)):
            when[name] = held
            origins.note((*place, "when", name), page.origin(row, name))
    note = {"note": row.cells["note"]} if row.cells.get("note") else {}
    spoken = {"when": when} if when else {}
    return {**spoken, "band": row.cells["gives_band"], **note}


def _step(page: Page, at: int, origins: Origins, problems: list[Problem]) -> dict[str, Any]:
    row, place = page.rows[at], (*PLACE, POINTS, "steps", at)
    origins.note(place, page.origin(row))
    origins.note((*place, "band"), page.origin(row, "gives_band"))
    ends = {name: whole(page, row, name, problems) for name in ("from", "to")}
    when = {
        name: held
        for name in page.columns
        if is_input(name) and (held := choices(page, row, name, problems))
    }
    for name in when:
        origins.note((*place, "when", name), page.origin(row, name))
    return {"band": row.cells["gives_band"], **ends, **({"when": when} if when else {})}


def _dimensions(file: TablesFile, origins: Origins, problems: list[Problem]) -> dict[str, Any]:
    page = read_page(file, DIMENSIONS, DIMENSION_COLUMNS[:3], DIMENSION_COLUMNS)
    held: dict[str, Any] = {}
    for row in page.rows:
        name = row.cells["dimension"]
        numbers = {one: whole(page, row, one, problems) for one in ("weight", "highest")}
        label = {"label": row.cells["label"]} if row.cells.get("label") else {}
        held[name] = {**numbers, **label}
        origins.note((*PLACE, POINTS, "dimensions", name), page.origin(row))
    return held


def _known_bands(
    profile: Mapping[str, Any], names: list[str], origins: Origins, problems: list[Problem]
) -> None:
    """Note every row that names a band which the sheet of bands does not hold."""
    assignment = profile["assignment"]
    rows = {
        (*PLACE, TABLE, "rows"): assignment.get(TABLE, {}).get("rows", []),
        (*PLACE, POINTS, "steps"): assignment.get(POINTS, {}).get("steps", []),
        (PROFILE, "tariff", "prices"): profile["tariff"]["prices"],
    }
    unknown = [
        Problem(f"must be one of the bands on the sheet {BANDS}", "unknown-band",
                place=".".join(map(str, (*place, at, "band"))))
        for place, held in rows.items()
        for at, one in enumerate(held)
        if one.get("band") not in {None, *names}
    ]  # fmt: skip
    problems += origins.named(unknown)
