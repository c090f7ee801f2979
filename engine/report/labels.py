"""What a report was made from: rules, files, pupils and how they were worked out, as labels."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.candidates import BlockRun, Run
from engine.disclosure import DisclosureProfile
from engine.money import half_away
from engine.report.figures import Figures
from engine.report.subject import subject_of
from engine.report.texts import counted, number_text

SIDES = ("Baseline", "Values are tried in")
MEASURES = {"notional_sen": "notional SEN budgets", "formula": "all that the formula pays"}
Record = Mapping[str, Any]


def warning_of(figures: Figures) -> str:
    """Return for whom the report is."""
    profile = figures.profile
    if profile is None:
        return (
            "For your own eyes only: this report has exact numbers, small ones too. Exact results by authority for many candidates"
            " are personal data."
        )
    return (
        f"Numbers of 1 to {profile.most} pupils are hidden ({profile.symbol}), and others by which they could be worked out."
        f" Amounts are rounded. Authorities are shown for the baseline and a few candidates alone."
    )


def fact_pairs(figures: Figures, record: Record) -> Iterator[tuple[str, str]]:
    """Yield the labels at the head of a report."""
    for word, one in zip(SIDES, record["rule_sets"], strict=False):
        yield word, _rule_set(one)
    if len(record["rule_sets"]) == 1:
        yield SIDES[1], _rule_set(record["rule_sets"][0])
    candidates = record["candidates"]
    yield (
        "Candidates",
        f"{counted(candidates['valued'], 'candidate')} valued, {len(candidates['left_out']) or 'none'} left out",
    )
    number = figures.totals["number"].drop_nulls()
    yield (
        figures.subject.several.capitalize(),
        f"{number[0]:,} counted" if len(number) else figures.lacking,
    )


def _rule_set(one: Record) -> str:
    return (
        f"{one['identifier']} version {one['version']} ({one['standing']}), {one['funding_year']},"
        f" {one['year_kind']} year"
    )


def label_pairs(
    run: BlockRun, record: Record, profile: DisclosureProfile | None = None
) -> Iterator[tuple[str, str]]:
    """Yield all labels of a report: rules with their digests, candidates, pupils by path, files, engine."""
    rule_sets: Sequence[Record] = record["rule_sets"]
    for word, one in zip(SIDES, rule_sets, strict=False):
        yield f"{word}: rule set", _rule_set(one)
        yield f"{word}: values", str(one["values"])
        yield f"{word}: digest", str(one["digest"])
    candidates = record["candidates"]
    yield "Candidates: digest", str(candidates["digest"])
    if "design" in candidates:
        words = [f"{name} {candidates[name]}" for name in ("number", "seed") if name in candidates]
        yield "Candidates: design", ", ".join([str(candidates["design"]), *words])
    yield "National constants", str(candidates["national_constants"])
    if run.of_schools:
        yield "Compared by", MEASURES[run.measure_name]
    if profile is None or not isinstance(run, Run):
        yield f"How {subject_of(run).several} are worked out", run.plan_sentence
    else:
        yield "How pupils are worked out", _plan_shares(run)
    for table, counts in record.get("rows", {}).items():
        apart = sum(int(one["number"]) for one in counts.get("set_apart", ()))
        text = f"{counts['read']:,} read, {counts['valued']:,} valued, {apart:,} set apart"
        yield f"Rows of {table}", text
    if profile is not None:
        yield (
            "Disclosure control",
            f"{profile.identifier} version {profile.version}: {profile.title}",
        )
        yield "Disclosure control: digest", profile.digest
    for one in record["inputs"]:
        rows = f", {number_text(one['rows'])} rows" if one.get("rows") is not None else ""
        yield f"File ({one['part']})", f"{one['name']}{rows}, SHA-256 {one['sha256']}"
    engine = record["engine"]
    yield "Evenband", f"version {engine['version']}, arithmetic {engine['semantics']}"


def _plan_shares(run: Run) -> str:
    """Return how pupils are worked out, in whole per cents of them: numbers may be small ones."""
    plan, parts = run.plan, []
    words = {
        "lanes": "in lanes", "closed_form": "by the closed form", "by_share": "by share of the year", "one_by_one": "one by one",
        "settled": "paid nothing or not known in all",
    }  # fmt: skip
    whole = sum(getattr(plan, name) for name in words)
    for name, said in words.items():
        part = getattr(plan, name)
        share = int(half_away(part * 100, whole)) if whole else 0
        parts.append(f"{share or ('under 1' if part else 'none')}{'%' if part else ''} {said}")
    return ", ".join(parts)
