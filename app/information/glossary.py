"""The words of the field that pages for schools use; the glossary of the documentation has the same, with their sources."""

TERMS = (
    (
        "Academic year, financial year",
        "An academic year runs from 1 September to 31 August, a financial year from 1 April to 31 March. Academies are funded by the first, maintained schools and local authorities by the second.",
    ),
    (
        "Age-weighted pupil unit, basic entitlement",
        "The amount in the schools formula for each pupil, by primary, key stage 3 and key stage 4.",
    ),
    (
        "All-through school, middle school",
        "A school with pupils of primary and secondary age, from reception or from year 4, 5 or 6. Its year groups of each key stage decide its share of a lump sum.",
    ),
    (
        "Area cost adjustment (ACA)",
        "A multiplier for areas where staff cost more. The national formula multiplies factor values by it.",
    ),
    (
        "Authority Proforma Tool (APT)",
        "The workbook in which each local authority sends its schools formula to the Department for Education every January.",
    ),
    (
        "Band",
        "A step of need or provision that has a price. Each local authority that uses bands sets its own.",
    ),
    (
        "Budget share",
        "All the money that a maintained school gets through the schools formula. The notional SEN budget is part of it.",
    ),
    (
        "Cap and scaling",
        "A limit on a school's gain from one year to the next, which pays for the minimum funding guarantee.",
    ),
    (
        "Commissioning authority",
        "The local authority that maintains a pupil's plan and pays the top-up. It may not be the one where the school is.",
    ),
    (
        "Dedicated schools grant (DSG)",
        "The grant from which schools are funded, in blocks: schools, central school services, early years and high needs.",
    ),
    (
        "EHC plan",
        "Education, health and care plan: the legal document of what a child or young person with special educational needs must be provided with.",
    ),
    (
        "Element 1, element 2, element 3",
        "Core funding for every pupil; the first part of additional cost, which a mainstream school pays from its budget share (notional SEN); and top-up funding beyond that.",
    ),
    (
        "Factor",
        "One reason for which the schools formula pays: basic entitlement, free school meals, IDACI, low prior attainment, lump sum and others.",
    ),
    (
        "FSM, FSM6",
        'Pupils eligible for free school meals at the census; pupils eligible at any census of the last six years ("Ever 6").',
    ),
    (
        "High needs block",
        "The part of the dedicated schools grant for pupils who need more than a school's budget share can pay for.",
    ),
    (
        "IDACI",
        "Income deprivation affecting children index. Pupils are in band A (most deprived) to F by where they live; band G gets nothing.",
    ),
    ("Key stage", "Years 1 and 2, 3 to 6, 7 to 9 (key stage 3), 10 and 11 (key stage 4)."),
    (
        "London fringe",
        "Authorities of which part is near London: schools there have their own multiplier in place of the area cost adjustment.",
    ),
    (
        "Low prior attainment (LPA)",
        "Pupils who did not reach the expected standard before: at the end of reception for primary, of key stage 2 for secondary.",
    ),
    ("Lump sum", "An amount paid once to each school, whatever its size."),
    (
        "Minimum funding guarantee (MFG)",
        "A limit on a school's loss of funding for each pupil from one year to the next.",
    ),
    (
        "Minimum per-pupil level (MPPL)",
        "The least that a school's pupil-led funding, lump sum and sparsity may come to for each pupil.",
    ),
    (
        "Mobility",
        "Pupils who joined at an unusual time in the last three years. Only those above a share of the school's pupils count.",
    ),
    (
        "National funding formula (NFF)",
        "The formula by which the Department for Education works out what authorities get for their schools.",
    ),
    (
        "Notional SEN budget",
        "The identified part of a mainstream school's budget share for pupils with special educational needs. It is not extra money.",
    ),
    ("Notional SEN percentage", "The share of a factor that the authority counts as notional SEN."),
    ("Phase", "Primary, middle, secondary or all-through: the ages that a school is for."),
    (
        "SEN, SEN support",
        "Special educational needs; the provision that a school makes for pupils who need it and have no plan.",
    ),
    ("Sparsity", "Extra funding for small schools that are far from the next one."),
    ("Split sites", "Extra funding for a school on more than one site."),
    (
        "Threshold",
        "The first part of the additional cost of a pupil's provision, which a mainstream school pays itself.",
    ),
    (
        "Top-up",
        "Money from the commissioning authority for one pupil's provision beyond the threshold: element 3.",
    ),
    ("URN", "Unique reference number of a school in England."),
)
"""Each term, several spelled with a comma between, and its meaning, in the order of the alphabet."""
