"""Winners and losers: of everyone by candidate, and by need and setting of the few."""

from engine.charts import Sides, sides_chart
from engine.report.choice import LETTERS, Choice
from engine.report.figures import CLASSES, Figures
from engine.report.parts import Figure, Section, Table
from engine.report.paths import PathNames
from engine.report.texts import change_text, number_text, pounds_text


def people_sections(
    figures: Figures, choice: Choice, paths: PathNames, shown: list[int]
) -> list[Section]:
    """Return winners and losers of the candidates ``shown``, and of the few by need and setting."""
    lacking, rows, bars = figures.lacking, [], []
    for row in shown:
        own, title = figures.of(row), choice.title(row, paths.candidates)
        texts = [number_text(own[name], lacking) for name in CLASSES]
        amounts = (pounds_text(own["after"], lacking), change_text(own["change"], lacking))
        rows.append((title, *texts, *amounts))
        bars.append(
            Sides(f"Candidate {title}", own["losers"], own["winners"], (texts[1], texts[0]))
        )
    heads = ("Candidate", "Winners", "Losers", "Unchanged", "Not known", "Cost", "Change")
    subject = figures.subject
    several = subject.several.capitalize()
    table = Table(
        f"{several} {subject.who} gain, lose or keep what they have, by cost", heads, rows
    )
    chart = sides_chart(
        "people-chart", "Losers and winners by candidate",
        "Bars to the left are losers, bars to the right winners; the table below has the same figures.",
        ("Losers", "Winners"), bars,
    )  # fmt: skip
    about = (
        f"A winner has more than under the baseline, a loser less. A {subject.one} whose {subject.amount} is not known under either is"
        " neither, and is in no amount of money."
    )
    caption = f"{several} {subject.who} lose (left) and gain (right)"
    first = Section("people", "Winners and losers", [about], [Figure(caption, chart)], [table])
    kinds = [_of_kind(kind, words, figures, choice, paths) for kind, words in subject.kinds]
    return [first, *(one for one in kinds if one is not None)]


def _of_kind(
    kind: str, words: str, figures: Figures, choice: Choice, paths: PathNames
) -> Section | None:
    """Return a table of the few by the groups of a kind; None where these are not shown."""
    by = [figures.of_groups(paths.candidates.name(at), kind) for at in choice.few]
    groups = list(dict.fromkeys(group for one in by for group in one))
    if not groups:
        return None
    rows = []
    for group in groups:
        first = next(one[group] for one in by if group in one)
        cells = [
            str(first["name"] or group.capitalize()),
            number_text(first["number"], figures.lacking),
        ]
        for one in by:
            own = one.get(group, {})
            cells += [number_text(own.get(name), figures.lacking) for name in ("winners", "losers")]
            cells.append(change_text(own.get("change"), figures.lacking))
        rows.append(cells)
    letters = LETTERS[: len(by)]
    heads = [words, figures.subject.several.capitalize()]
    for letter in letters:
        heads += [f"{letter} winners", f"{letter} losers", f"{letter} change"]
    table = Table(f"{words}: winners, losers and change under each candidate", heads, rows)
    return Section(f"people-{kind}", f"By {words.lower()}", (), (), [table], level=3)
