"""What regions and authorities cost under the baseline and a few candidates."""

from markupsafe import Markup

from engine.candidates.groups import NOT_SUPPLIED
from engine.charts import Area, area_chart, mark_key
from engine.disclosure import DisclosureProfile
from engine.report.choice import LETTERS, Choice
from engine.report.figures import COLUMNS, Figures, Groups
from engine.report.parts import Figure, Section, Table
from engine.report.paths import PathNames
from engine.report.texts import number_text, percent_change, pounds_text
from engine.vocabulary import authority_regions

NO_FIGURE = "No figure is shown here: each would tell small numbers of pupils, or is not known."


def area_sections(figures: Figures, choice: Choice, paths: PathNames) -> list[Section]:
    """Return what regions cost, and the authorities of each."""
    names = [paths.candidates.name(at) for at in choice.few]
    key = mark_key(
        "Baseline", [f"{letter} ({name})" for letter, name in zip(LETTERS, names, strict=False)]
    )
    regions = [figures.of_groups(name, "region") for name in names]
    authorities = [figures.of_groups(name, "la") for name in names]
    subject = figures.subject
    about = [
        (
            f"Bars are what the baseline {subject.pays} the {subject.several} of an area a year, marks what each candidate {subject.pays}. {subject.of_area}"
        ),
    ]
    if figures.profile is not None:
        about.append(_about_hidden(figures.profile))
    found = [_section("regions", "Cost by region", "Region", (regions, figures, key), about)]
    if not any(authorities):
        return found
    if not any(map(_has_figures, authorities)):
        found.append(Section("authorities", "Cost by authority", [NO_FIGURE]))
        return found
    found.append(
        Section("authorities", "Cost by authority", ["Each chart has a scale of its own."])
    )
    by_region: dict[str, list[str]] = {}
    for code in dict.fromkeys(code for one in authorities for code in one):
        region = NOT_SUPPLIED if code == NOT_SUPPLIED else authority_regions()[int(code)]
        by_region.setdefault(region, []).append(code)
    for number, region in enumerate(sorted(by_region)):
        own: list[Groups] = [
            {code: one[code] for code in by_region[region] if code in one} for one in authorities
        ]
        title = "Authority not supplied" if region == NOT_SUPPLIED else region
        found.append(
            _section(f"authorities-{number}", title, "Authority", (own, figures, key), (), level=3)
        )
    return found


def _about_hidden(profile: DisclosureProfile) -> str:
    return (
        f"{profile.symbol} is in the place of a figure that is hidden: numbers of pupils from 1 to {profile.most}, and others by which they could"
        " be worked out. Amounts are rounded, so that they need not add."
    )


def _section(
    name: str,
    title: str,
    head: str,
    shown: tuple[list[Groups], Figures, Markup],
    about: list[str] | tuple[()],
    level: int = 2,
) -> Section:
    by, figures, key = shown
    if not any(map(_has_figures, by)):
        return Section(name, title, [NO_FIGURE], level=level)
    lacking, rows, bars = figures.lacking, [], []
    for group in sorted({group for one in by for group in one}, key=lambda one: _title(by, one)):
        own = [one.get(group, {}) for one in by]
        first = next(one for one in own if one)
        cells = [
            _title(by, group),
            number_text(first["number"], lacking),
            pounds_text(first["before"], lacking),
        ]
        for one in own:
            cells.append(pounds_text(one.get("after"), lacking))
            cells.append(percent_change(one.get("change"), one.get("before"), lacking))
        rows.append(cells)
        bars.append(Area(_title(by, group), first["before"], [one.get("after") for one in own]))
    heads = [head, figures.subject.several.capitalize(), "Baseline"]
    for letter in LETTERS[: len(by)]:
        heads += [f"Candidate {letter}", f"{letter} change"]
    drawing = area_chart(
        f"{name}-chart", f"{title}: cost of baseline and candidates",
        f"A bar for each of {len(rows)}, with a mark for each candidate; the table below has the same figures.", bars,
    )  # fmt: skip
    table = Table(f"{title}: cost a year of the baseline and of each candidate", heads, rows)
    return Section(name, title, about, [Figure("Cost a year", drawing, key)], [table], level)


def _has_figures(groups: Groups) -> bool:
    """Return whether any figure of some groups is shown."""
    return any(one.get(name) is not None for one in groups.values() for name in COLUMNS)


def _title(by: list[Groups], group: str) -> str:
    held = next(one[group] for one in by if group in one)
    return str(held["name"] or group[:1].upper() + group[1:])
