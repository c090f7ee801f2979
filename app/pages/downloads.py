"""The working as CSV and as a workbook: one row for each row of the page."""

import io
from collections.abc import Iterator
from dataclasses import dataclass

from app.pages.result import Result
from app.pages.words import span_words, year_words
from engine.explain import Working, calls_workings
from engine.export import (
    ALONE,
    Format,
    Front,
    file_metadata,
    rows_as_bytes,
    rows_of,
    rules_record,
    with_rules,
    with_total,
    write_workbook,
)
from engine.modules.targeted import TargetedStatement
from engine.rows import Rows
from engine.rules import CompiledRules
from engine.run import SEMANTICS


@dataclass(frozen=True, slots=True)
class TakenAway:
    """What a file holds: workings, the rules, and notes on them."""

    rules: CompiledRules
    parts: tuple[Working, ...]
    about: tuple[tuple[str, str], ...]
    title: str = "Notional SEN budget"


def of_result(result: Result) -> TakenAway:
    """Return the working of a budget, its totals, and its check."""
    check = calls_workings(result.rules, result.calls, result.targeted)
    return TakenAway(result.rules, (*with_total(result.explanation), *check), tuple(_about(result)))


def as_csv(taken: TakenAway) -> bytes:
    """Return the working as CSV; what is not known is empty."""
    return rows_as_bytes(_rows(taken), Format.csv)


def as_workbook(taken: TakenAway) -> bytes:
    """Return the working as an XLSX workbook: what it answers first, then its rows."""
    held = io.BytesIO()
    told = file_metadata({"rule_sets": [rules_record(taken.rules, ())]})
    front = Front(taken.title, (*taken.about, *_rule_set(taken.rules)))
    write_workbook(_rows(taken), held, told, front)
    return held.getvalue()


def _rows(taken: TakenAway) -> Rows:
    """Return the rows, each with the rules that it is of: what is downloaded has no manifest."""
    return with_rules(rows_of(taken.parts), [rules_record(taken.rules, ())], ALONE)


def _about(result: Result) -> Iterator[tuple[str, str]]:
    missing = result.school.missing
    yield "Complete", "no" if missing else "yes"
    yield "Not known", "; ".join(missing) or "nothing"
    yield from about_extra(result.targeted)
    yield "Rounding", result.explanation.sentence


def about_extra(targeted: TargetedStatement | None) -> Iterator[tuple[str, str]]:
    """Yield why extra funding is not worked out, where it is not."""
    if targeted is not None and targeted.missing is not None:
        yield targeted.rule.label, f"not worked out: {targeted.missing}"


def _rule_set(rules: CompiledRules) -> Iterator[tuple[str, str]]:
    document = rules.document
    yield "Rules", document.title
    yield "Year", f"{year_words(document)}, {span_words(document)}"
    yield "Standing of the rules", document.standing.value
    yield "Rule set", f"{document.identifier}, version {document.version}"
    yield "Reference of the rules (digest)", rules.digest
    yield "Version of the calculation", str(SEMANTICS)
