"""The numbers of the field's codes, which are kept in files and results and so are never given anew."""

from enum import IntEnum

import pytest

from engine import vocabulary
from engine.vocabulary import KEY_STAGE_YEARS, PupilPhase, phase_of_year

CODES = {
    "SenProvision": (0, "N K E"),
    "Need": (1, "SPLD MLD SLD PMLD SEMH SLCN HI VI MSI PD ASD DS OTH NSA"),
    "Setting": (
        1,
        (
            "mainstream resourced_provision sen_unit special independent_special non_maintained_special"
            " alternative_provision further_education special_post_16 early_years hospital elsewhere"
        ),
    ),
    "SecondaryNeed": (0, "none SPLD MLD SLD PMLD SEMH SLCN HI VI MSI PD ASD DS OTH NSA"),
    "Idaci": (1, "A B C D E F G"),
    "PupilPhase": (0, "early_years primary ks3 ks4 post_16"),
    "SchoolPhase": (
        1,
        "primary secondary all_through middle special alternative_provision nursery",
    ),
    "Presence": (0, "given not_applicable not_supplied suppressed low"),
    "Reason": (
        0,
        "rate not_funded not_supplied no_price within_threshold floor cap not_on_roll no_band protected not_printed no_value",
    ),
}


@pytest.mark.parametrize("name", CODES)
def test_each_code_has_the_number_that_it_was_given_and_no_other(name):
    first, codes = CODES[name]
    expected = {code: number for number, code in enumerate(codes.split(), start=first)}
    assert {one.name: int(one) for one in getattr(vocabulary, name)} == expected


def test_every_code_of_a_whole_number_is_among_them():
    kinds = [one for one in vars(vocabulary).values() if isinstance(one, type)]
    assert {
        one.__name__ for one in kinds if issubclass(one, IntEnum) and one is not IntEnum
    } == set(CODES)


def test_every_year_group_is_of_one_phase():
    phases = [phase_of_year(year) for year in range(-2, 15)]
    assert phases == [
        *[PupilPhase.early_years] * 2, *[PupilPhase.primary] * 7, *[PupilPhase.ks3] * 3,
        *[PupilPhase.ks4] * 2, *[PupilPhase.post_16] * 3,
    ]  # fmt: skip
    assert sum(map(len, KEY_STAGE_YEARS.values())) == 12
