"""A what-if with the published number changes nothing: over every number of every published rule set."""

from decimal import Decimal

import pytest

from engine.compare import compare
from engine.errors import Refusal
from engine.export import change_totals
from engine.rules.compile_what_if import compile_what_if
from engine.rules.override import what_if
from engine.rules.paths import Kind, Paths
from tests.rule_library import RULE_FILES, compiled, document
from tests.whole_tables import figures, outcome, valued


def numbers(name: str) -> list[tuple[str, str, Kind]]:
    """Return every path by name, the number in force on the first day, and what kind it is."""
    published = document(name)
    paths, day = Paths(published), published.effective.first.isoformat()
    found = []
    for path, kind in paths.every():
        if kind is not Kind.dated:
            found.append((paths.name(path), paths.number_of(path), kind))
            continue
        begun = [one["value"] for one in paths.at(path) if one["from"] <= day]
        found += [(paths.name(path), begun[-1], kind)] if begun else []
    return found


@pytest.mark.slow_without_jit
@pytest.mark.parametrize("name", RULE_FILES)
def test_law_1_the_number_in_force_tried_pays_everybody_the_same(name):
    before = valued(name, compiled(name))
    for path, number, _ in numbers(name):
        assert valued(name, compile_what_if(document(name), [(path, number)])) == before, path


@pytest.mark.parametrize("name", RULE_FILES)
def test_law_1_all_numbers_in_force_tried_at_once_give_the_same_amounts_and_working(name):
    tried, seen = [], set()
    for path, number, _ in numbers(name):
        # A cut-off is said on both its sides, and tried by one of them.
        [trial] = what_if(document(name), [(path, number)]).trials
        sides = {one.path for one in trial.replaced}
        if not sides & seen:
            tried.append((path, f"{number}.00" if _is_pounds(path, number) else number))
            seen |= sides
    rules = compile_what_if(document(name), tried)
    assert [one.place for one in rules.trials] == [path for path, _ in tried]
    assert valued(name, rules) == valued(name, compiled(name))
    assert figures(name, rules) == figures(name, compiled(name))


def _is_pounds(path: str, number: str) -> bool:
    """Return whether a number may be spelled with pence too: it is the same number then."""
    return path.endswith(".pounds") and "." not in number


@pytest.mark.parametrize("name", ["toy-2025-26", "herefordshire-2025-26", "northumberland-2015-16"])
def test_law_1_a_comparison_says_nothing_for_everybody(name):
    tried = [(path, number) for path, number, kind in numbers(name) if kind is Kind.dated]
    before = outcome(name, compiled(name))
    after = outcome(name, compile_what_if(document(name), tried))
    totals = change_totals(compare(before, after)).frame
    assert set(totals["change"].drop_nulls().to_list()) == {0}
    assert totals["winners"].sum() == totals["losers"].sum() == 0


FEW_PUPILS = {"devon-special-schools-2023-24", "telford-and-wrekin-2025-26"}
"""Rule sets with more schools or bands than the few hundred pupils of these tests are in."""


@pytest.mark.slow_without_jit
@pytest.mark.parametrize("name", sorted(set(RULE_FILES) - FEW_PUPILS))
def test_another_number_than_the_published_one_changes_what_is_paid(name):
    """So that the law is not one of paths that nothing reads: a fifth may be of rules that no row here meets."""
    before = valued(name, compiled(name))
    dated = [(path, number) for path, number, kind in numbers(name) if kind is Kind.dated]
    same = [path for path, number in dated if not _changes(name, path, number, before)]
    assert len(same) <= max(1, len(dated) // 5), same


def _changes(name: str, path: str, number: str, before: list[object]) -> bool:
    """Return whether some other number at a path changes anything that is paid."""
    for factor in ("1.1", "2", "0.5"):
        other = Decimal(number) * Decimal(factor) + (not Decimal(number))
        text = str(int(other)) if "." not in number else f"{other:.2f}"
        try:
            tried = compile_what_if(document(name), [(path, text)])
        except Refusal:
            continue
        if valued(name, tried) != before:
            return True
    return False
