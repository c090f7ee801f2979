"""A schools formula as a workbook that people edit: one row a factor, and one row a line and date."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from engine.errors import PairRefused, Problem
from engine.lab.imports.decision_sheets import ABOUT, SOURCE_COLUMNS, SOURCES, YES, Sheet
from engine.lab.imports.sheet_files import source_rows, write_sheets
from engine.rules.document import RuleSet
from engine.rules.formula import Factor, LinePhase
from engine.rules.load import digest, plain

FORMULA = "schools_formula"
FACTORS, LINES, OTHER = "Factors", "Lines", "Other values"
PHASES = tuple(one.value for one in LinePhase)
UNIT_VALUE, PERCENT = "unit_value", "notional_percent"
SERIES = {UNIT_VALUE: "", PERCENT: "percent_"}
"""Fields of a line that hold dated values, and what the names of their columns begin with beside the value."""

PROVENANCE = ("source", "standing", "note")
WORDS = ("label", "counts", "where")
ELSEWHERE = frozenset({*PHASES, "provenance", "only_above_percent"})
OPTIONS = tuple(one for one in Factor.model_fields if one not in {*ELSEWHERE, *WORDS})
"""Fields of a factor that hold one word, flag or sentence."""

FACTOR_COLUMNS = ("factor", *WORDS, *OPTIONS)
LINE_COLUMNS = (
    "factor", "phase", "from", *(
        name for field, begin in SERIES.items() for name in (field, *(f"{begin}{one}" for one in PROVENANCE))
    ),
)  # fmt: skip
OTHER_COLUMNS = ("place", "from", "value", "source", "standing", "value_note")
NO = "no"
HELP = (
    ("lines", "A row of Lines is a factor in a phase: its unit value in pounds and the percentage of it that is notional SEN."),
    ("dates", "Several rows with one factor and phase are its values by date; a row may be added, removed or moved."),
    ("factors", "A factor of Lines needs a row of Factors. where: fsm6, or idaci C, or not eal3; several with commas."),
    ("not printed", "Write not_printed where a paper has no value; leave a cell empty where there is none."),
    ("kept", "What no sheet shows stays as it is in the document that the workbook is read into."),
)  # fmt: skip

Plain = Mapping[str, Any]
Place = tuple[str, ...]


def formula_sheets(document: RuleSet) -> tuple[Sheet, ...]:
    """Return the sheets of a document's schools formula; raise ``PairRefused`` where it has none."""
    if document.schools_formula is None:
        sentence = f"{document.identifier} has no schools formula to write"
        raise PairRefused([Problem(sentence, "no-formula", place=FORMULA)])
    values: Plain = plain(document)
    formula = values[FORMULA]
    factors = formula["factors"]
    about = (
        ("rule set", f"{document.identifier} version {document.version}"),
        ("title", document.title), ("digest", digest(document)), *HELP,
    )  # fmt: skip
    other = ((".".join(place), given) for place, held in other_series(formula) for given in held)
    return (
        Sheet(ABOUT, ("what", "is"), about),
        Sheet(FACTORS, FACTOR_COLUMNS, tuple(_factors(factors))),
        Sheet(LINES, LINE_COLUMNS, tuple(_lines(factors))),
        Sheet(OTHER, OTHER_COLUMNS, tuple(_other(place, given) for place, given in other)),
        Sheet(SOURCES, SOURCE_COLUMNS, tuple(source_rows(values["sources"]))),
    )


def write_formula_workbook(document: RuleSet, file: BinaryIO) -> None:
    """Write a document's schools formula as a workbook; the same document gives the same bytes."""
    write_sheets(formula_sheets(document), file)


def is_series(held: object) -> bool:
    """Return whether a part of a document is a list of dated values."""
    return isinstance(held, list) and bool(held) and all(_is_dated(one) for one in held)


def _is_dated(one: object) -> bool:
    return isinstance(one, dict) and {"from", "value"} <= one.keys()


def other_series(formula: Plain) -> Iterator[tuple[Place, list[Plain]]]:
    """Yield the dated values of a formula that are no line's, each by its place in the formula."""
    for place, held in _every_series(formula, ()):
        of_line = len(place) == 4 and place[0] == "factors" and place[-1] in SERIES  # noqa: PLR2004 - factors, factor, phase, field
        if not of_line:
            yield place, held


def _every_series(part: object, place: Place) -> Iterator[tuple[Place, list[Plain]]]:
    if is_series(part):
        yield place, part  # type: ignore[misc]  # the check says so
    elif isinstance(part, dict):
        for name, one in part.items():
            yield from _every_series(one, (*place, name))
    elif isinstance(part, list):
        for at, one in enumerate(part):
            yield from _every_series(one, (*place, str(at)))


def _factors(factors: Plain) -> Iterator[tuple[str, ...]]:
    for name, factor in factors.items():
        where = ", ".join(_condition(*one) for one in factor.get("where", {}).items())
        options = (_word(factor.get(one)) for one in OPTIONS)
        yield name, factor["label"], factor["counts"], where, *options


def _condition(name: str, held: object) -> str:
    if isinstance(held, bool):
        return name if held else f"not {name}"
    return f"{name} {held}"


def _word(held: object) -> str:
    if isinstance(held, bool):
        return YES if held else NO
    return "" if held is None else str(held)


def _lines(factors: Plain) -> Iterator[tuple[str, ...]]:
    for name, factor in factors.items():
        for phase in PHASES:
            if phase in factor:
                yield from ((name, phase, *cells) for cells in _dates(factor[phase]))


def _dates(line: Plain) -> Iterator[tuple[str, ...]]:
    """Yield the cells of a line for each of its dates, values of one date beside each other; one empty row where it has none."""
    series = {field: line[field] if is_series(line.get(field)) else [] for field in SERIES}
    days = list(dict.fromkeys(one["from"] for held in series.values() for one in held)) or [""]
    for day in days:
        beside = {
            field: [one for one in held if one["from"] == day] for field, held in series.items()
        }
        for at in range(max(1, *map(len, beside.values()))):
            yield day, *(cell for field in SERIES for cell in _cells(beside[field], at))


def _cells(held: Sequence[Plain], at: int) -> tuple[str, ...]:
    one = held[at] if at < len(held) else {}
    return tuple(str(one.get(name, "")) for name in ("value", *PROVENANCE))


def _other(place: str, given: Plain) -> tuple[str, ...]:
    names = ("note" if one == "value_note" else one for one in OTHER_COLUMNS[1:])
    return place, *(str(given.get(name, "")) for name in names)
