"""What is looked at before an approval: the cases of a rule set, and that its findings were read."""

from collections.abc import Iterable, Mapping, Sequence

from app.errors import InputRefused
from app.reviews.reading import CaseNames
from app.rule_sets.folder import Folders
from engine.cases import CaseTable, Choices, case_files, case_tables, table_reports
from engine.detectors import Looked
from engine.errors import Problem
from engine.reading import records
from engine.rules import CompiledRules, files_by_identifier

SENT = "cases"
"""The name of the table that is sent with an approval."""

FIRST_ROW = 1


def tried_cases(
    rules: CompiledRules, sent: Sequence[Mapping[str, object]] | None, folders: Folders
) -> CaseNames:
    """Try rules on the cases that were sent, or on those beside the rule set, and return their names.

    Raises ``TableRefused`` where what was sent is no table of cases.
    """
    if sent is not None:
        tables = {SENT: [CaseTable(records(list(sent)), FIRST_ROW)]}
    else:
        tables = _shipped(rules.document.identifier, folders)
    passed, different = list[str](), list[str]()
    for name, of_file in tables.items():
        for report in table_reports(rules, of_file, Choices()):
            wrong = {one.row for one in report.different}
            for row in dict.fromkeys(one.row for one in report.results):
                label = next(one.case for one in report.results if one.row == row)
                words = f"{name}, row {row}" + (f", {label}" if label else "")
                (different if row in wrong else passed).append(words)
    return CaseNames(tuple(passed), tuple(different))


def _shipped(identifier: str, folders: Folders) -> dict[str, list[CaseTable]]:
    return {
        file.name: case_tables(file)[0]
        for folder in folders
        for path in files_by_identifier(folder).get(identifier, ())
        for file in case_files(path)
    }


def refuse_unread(looked: Iterable[Looked], acknowledged: Iterable[str]) -> None:
    """Refuse an approval that does not acknowledge each detector that found something, or names another."""
    finding = {one.detector.name: len(one.findings) for one in looked if one.findings}
    named = list(acknowledged)
    problems = [
        Problem(
            f"{name} found {number}: read what it found in the draft, and name it here",
            "finding",
            place="body.acknowledged",
        )
        for name, number in finding.items()
        if name not in named
    ]
    problems += [
        Problem("is no detector that found something", "finding", place=f"body.acknowledged.{at}")
        for at, name in enumerate(named)
        if name not in finding
    ]
    if problems:
        raise InputRefused(problems=problems)
