"""Groups of pupils of candidates: regions of authorities, and the names of groups."""

import csv

import numpy as np

from engine.candidates.groups import NOT_SUPPLIED, Groups
from engine.export.group_names import group_name
from engine.vocabulary import FIXTURES, authority_regions, local_authorities
from tests.builders import pupil, pupil_table


def test_every_authority_is_in_one_of_nine_regions_as_the_published_plans_have_them():
    regions = authority_regions()
    assert regions.keys() == local_authorities().keys()
    assert len(set(regions.values())) == 9
    with (FIXTURES / "synth" / "plans_by_authority.csv").open(encoding="utf-8") as lines:
        published = {int(row["la"]): row["region"] for row in csv.DictReader(lines)}
    assert published.items() <= regions.items()


def test_the_authorities_of_a_region_add_to_it():
    authorities = [929, 390, 202, 929, 304, 909]
    rows = [pupil(pupil_key=f"p{at}", la=la) for at, la in enumerate(authorities)]
    groups = Groups.among(pupil_table(rows), ("total", "region", "la"))
    region, la = groups.kind("region"), groups.kind("la")
    assert region.groups == ("London", "North East", "North West")
    counts = groups.counts()
    assert counts[region.slice].tolist() == [2, 3, 1]
    by_region = dict.fromkeys(region.groups, 0)
    for code, number in zip(la.groups, counts[la.slice].tolist(), strict=True):
        by_region[authority_regions()[int(code)]] += number
    assert np.array_equal(counts[region.slice], list(by_region.values()))


def test_groups_are_named_in_words():
    assert group_name("la", "929") == "Northumberland"
    assert group_name("need", "SEMH") == "Social, emotional and mental health"
    assert group_name("setting", "resourced_provision") == "Resourced provision"
    assert group_name("phase", "ks3") == "Key stage 3"
    assert group_name("sen_provision", "E") == "Education, health and care (EHC) plan"
    assert group_name("need", NOT_SUPPLIED) is None
    assert group_name("region", "London") is None
