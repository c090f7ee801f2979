"""The report of a run of candidates: what it says, in order."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.candidates import BlockRun
from engine.candidates.few import spaced
from engine.candidates.summary import Summary
from engine.export.candidates import left_out_records
from engine.report.areas import area_sections
from engine.report.choice import Choice
from engine.report.cliffs import cliff_section
from engine.report.figures import Figures
from engine.report.front import front_sections
from engine.report.labels import fact_pairs, label_pairs, warning_of
from engine.report.parts import Report, Section, Table
from engine.report.paths import PathNames
from engine.report.people import people_sections
from engine.report.texts import change_text, counted, number_text, percent_text, pounds_text

MOST_BARS = 12
"""Candidates whose winners and losers have bars."""

MOST_REASONS = 50
"""Candidates that were left out and are named."""


def report_of(
    run: BlockRun,
    summary: Summary,
    figures: Figures,
    choice: Choice,
    title: str,
    record: Mapping[str, Any],
) -> Report:
    """Return what a report says of a run of candidates.

    record  what a manifest says of rules, inputs, candidates and the engine
    """
    paths, keeps = PathNames.of(run.candidates), summary.figures.keeps & summary.valued
    order = _by_cost(summary, choice)
    rules = [run.baseline, *([] if run.varied is run.baseline else [run.varied])]
    priced = [] if run.of_schools else rules
    sections = [
        _in_short(summary, figures, choice, paths),
        *front_sections(figures, choice, paths, keeps),
        *people_sections(figures, choice, paths, order),
        *area_sections(figures, choice, paths),
        cliff_section(priced, figures, choice, paths),
        _left_out(summary, public=figures.profile is not None),
        _all(summary, figures, choice, paths),
    ]
    before, tried = run.baseline.document.title, run.varied.document.title
    under = f"Baseline: {before}. Values are tried in: {tried}."
    labels = tuple(label_pairs(run, record, figures.profile))
    facts = tuple(fact_pairs(figures, record))
    return Report(title, under, warning_of(figures), facts, sections, labels)


def _by_cost(summary: Summary, choice: Choice) -> list[int]:
    """Return the few and some others, spaced evenly by cost, the cheapest first."""
    valued = np.flatnonzero(summary.valued)
    total = summary.figures.total
    some = spaced(valued[np.argsort(total[valued], kind="stable")], MOST_BARS)
    shown = np.unique(np.r_[some, choice.few]).astype(np.int64)
    return [int(one) for one in shown[np.argsort(total[shown], kind="stable")]]


def _in_short(summary: Summary, figures: Figures, choice: Choice, paths: PathNames) -> Section:
    valued, keeps = summary.valued, summary.valued & summary.figures.keeps
    names, lacking = [], figures.lacking
    sentences = [
        (
            f"{counted(int(valued.sum()), 'candidate')} valued; {number_text(int(keeps.sum()))} keep to the constraints of the document;"
            f" {len(summary.left_out) or 'none'} left out."
        ),
        "Amounts are a year's, to the nearest pound; files of the same run have the pennies."
        if figures.profile is None
        else "Amounts are a year's, rounded.",
    ]
    for at in choice.few:
        own = figures.of(at)
        names.append(
            (
                choice.letter(at), paths.candidates.name(at), *paths.cells(at), pounds_text(own["before"], lacking),
                pounds_text(own["after"], lacking), change_text(own["change"], lacking),
            )
        )  # fmt: skip
    heads = ("Letter", "Candidate", *paths.names, "Baseline", "Cost", "Change")
    tables = [Table("The candidates that have a letter in this report", heads, names, words=2)]
    varies = paths.table()
    return Section("summary", "In short", sentences, (), [*tables, *([varies] if varies else [])])


def _left_out(summary: Summary, *, public: bool) -> Section:
    number = len(summary.left_out)
    if not number:
        return Section("left-out", "What was left out", ["No candidate was left out."])
    sentences = [f"{counted(number, 'candidate')} could not be valued."]
    records = left_out_records(summary, public=public)
    reasons = Counter(one["reason"] for one in records)
    if number > MOST_REASONS:
        rows = [(reason, number_text(many)) for reason, many in reasons.most_common(MOST_REASONS)]
        table = Table(
            "Reasons, by number of candidates; the manifest names them all",
            ("Reason", "Candidates"),
            rows,
        )
    else:
        rows = [(one["candidate"], one["reason"]) for one in records]
        table = Table(
            "Candidates that were left out, and why", ("Candidate", "Reason"), rows, words=2
        )
    return Section("left-out", "What was left out", sentences, (), [table])


def _all(summary: Summary, figures: Figures, choice: Choice, paths: PathNames) -> Section:
    lacking, rows, shares = figures.lacking, [], figures.shares
    constrained = figures.profile is None and not (summary.figures.keeps | ~summary.valued).all()
    measures = (shares.loss, shares.spread) if shares.known.any() else ()
    for row in choice.listed:
        own, at = figures.of(row), figures.places[row]
        cells = [
            choice.title(row, paths.candidates), *paths.cells(row), pounds_text(own["after"], lacking),
            change_text(own["change"], lacking), number_text(own["winners"], lacking),
            number_text(own["losers"], lacking),
            *(percent_text(int(one[at])) if shares.known[at] else lacking for one in measures),
        ]  # fmt: skip
        if constrained:
            cells.append("yes" if summary.figures.keeps[row] else "no")
        rows.append(cells)
    heads = ["Candidate", *paths.names, "Cost", "Change", "Winners", "Losers"]
    heads += ["Loss", "Spread"] if measures else []
    heads += ["Keeps"] if constrained else []
    number = int(summary.valued.sum())
    caption = "Every candidate that was valued"
    if len(rows) < number:
        caption = f"{len(rows):,} of the {number:,} candidates: the cheapest and the front; a file of the run has them all"
    about = f"Loss is the largest share that any {shares.area} loses, spread how far the highest and the lowest change are apart."
    return Section("all", "Every candidate", [about], (), [Table(caption, heads, rows)])
