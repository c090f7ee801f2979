"""Three years ahead of a result: what a school assumes of each year, and what the rules come to then, as an indication."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from app.pages.answers import Mistake
from app.pages.fields import SEN_SUPPORT_COST
from app.pages.forms import Form, SchoolBudget
from engine.reading import pence_in, percent_in
from engine.years_ahead import HIGHEST, LOWEST, Assumption, YearsAhead, years_ahead

YEARS = 3
UPRATING, PUPILS = "uprating", "pupils"
LABELS = {UPRATING: "Amounts for each pupil", PUPILS: "Pupils"}
BOXES = tuple(f"{name}_{at}" for at in range(1, YEARS + 1) for name in LABELS)


@dataclass(frozen=True, slots=True)
class AssumptionBox:
    """A box for what is assumed: its year from 1, its name and its label, what was typed, and what is wrong with it."""

    year: int
    name: str
    label: str
    typed: str
    wrong: str | None = None


@dataclass(frozen=True, slots=True)
class YearsPage:
    """The page: the boxes, what is wrong in them, and the years ahead where all is typed."""

    form: Form
    boxes: tuple[AssumptionBox, ...]
    mistakes: tuple[Mistake, ...] = ()
    found: YearsAhead | None = None

    @property
    def names(self) -> list[str]:
        """Return the funding years that are ahead, such as ``2026-27``."""
        first = self.form.rules.document.effective.first.year
        return [f"{first + at}-{(first + at + 1) % 100:02}" for at in range(1, YEARS + 1)]

    @property
    def query(self) -> str:
        """Return the query of the page's own address: the answers, and what was typed here."""
        typed = [(box.name, box.typed) for box in self.boxes if box.typed]
        return "&".join(part for part in (self.form.query, urlencode(typed)) if part)


def years_page(form: Form, budget: SchoolBudget, sent: Mapping[str, str]) -> YearsPage:
    """Return the page for a result with what is assumed; every box must be filled once one is."""
    asked = any(name in sent for name in BOXES)
    typed = {name: sent.get(name, "").strip() for name in BOXES}
    values = {name: _percent(text) for name, text in typed.items()}
    boxes = tuple(
        AssumptionBox(
            int(name[-1]), name, LABELS[name[:-2]], typed[name],
            _fault(typed[name], values[name]) if asked else None,
        )
        for name in BOXES
    )  # fmt: skip
    mistakes = tuple(
        Mistake(f"{box.label} in year {box.year} {box.wrong}", box.name)
        for box in boxes
        if box.wrong
    )
    if not asked or mistakes:
        return YearsPage(form, boxes, mistakes)
    assumptions = [
        Assumption(values[f"{UPRATING}_{at}"] or Decimal(), values[f"{PUPILS}_{at}"] or Decimal())
        for at in range(1, YEARS + 1)
    ]
    cost = pence_in(form.answers.entries.get(SEN_SUPPORT_COST, ""))
    return YearsPage(form, boxes, (), years_ahead(budget.outcome, 0, assumptions, cost))


def _percent(text: str) -> Decimal | None:
    """Return percent as people write them, with or without a sign; None where they are none."""
    return percent_in(text.removeprefix("+"))


def _fault(text: str, value: Decimal | None) -> str | None:
    if not text:
        return "is missing: enter 0 if nothing changes"
    if value is None:
        return "must be percent such as 2.5 or −1"
    if not LOWEST <= value <= HIGHEST:
        return f"must be from {LOWEST} to {HIGHEST} percent".replace("-", "−")
    return None
