"""Any authority's proforma imports and gives back its totals, in every allowed wording."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import TableRefused
from engine.lab.imports.proforma import read_proformas
from engine.lab.imports.proforma_import import import_proforma
from engine.lab.imports.reconciliation import Verdict
from engine.reading import read_table
from engine.rules.load import load_rule_set
from engine.vocabulary import FIXTURES, Standing
from tests.proforma_strategies import CODES, RULES, is_undivided, proformas, row, totals

EXCERPT = FIXTURES / "cases" / "proformas"


def text(value):
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def table(rows, code, name="Somewhere"):
    named = [{"la_code": f"{code:03d}", "la_name": name, **one} for one in rows]
    return pl.DataFrame([{key: text(value) for key, value in one.items()} for one in named])


def imported(rows, code=925, name="Somewhere", **chosen):
    """Return rows imported beside the totals that their lines come to."""
    formula, notional, _ = totals(rows)
    printed = dict.fromkeys(RULES.totals.values(), "")
    printed |= {"la_code": f"{code:03d}", RULES.totals["formula"]: text(formula)}
    printed |= {RULES.totals["notional"]: text(notional), **chosen}
    (one,) = read_proformas(table(rows, code, name), pl.DataFrame([printed]), RULES)
    return import_proforma(one, RULES)


@given(st.sampled_from(CODES), proformas())
def test_whatever_a_proforma_holds_is_imported_and_gives_its_totals(code, drawn):
    rows, chosen = drawn
    reconciliation = imported(rows, code, **chosen).reconciliation
    undivided = any(map(is_undivided, totals(rows)[2].values()))
    assert reconciliation.verdict is (Verdict.not_split if undivided else Verdict.holds)


def camden(**changed):
    """Return Camden's rows, with the cells of some factors' lines changed by phase."""
    frame = read_table(EXCERPT / "lines.csv").filter(pl.col("la_code") == "202")
    rows = []
    for one in frame.drop("la_code", "la_name").iter_rows(named=True):
        cells = changed.get(one["factor"], {})
        rows.append({**one, **cells.get("every", {}), **cells.get(one["phase"], {})})
    for one in rows:
        for name in ("unit_value", "units", "subtotal", "notional_sen_pct"):
            one[name] = Decimal(one[name]) if isinstance(one[name], str) and one[name] else None
    return sorted(rows, key=lambda one: one["line_role"] == "combined")


def rules_of(one):
    return load_rule_set(one.text)


def test_every_authority_of_the_year_is_known_by_its_code():
    assert len(CODES) == 152
    assert {835, 836, 837, 909, 921, 928, 929, 931, 933, 935, 937} <= set(CODES)


def test_the_rows_of_one_authority_are_read_for_any_other():
    frames = [table(camden(), code, f"Authority of {code}") for code in CODES]
    assert [one.code for one in read_proformas(pl.concat(frames), None, RULES)] == CODES


@pytest.mark.parametrize("code", [201, 825, 835, 837, 881, 909, 919, 929])
def test_the_rows_of_one_authority_serve_for_another(code):
    one = imported(camden(), code, name=f"Authority of {code}")
    assert one.reconciliation.verdict is Verdict.holds
    assert rules_of(one).authority.code == f"{code:03d}"


@pytest.mark.parametrize("variant", ["fsm", "fsm6"])
def test_free_meals_are_counted_as_the_variant_says(variant):
    rows = camden()
    for one in rows:
        if one["factor"] in {"fsm", "fsm6"}:
            one["variant"] = variant
    one = imported(rows)
    factors = rules_of(one).schools_formula.factors
    assert getattr(factors[variant].where, variant) is True
    assert len({"fsm", "fsm6"} & set(factors)) == 1
    assert one.reconciliation.verdict is Verdict.holds


def test_free_meals_counted_now_in_one_phase_and_in_six_years_in_another_are_refused():
    rows = camden()
    primary = next(one for one in rows if one["factor"] == "fsm6" and one["phase"] == "primary")
    primary["variant"] = "fsm"
    with pytest.raises(TableRefused, match="does not match the factor of its row"):
        imported(rows)


@pytest.mark.parametrize("variant", ["eal1", "eal2", "eal3", "not_used"])
def test_a_choice_of_years_in_school_is_said_beside_the_factor(variant):
    one = imported(camden(eal={"every": {"variant": variant}}))
    note = rules_of(one).schools_formula.factors["eal"].note or ""
    assert ("pupil records hold the first three" in note) is (variant in {"eal1", "eal2"})
    assert one.reconciliation.verdict is Verdict.holds


SPARSITY = {
    "primary": {"variant": "tapered", "unit_value": "26000", "notional_sen_pct": "0.1"},
    "secondary": {"variant": "fixed", "unit_value": "100000", "notional_sen_pct": "0.1"},
    "middle": {"variant": "tapered", "unit_value": "50000"},
    "all_through": {"variant": "fixed", "unit_value": "0"},
    "all": {"subtotal": "545053"},
}
THRESHOLDS = {
    "sparsity_primary_distance_miles": "2",
    "sparsity_primary_year_group_size": "8.57143",
    "sparsity_secondary_distance_miles": "3",
    "sparsity_secondary_year_group_size": "120",
}


def sparsity(**more):
    return imported(camden(sparsity=SPARSITY), **THRESHOLDS, **more)


def test_sparsity_is_worked_out_by_the_thresholds_that_are_printed():
    factor = rules_of(sparsity()).schools_formula.factors["sparsity"]
    tapered, fixed = factor.primary.sparsity, factor.secondary.sparsity
    assert (tapered.pupils_per_year, tapered.full_below, tapered.miles) == ("8.57143", "0", "2")
    assert (fixed.pupils_per_year, fixed.full_below, fixed.miles) == ("120", "120", "3")
    assert factor.all_through is None


def test_a_threshold_that_is_not_printed_is_named_and_not_passed_for_printed():
    factor = rules_of(sparsity()).schools_formula.factors["sparsity"]
    assert factor.middle.sparsity.pupils_per_year == "69.2"
    assert "unconfirmed" in factor.note
    assert "middle 2 miles, 69.2 pupils a year group" in factor.note
    assert "primary" not in factor.note
    assert "secondary" not in factor.note


def test_a_share_that_a_phase_does_not_print_is_that_of_the_others_unconfirmed():
    factor = rules_of(sparsity()).schools_formula.factors["sparsity"]
    given_share, taken = factor.primary.notional_percent[0], factor.middle.notional_percent[0]
    assert (given_share.value, given_share.standing) == ("10", Standing.verified)
    assert (taken.value, taken.standing) == ("10", Standing.unconfirmed)


def test_sparsity_printed_in_one_amount_is_kept_and_reconciles():
    one = sparsity()
    assert one.table["amount_sparsity"].to_list() == ["545053.00"]
    assert one.reconciliation.verdict is Verdict.holds


def test_sparsity_without_a_sum_for_a_school_stays_an_amount():
    lines = {phase: {"unit_value": "0"} for phase in SPARSITY} | {"all": {"subtotal": "29906.5"}}
    one = imported(camden(sparsity=lines))
    factor = rules_of(one).schools_formula.factors["sparsity"]
    assert (factor.counts, factor.all.sparsity) == ("amount", None)
    assert one.reconciliation.verdict is Verdict.holds


def test_an_authority_of_the_fringe_has_its_schools_bring_a_multiplier():
    one = imported(camden(london_fringe={"all": {"subtotal": "1034980"}}), code=825)
    document = rules_of(one)
    assert document.schools_formula.fringe
    assert "london_fringe" not in document.schools_formula.factors
    assert not document.schools_formula.factors["rates"].in_fringe
    assert "unconfirmed" in document.about
    assert 1 < float(one.table["london_fringe"][0]) < 2
    assert one.reconciliation.verdict is Verdict.holds


def test_a_notional_part_of_the_fringe_that_has_no_line_is_said_in_words():
    rows = camden(london_fringe={"all": {"subtotal": "1034980", "notional_sen_pct": "0.18"}})
    printed = text(totals(rows)[1])
    for one in rows:
        if one["factor"] == "london_fringe":
            one["notional_sen_pct"] = None
    found = imported(rows, code=881, **{RULES.totals["notional"]: printed}).reconciliation
    assert found.verdict is Verdict.fringe
    assert "of the fringe uplift, whose notional part has no line" in found.sentence
    assert "18.0" in found.sentence
    assert "At the mean multiplier of its schools" in found.sentence


def test_a_fringe_uplift_with_a_share_of_its_own_is_an_amount_like_any_other():
    fringe = {"all": {"subtotal": "1034980", "notional_sen_pct": "0.18"}}
    one = imported(camden(london_fringe=fringe))
    assert not rules_of(one).schools_formula.fringe
    assert one.reconciliation.verdict is Verdict.holds


def test_reception_uplift_is_kept_and_its_pupils_are_not_counted_twice():
    chosen = {"reception_uplift": "yes", "reception_uplift_pupil_units": "37.42"}
    one = imported(camden(), **chosen)
    document = rules_of(one)
    assert document.schools_formula.reception_uplift
    assert "37.42 pupils already: unconfirmed" in document.about
    assert "reception_difference" not in one.table.columns
    assert one.reconciliation.verdict is Verdict.holds


def test_an_exceptional_circumstance_is_named_as_the_authority_calls_it():
    typed = {"all": {"subtotal": "144920", "source_label": "Rents"}}
    one = imported(camden(exceptional_6=typed))
    assert "calls it: Rents." in rules_of(one).schools_formula.factors["exceptional_6"].note
    assert one.reconciliation.verdict is Verdict.holds


def test_an_authority_with_no_secondary_school_is_imported():
    nothing = {"unit_value": "", "units": "0", "subtotal": "0", "notional_sen_pct": ""}
    not_exported = {"unit_value": "", "notional_sen_pct": ""}
    names = {one["factor"] for one in camden() if one["phase"] in {"ks3", "secondary"}}
    none = {name: dict.fromkeys(("ks3", "ks4", "secondary"), nothing) for name in names}
    together = ("lump_sum", "sparsity", "exceptional_1_amalgamation_lump_sum")
    none |= {name: {"secondary": {**nothing, **not_exported, "subtotal": ""}} for name in together}
    none["lump_sum"]["primary"] = {"notional_sen_pct": "0.1"}
    rows = camden(**none)
    for whole in (one for one in rows if one["line_role"] == "combined"):
        parts = [one["subtotal"] for one in rows if one["factor"] == whole["factor"]][:-1]
        whole["subtotal"] = sum(parts) if None not in parts else whole["subtotal"]
    one = imported(rows, code=201)
    lines = dict(rules_of(one).schools_formula.factors["basic_entitlement"].lines())
    assert set(lines) == {"primary"}
    assert one.reconciliation.verdict is Verdict.holds


def test_shares_of_a_lump_sum_that_differ_leave_it_not_supplied():
    shares = {"primary": {"notional_sen_pct": "0.1"}, "secondary": {"notional_sen_pct": "0.2"}}
    one = imported(camden(lump_sum=shares))
    assert one.reconciliation.verdict is Verdict.not_split
    assert one.table["amount_lump_sum_primary"].to_list() == [""]


def test_a_lump_sum_of_one_phase_is_that_phases_whatever_the_other_shares():
    lump_sums = {
        "primary": {"notional_sen_pct": "0.1"},
        "secondary": {"unit_value": "0", "notional_sen_pct": ""},
    }
    one = imported(camden(lump_sum=lump_sums))
    assert one.table["amount_lump_sum_secondary"].to_list() == ["0.00"]
    assert one.reconciliation.verdict is Verdict.holds


def test_an_empty_share_and_one_of_nothing_are_the_same_lump_sum():
    shares = {"primary": {"notional_sen_pct": ""}, "secondary": {"notional_sen_pct": "0"}}
    assert imported(camden(lump_sum=shares)).reconciliation.verdict is Verdict.holds


def test_two_authorities_of_one_name_keep_documents_of_their_own():
    frames = [table(camden(), code, "Dorset") for code in (835, 838)]
    found = read_proformas(pl.concat(frames), None, RULES)
    identifiers = [import_proforma(one, RULES).identifier for one in found]
    assert identifiers == ["dorset-835-2017-18", "dorset-838-2017-18"]


def test_an_authority_whose_pupils_no_line_counts_is_refused_by_name():
    with pytest.raises(TableRefused, match="Somewhere has no line of basic_entitlement"):
        imported([row("rates", "all", subtotal=Decimal(5))])
