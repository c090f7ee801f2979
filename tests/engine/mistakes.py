"""Documents as text, and mistakes that one may have: what is written, what in its place, and where that is refused."""

_TOP_UPS = """\
format: evenband-rules/1
identifier: example-2025-26
version: 1
title: Top-ups
funding_year: "2025-26"
year_kind: financial
effective: {first: 2025-04-01, last: 2026-03-31}
standing: proposed
about: Three bands.
blank_means_none: [secondary_need]
authority: {code: "303", name: Somewhere}
sources:
  page: {title: Top-up funding}
provenance: {source: page}
band_profile:
  bands: [A, B, C]
  assignment: ASSIGN
  tariff:
    unit_value: "10"
    area_cost_adjustment: {rows: [{when: {la: ["303"]}, value: "1.01"}, {value: "1"}]}
    uprating_percent: [{from: 2025-04-01, value: "0"}, {from: 2025-09-01, value: "3.4"}]
    prices:
      - {band: A, pounds: {rows: [{when: {setting: [special]}, value: "3650"}, {when: {primary_need: [ASD]}, value: "3651"}, {value: "3640"}]}}
      - {band: B, when: {setting: [mainstream]}, pounds: "7300"}
      - {band: B, units: "20", times_a_year: 3, fraction: "2/3"}
      - {band: C, when: {support_hours: ["20-30"]}, pounds_each: "600", each: support_hours, each_above: "13", each_up_to: "25"}
      - {band: C, staffing: {adults: [{role: Teacher, salary: "40000", number: "1"}], pupils: "8"}}
    modifiers:
      - {label: More, band: B, when: {primary_need: [HI]}, pounds: "100"}
      - {label: Less, when: {phase: [primary]}, percent: {rows: [{when: {year_group: ["1-3"]}, value: "2"}], otherwise: none}}
top_up_rule:
  pays_when: {sen_provision: [E]}
  part_time: {full_time_hours: "25"}
  threshold: {pounds: {rows: [{when: {la: ["303"]}, value: "6000"}, {value: "5000"}]}, inside: true, settings: [mainstream]}
  protection: {until: 2026-03-31, pupil_percent: "90", school_percent: "95"}
  backdating: {weeks: 20}
  floor: "100"
  cap: {rows: [{when: {setting: [mainstream]}, value: "60000"}], otherwise: none}
  calendar:
    source: page
    standing: proposed
    periods:
      - {name: Summer, first: 2025-04-01, last: 2025-08-31, presence: calendar_days}
      - {name: Rest, first: 2025-09-01, last: 2026-03-31, presence: calendar_days}
targeted_funding: {label: Extra, pattern: tiers, threshold: "6000", tiers: [{consumed_percent: "50", paid_percent: "50"}, {consumed_percent: "100", paid_percent: "80"}]}
"""

ASSIGNMENTS = {
    "given": "{label_given: true}",
    "conversion": "{conversion: {One: A, Two: B, Three: C}}",
    "points": "{points: {dimensions: {talk: {highest: 4}}, steps: [{band: A, from: 0, to: 2}, {band: B, from: 3, to: 3, when: {setting: [special]}}, {band: C, from: 3, to: 3, when: {setting: [mainstream, resourced_provision, independent_special, elsewhere, hospital]}}, {band: C, from: 4, to: 4}], gaps: true}}",
    "table": "{table: {hit_policy: first, inputs: [setting, primary_need, score], rows: [{when: {setting: [special]}, band: A}, {when: {primary_need: [ASD]}, band: B}, {when: {score: '1-9'}, band: A}, {band: C}], covers: {score: '0-20'}}}",
}  # fmt: skip

OF_TOP_UPS = {
    "authority code": ('code: "303"', 'code: "999"', "authority"),
    "blank": ("[secondary_need]", "[surname]", "blank_means_none.0"),
    "bands symbol": ("bands: [A, B, C]", "bands: [A, B, C, x]", "band_profile.bands.3"),
    "bands dup": ("bands: [A, B, C]", "bands: [A, B, C, B]", "band_profile.bands.3"),
    "unit value otherwise": ('unit_value: "10"', 'unit_value: {rows: [{value: "10"}], otherwise: none}', "band_profile.tariff.unit_value.otherwise"),
    "unit value cond": ('unit_value: "10"', 'unit_value: {rows: [{when: {setting: [x]}, value: "10"}]}', "band_profile.tariff.unit_value.rows.0.when.setting"),
    "no unit value": ('    unit_value: "10"\n', "", "band_profile.tariff"),
    "aca la": ('la: ["303"]}, value: "1.01"', 'la: ["99"]}, value: "1.01"', "band_profile.tariff.area_cost_adjustment.rows.0.when.la"),
    "aca value": ('value: "1.01"', 'value: "11"', "band_profile.tariff.area_cost_adjustment.rows.0.value"),
    "uprating order": ('{from: 2025-09-01, value: "3.4"}', '{from: 2025-04-01, value: "3.4"}', "band_profile.tariff.uprating_percent.1.from"),
    "a table can be none": ('value: "3640"}]}', 'value: "3640"}], otherwise: none}', "band_profile.tariff.prices.0.pounds.otherwise"),
    "a row's code": ('{setting: [special]}, value: "3650"', '{setting: [specail]}, value: "3650"', "band_profile.tariff.prices.0.pounds.rows.0.when.setting"),
    "another row's code": ('{primary_need: [ASD]}, value: "3651"', '{primary_need: [ASC]}, value: "3651"', "band_profile.tariff.prices.0.pounds.rows.1.when.primary_need"),
    "p0 cond1 name": ('{primary_need: [ASD]}, value: "3651"', '{primary_ned: [ASD]}, value: "3651"', "band_profile.tariff.prices.0.pounds.rows.1.when.primary_ned"),
    "p0 value": ('value: "3640"', 'value: "3,640"', "band_profile.tariff.prices.0.pounds.rows.2.value"),
    "p0 value big": ('value: "3640"', 'value: "3.641"', "band_profile.tariff.prices.0.pounds.rows.2.value"),
    "p1 cond": ('{setting: [mainstream]}, pounds: "7300"', '{setting: [main]}, pounds: "7300"', "band_profile.tariff.prices.1.when.setting"),
    "p1 la": ('{setting: [mainstream]}, pounds: "7300"', '{la: ["303"]}, pounds: "7300"', "band_profile.tariff.prices.1.when.la"),
    "a price twice": ('pounds: "7300"', 'pounds: "7300", assessed_cost: true', "band_profile.tariff.prices.1"),
    "p1 band": ("{band: B, when: {setting: [mainstream]}", "{band: D, when: {setting: [mainstream]}", "band_profile.tariff.prices.1.band"),
    "p2 units each": ('units: "20",', 'units: "20", each: hours,', "band_profile.tariff.prices.2"),
    "p2 times": ("times_a_year: 3", "times_a_year: 400", "band_profile.tariff.prices.2.times_a_year"),
    "p2 fraction": ('fraction: "2/3"', 'fraction: "0.5"', "band_profile.tariff.prices.2.fraction"),
    "p3 range": ('["20-30"]', '["30-20"]', "band_profile.tariff.prices.3.when.support_hours"),
    "p3 up to": ('each_up_to: "25"', 'each_up_to: "12"', "band_profile.tariff.prices.3.each_up_to"),
    "p3 no each": ("each: support_hours, ", "", "band_profile.tariff.prices.3"),
    "p4 pupils": ('pupils: "8"', 'pupils: "0"', "band_profile.tariff.prices.4.staffing"),
    "p4 salary": ('salary: "40000"', 'salary: "40,000"', "band_profile.tariff.prices.4.staffing.adults.0.salary"),
    "p4 number": ('number: "1"', "number: one", "band_profile.tariff.prices.4.staffing.adults.0.number"),
    "a modifier's code": ("[HI]", "[HEAR]", "band_profile.tariff.modifiers.0.when.primary_need"),
    "m0 both": ('pounds: "100"}', 'pounds: "100", percent: "3"}', "band_profile.tariff.modifiers.0"),
    "m0 band": ("More, band: B", "More, band: Z", "band_profile.tariff.modifiers.0.band"),
    "m1 cond": ("{phase: [primary]}", "{phase: [prim]}", "band_profile.tariff.modifiers.1.when.phase"),
    "m1 row cond": ('["1-3"]', '["3-1"]', "band_profile.tariff.modifiers.1.percent.rows.0.when.year_group"),
    "m1 row value": ('value: "2"}', 'value: "200"}', "band_profile.tariff.modifiers.1.percent.rows.0.value"),
    "m1 otherwise": ('value: "2"}], otherwise: none', 'value: "2"}], otherwise: null_', "band_profile.tariff.modifiers.1.percent.otherwise"),
    "pays": ("{sen_provision: [E]}", "{sen_provision: [F]}", "top_up_rule.pays_when.sen_provision"),
    "full time": ('full_time_hours: "25"', 'full_time_hours: "twenty"', "top_up_rule.part_time.full_time_hours"),
    "threshold la": ('la: ["303"]}, value: "6000"', 'la: ["000"]}, value: "6000"', "top_up_rule.threshold.pounds.rows.0.when.la"),
    "threshold setting": ("settings: [mainstream]", "settings: [main]", "top_up_rule.threshold.settings.0"),
    "protection": (', pupil_percent: "90", school_percent: "95"', "", "top_up_rule.protection"),
    "weeks": ("weeks: 20", "weeks: 0", "top_up_rule.backdating.weeks"),
    "floor": ('floor: "100"', 'floor: "1oo"', "top_up_rule.floor"),
    "cap cond": ('{setting: [mainstream]}, value: "60000"', '{setting: [mainly]}, value: "60000"', "top_up_rule.cap.rows.0.when.setting"),
    "calendar gap": ("first: 2025-09-01, last", "first: 2025-09-02, last", "top_up_rule.calendar.periods.1.first"),
    "calendar presence": ("last: 2025-08-31, presence: calendar_days", "last: 2025-08-31, presence: days", "top_up_rule.calendar.periods.0.presence"),
    "target pattern": ("pattern: tiers", "pattern: tears", "targeted_funding.pattern"),
    "target needs": ("pattern: tiers", "pattern: gap", "targeted_funding"),
    "target tiers": ('consumed_percent: "100"', 'consumed_percent: "40"', "targeted_funding.tiers"),
    "target threshold": ('pattern: tiers, threshold: "6000"', 'pattern: tiers, threshold: "-1"', "targeted_funding.threshold"),
    "source": ("provenance: {source: page}", "provenance: {source: pagge}", "provenance.source"),
    "standing": ("standing: proposed\nabout", "standing: propsed\nabout", "standing"),
    "year": ('funding_year: "2025-26"', 'funding_year: "2024-25"', "effective"),
    "uprating nearest": ("    uprating_percent", '    uprated_to_nearest: "x"\n    uprating_percent', "band_profile.tariff.uprated_to_nearest"),
    "p1 later": ('pounds: "7300"', 'pounds: [{from: 2025-06-01, value: "7300"}]', "band_profile.tariff.prices.1.pounds"),
    "p0 row later": ('value: "3640"', 'value: [{from: 2025-06-01, value: "3640"}]', "band_profile.tariff.prices.0.pounds.rows.2.value"),
    "unit later": ('unit_value: "10"', 'unit_value: [{from: 2025-06-01, value: "10"}]', "band_profile.tariff.unit_value"),
    "p1 never": ('pounds: "7300"', 'pounds: [{from: 2026-06-01, value: "7300"}]', "band_profile.tariff.prices.1.pounds.0"),
}  # fmt: skip

OF_ASSIGNMENTS = {
    "given": {
        "two forms": ("{label_given: true}", "{label_given: true, conversion: {One: A}}", "band_profile.assignment"),
        "panel": ("{label_given: true}", "{label_given: true, panel_may_decide: true}", "band_profile.assignment"),
    },
    "conversion": {
        "conv band": ("One: A", "One: D", "band_profile.assignment.conversion.One"),
        "conv empty": ("{conversion: {One: A, Two: B, Three: C}}", "{}", "band_profile.assignment"),
    },
    "points": {
        "step band": ("{band: A, from: 0", "{band: Q, from: 0", "band_profile.assignment.points.steps.0.band"),
        "step order": ("to: 2}", "to: -1}", "band_profile.assignment.points.steps.0.to"),
        "step order2": ("from: 0, to: 2}", "from: 2, to: 0}", "band_profile.assignment.points.steps.0"),
        "step when": ("{setting: [special]}}, {band: C", "{setting: [spec]}}, {band: C", "band_profile.assignment.points.steps.1.when.setting"),
        "overlap": ("to: 2}", "to: 3}", "band_profile.assignment.points.steps.0"),
        "highest": ("{highest: 4}", "{highest: 0}", "band_profile.assignment.points.dimensions.talk.highest"),
        "unknown field": ("gaps: true}", "gap: true}", "band_profile.assignment.points.gap"),
    },
    "table": {
        "row cond": ("{setting: [special]}, band: A", "{setting: [spec]}, band: A", "band_profile.assignment.table.rows.0.when.setting"),
        "row undeclared": ("{setting: [special]}, band: A", "{phase: [primary]}, band: A", "band_profile.assignment.table.rows.0.when.phase"),
        "row band": ("{score: '1-9'}, band: A", "{score: '1-9'}, band: X", "band_profile.assignment.table.rows.2.band"),
        "covers": ("covers: {score: '0-20'}", "covers: {score: '20-0'}", "band_profile.assignment.table.covers.score"),
        "policy": ("hit_policy: first", "hit_policy: frst", "band_profile.assignment.table.hit_policy"),
        "inputs la": ("inputs: [setting,", "inputs: [la, setting,", "band_profile.assignment.table.inputs"),
        "inputs unknown": ("inputs: [setting,", "inputs: [settin, setting,", "band_profile.assignment.table.inputs.0"),
        "gap": (", {band: C}], covers", "], covers", "band_profile.assignment.table.rows"),
        "unreachable": (", {band: C}], covers", ", {when: {setting: [special]}, band: C}, {band: C}], covers", "band_profile.assignment.table.rows.3"),
    },
}  # fmt: skip

OF_COVERING = {"overlap", "gap", "unreachable", "row undeclared"}
"""Mistakes of rows of bands and of the columns that they read, together."""

WITH_FORMULA = """\
format: evenband-rules/1
identifier: example-2025-26
version: 1
title: Formula
funding_year: "2025-26"
year_kind: financial
effective: {first: 2025-04-01, last: 2026-03-31}
standing: proposed
about: A formula.
sources:
  page: {title: Top-up funding}
provenance: {source: page}
schools_formula:
  pupils_counted_by: pupils
  factors:
    pupils: {label: Pupils, counts: pupils, primary: {unit_value: "4000", notional_percent: "2"}}
    fsm: {label: Meals, counts: pupils, where: {fsm6: true}, primary: {unit_value: "500", notional_percent: "20"}, secondary: {unit_value: "600", notional_percent: "20"}}
    mfg: {label: Guarantee, counts: amount, all: {notional_percent: "0"}}
    sparse: {label: Sparsity, counts: sparsity, primary: {unit_value: "9000", sparsity: {pupils_per_year: "20", full_below: "10", miles: "2"}}}
    lump: {label: Lump, counts: school, removed_from_prior: true, prior_amount: last_year, all: {unit_value: "100000"}}
  minimum_per_pupil: {primary: "4000"}
places:
  types:
    unit: {label: Unit, annual: "6000", periods: [{name: S, months: 5}, {name: R, months: 7}]}
    sum: {label: Sum, periods: [{name: S, months: 5}]}
high_needs_block:
  terms: {base: {label: Base}, rate: {label: Rate, times: base}, more: {label: More}}
  additional: more
  additional_base: base
  additional_rate: "0.04"
targeted_funding: {label: Extra, pattern: gap, threshold: "6000", means_percent: "50"}
"""

OF_FORMULA = {
    "counted by": ("pupils_counted_by: pupils", "pupils_counted_by: fsm", "schools_formula"),
    "counted unknown": ("pupils_counted_by: pupils", "pupils_counted_by: nobody", "schools_formula"),
    "percent": ('"4000", notional_percent: "2"}', '"4000", notional_percent: "200"}', "schools_formula.factors.pupils.primary.notional_percent"),
    "unit": ('unit_value: "500"', 'unit_value: "£500"', "schools_formula.factors.fsm.primary.unit_value"),
    "unit secondary order": ('unit_value: "600"', 'unit_value: [{from: 2025-04-01, value: "1"},{from: 2025-04-01, value: "2"}]', "schools_formula.factors.fsm.secondary.unit_value.1.from"),
    "where": ("fsm6: true", "fsm6: yes_", "schools_formula.factors.fsm.where.fsm6"),
    "where unknown": ("fsm6: true", "fsm66: true", "schools_formula.factors.fsm.where.fsm66"),
    "counts": ("counts: amount", "counts: amounts", "schools_formula.factors.mfg.counts"),
    "sparsity": ('full_below: "10"', 'full_below: "30"', "schools_formula.factors.sparse.primary.sparsity"),
    "no sparsity": (', sparsity: {pupils_per_year: "20", full_below: "10", miles: "2"}', "", "schools_formula.factors.sparse"),
    "prior": ("removed_from_prior: true, ", "", "schools_formula.factors.lump"),
    "no lines": (', all: {unit_value: "100000"}', "", "schools_formula.factors.lump"),
    "minimum": ('{primary: "4000"}', '{primary: "4000.001"}', "schools_formula.minimum_per_pupil.primary"),
    "months": ("months: 7}", "months: 8}", "places.types.unit"),
    "month": ("{name: R, months: 7}", "{name: R, months: 13}", "places.types.unit.periods.1.months"),
    "annual": ('annual: "6000"', "annual: six", "places.types.unit.annual"),
    "label": ("{label: Sum", "{label: ' Sum'", "places.types.sum.label"),
    "block additional": ("additional: more", "additional: most", "high_needs_block.additional"),
    "block rate": ('additional_rate: "0.04"', 'additional_rate: "11"', "high_needs_block.additional_rate"),
    "no block rate": ('  additional_rate: "0.04"\n', "", "high_needs_block"),
    "block label": ("base: {label: Base}", "base: {}", "high_needs_block.terms.base.label"),
    "target needs": (', means_percent: "50"', "", "targeted_funding"),
    "target label": ("{label: Extra", "{label: ''", "targeted_funding.label"),
    "effective": ("last: 2026-03-31}", "last: 2025-03-31}", "effective"),
    "year": ('"2025-26"', '"2025-27"', "funding_year"),
    "version": ("version: 1", "version: 0", "version"),
    "identifier": ("example-2025-26", "Example", "identifier"),
    "unknown": ("standing: proposed\nabout", "standing: proposed\nsurprise: 1\nabout", "surprise"),
    "source title": ("{title: Top-up funding}", "{}", "sources.page.title"),
}  # fmt: skip


def with_assignment(form: str) -> str:
    """Return the document of top-ups whose bands are assigned in one of the forms."""
    return _TOP_UPS.replace("ASSIGN", ASSIGNMENTS[form])
