"""What codes are whose names do not say it, for the page of columns, pages of the service, files and reports."""

from enum import IntEnum

from engine.vocabulary import (
    Idaci,
    Need,
    PupilPhase,
    SchoolPhase,
    SecondaryNeed,
    SenProvision,
    Setting,
)

NEEDS = {
    Need.SPLD: "Specific learning difficulty",
    Need.MLD: "Moderate learning difficulty",
    Need.SLD: "Severe learning difficulty",
    Need.PMLD: "Profound and multiple learning difficulty",
    Need.SEMH: "Social, emotional and mental health",
    Need.SLCN: "Speech, language and communication needs",
    Need.HI: "Hearing impairment",
    Need.VI: "Vision impairment",
    Need.MSI: "Multi-sensory impairment",
    Need.PD: "Physical disability",
    Need.ASD: "Autistic spectrum disorder",
    Need.DS: "Down syndrome",
    Need.OTH: "Other difficulty or disability",
    Need.NSA: "SEN support but no specialist assessment of the type of need",
}
PROVISION = {
    SenProvision.N: "No special educational need",
    SenProvision.K: "SEN support",
    SenProvision.E: "Education, health and care (EHC) plan",
}
CODE_WORDS: dict[type[IntEnum], dict[str, str]] = {
    Need: {code.name: words for code, words in NEEDS.items()},
    SecondaryNeed: {
        "none": "No second type of need",
        **{code.name: words for code, words in NEEDS.items()},
    },
    SenProvision: {code.name: words for code, words in PROVISION.items()},
    SchoolPhase: {"all_through": "All-through"},
    PupilPhase: {"ks3": "Key stage 3", "ks4": "Key stage 4", "post_16": "Post-16"},
    Idaci: {"A": "The most deprived", "F": "The least deprived that is funded", "G": "Not funded"},
    Setting: {
        "sen_unit": "SEN unit",
        "special_post_16": "Special post-16",
        "non_maintained_special": "Non-maintained special",
    },
}
"""What codes are whose names do not say it; two lists may use one number."""


def words_of(codes: type[IntEnum], name: str) -> str:
    """Return what a code is in words, by its name."""
    return CODE_WORDS.get(codes, {}).get(name) or name.replace("_", " ").capitalize()
