"""What changed since last year: two results of these pages compared, each by its address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from sqlalchemy.orm import Session

from app.access import Asker
from app.errors import AddressUnknown, InputRefused
from app.pages.answers import Mistake
from app.pages.forms import Form, SchoolBudget
from app.pages.school_forms import budget_form_of
from app.pages.words import money, whole_money, within
from engine.attribution import Cause, CauseChange, PartChange, YearChange, year_changes
from engine.charts import Waterfall, WaterfallStep, waterfall
from engine.errors import PairRefused, Refusal

NOW, THEN = "now", "then"
NAMES = {THEN: "The result of last year", NOW: "The result of this year"}
FOLDER = "notional-sen"
MOST_LETTERS = 20_000
PATTERN_OF_RULES = re.compile(r"[a-z0-9][a-z0-9-]{2,80}")
NOT_AN_ADDRESS = (
    "must be the address of a result of these pages, such as “Link to this result” leads to"
)
ITS_ADDRESS = "the address of a result of these pages"
NOT_COMPLETE = "has answers that are missing or wrong: open its address and put them right first"

BETTER = {
    Cause.pupils: "More pupils, or more of them with additional needs",
    Cause.unit_values: "Higher amounts for each pupil and for the school",
    Cause.factors: "Factors of one year alone, and amounts given in pounds",
    Cause.percentages: "Higher notional SEN percentages",
    Cause.protection: "Minimum level, guarantee and cap",
}
"""What a cause is called where it brings more."""

WORSE = BETTER | {
    Cause.pupils: "Fewer pupils, or fewer of them with additional needs",
    Cause.unit_values: "Lower amounts for each pupil and for the school",
    Cause.percentages: "Lower notional SEN percentages",
}
NEUTRAL = BETTER | {
    Cause.pupils: "Pupils and other counts",
    Cause.unit_values: "Amounts for each pupil and for the school",
    Cause.percentages: "Notional SEN percentages",
}


def cause_words(one: CauseChange) -> str:
    """Return what a cause is called, by whether it brings more or less; several together as one."""
    alone = len(one.causes) == 1 and one.change is not None
    brought = (one.change or 0) if alone else 0
    words = BETTER if brought > 0 else WORSE if brought < 0 else NEUTRAL
    first, *rest = (words[cause] for cause in one.causes)
    return " and ".join([first, *map(within, rest)]) + (", together" if rest else "")


def cause_name(one: CauseChange) -> str:
    """Return what a cause is called whatever it brings."""
    first, *rest = (NEUTRAL[cause] for cause in one.causes)
    return " and ".join([first, *map(within, rest)]) + (", together" if rest else "")


def signed(pence: int | None) -> str:
    """Return pence as pounds with a sign, also of more.

    >>> signed(123456), signed(-5), signed(0)
    ('+£1,234.56', '−£0.05', '£0.00')
    """
    return f"+{money(pence)}" if pence is not None and pence > 0 else money(pence)


@dataclass(frozen=True, slots=True)
class SavedResult:
    """A result by its address: its form, or what is wrong with the address."""

    name: str
    sent: str
    form: Form | None = None
    mistake: Mistake | None = None

    @property
    def address(self) -> str:
        """Return the address of the result in one form, as it was sent where it is none."""
        form = self.form
        return (
            self.sent
            if form is None
            else f"/{FOLDER}/{form.rules.document.identifier}?{form.query}"
        )

    @property
    def budget(self) -> SchoolBudget | None:
        """Return the result, None where there is none."""
        found = None if self.form is None else self.form.result
        return found if isinstance(found, SchoolBudget) else None


@dataclass(frozen=True, slots=True)
class YearComparison:
    """Two results, and what changes the budget from the first to the second."""

    before: Form
    after: Form
    change: YearChange

    @property
    def labels(self) -> tuple[str, str]:
        """Return what the two results are called: by their years, or by their place where that is the same."""
        years = [one.rules.document.funding_year for one in (self.before, self.after)]
        # A year is not broken at the end of a line.
        years = [one.replace("-", "\N{NON-BREAKING HYPHEN}") for one in years]
        return ("first result", "second result") if years[0] == years[1] else (years[0], years[1])

    @property
    def whose(self) -> str:
        """Return whose rules the results are by and of which years."""
        first, second = self.before, self.after
        if first.whose != second.whose:
            return f"{first.whose_and_year}, then {second.whose_and_year}"
        return f"{second.whose}, {' and '.join(self.labels)}"

    @property
    def headline(self) -> str:
        """Return the answer as one sentence."""
        one, (first, second) = self.change, self.labels
        if one.change is None:
            return "How much the budget changes is not known, as a part of it is not."
        if not one.change:
            return f"The notional SEN budget of {first} and of {second} is the same: {whole_money(one.after)}."
        way = "more" if one.change > 0 else "less"
        whole = whole_money(abs(one.change))
        return f"{whole} {way} in {second} than in {first}"

    @property
    def causes(self) -> list[CauseChange]:
        """Return the causes that change something, or that are not known: the greatest change first."""
        some = [one for one in self.change.causes if one.change is None or one.change]
        return sorted(some, key=lambda one: (one.change is None, -abs(one.change or 0)))

    @property
    def idle(self) -> list[str]:
        """Return the causes that change nothing."""
        return [within(cause_words(one)) for one in self.change.causes if one.change == 0]

    @property
    def parts(self) -> list[PartChange]:
        """Return the lines that change, the greatest change first; those that are not known are listed apart."""
        some = [one for one in self.change.parts if one.change]
        return sorted(some, key=lambda one: -abs(one.change or 0))

    @property
    def chart(self) -> Waterfall | None:
        """Return the waterfall from one budget to the other, None where it is not known."""
        one = self.change
        if one.before is None or one.after is None:
            return None
        ends = tuple(
            WaterfallStep(f"Budget of {label}", pence, money(pence))
            for label, pence in zip(self.labels, (one.before, one.after), strict=True)
        )
        steps = [
            WaterfallStep(cause_words(each), each.known, signed(each.known)) for each in self.causes
        ]
        return waterfall("waterfall", "From one budget to the other", (ends[0], ends[1]), steps)


@dataclass(frozen=True, slots=True)
class SinceLastYear:
    """The page: both addresses, what is wrong with them, and the comparison where nothing is."""

    results: tuple[SavedResult, SavedResult]
    mistakes: tuple[Mistake, ...] = ()
    comparison: YearComparison | None = None

    def wrong(self, name: str) -> str | None:
        """Return what is wrong with an address."""
        return next((one.sentence for one in self.mistakes if one.field == name), None)

    @property
    def query(self) -> str:
        """Return the query of the page's own address."""
        return urlencode([(one.name, one.address) for one in self.results])


def since_last_year(asker: Asker, session: Session, sent: dict[str, str]) -> SinceLastYear:
    """Return the page for the addresses that were sent; without a comparison where one is missing or wrong."""
    texts = {name: sent.get(name, "").strip() for name in NAMES}
    before, after = (saved_result(asker, session, name, texts[name]) for name in NAMES)
    page = SinceLastYear((before, after))
    if not any(texts.values()):
        return page
    mistakes = [one.mistake for one in page.results if one.mistake is not None]
    if mistakes:
        return SinceLastYear(page.results, tuple(mistakes))
    try:
        return SinceLastYear(page.results, (), _compared(before, after))
    except PairRefused as refused:
        return SinceLastYear(page.results, tuple(Mistake(str(one)) for one in refused.problems))


def _compared(before: SavedResult, after: SavedResult) -> YearComparison:
    if before.budget is None or after.budget is None or not before.form or not after.form:
        message = "a result without a budget is a mistake"
        raise ValueError(message)
    [change] = year_changes(before.budget.outcome, after.budget.outcome).schools
    return YearComparison(before.form, after.form, change)


def saved_result(
    asker: Asker, session: Session, name: str, sent: str, names: Mapping[str, str] = NAMES
) -> SavedResult:
    """Return the result at an address, whichever service it names: only its path and answers are read.

    ``names`` are what a page calls the results that it asks for.
    """
    if not sent:
        return SavedResult(
            name, sent, mistake=Mistake(f"Enter {within(names[name])}: {ITS_ADDRESS}", name)
        )
    found = _parsed(sent)
    if found is None:
        return SavedResult(name, sent, mistake=Mistake(f"{names[name]} {NOT_AN_ADDRESS}", name))
    identifier, entries = found
    try:
        form = budget_form_of(asker, session, identifier, entries, sent=True)
    except (AddressUnknown, InputRefused, Refusal):
        form = None
    if form is None:
        return SavedResult(name, sent, mistake=Mistake(f"{names[name]} {NOT_AN_ADDRESS}", name))
    if not isinstance(form.result, SchoolBudget):
        wrong = Mistake(f"{names[name]} {NOT_COMPLETE}", name)
        return SavedResult(name, sent, form, wrong)
    return SavedResult(name, sent, form)


def _parsed(address: str) -> tuple[str, list[tuple[str, str]]] | None:
    """Return the rules and the answers that an address of a result names; None where it is none."""
    if len(address) > MOST_LETTERS:
        return None
    try:
        parts = urlsplit(address)
        entries = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=500)
    except ValueError:
        return None
    folder, _, identifier = parts.path.strip("/").partition("/")
    is_one = folder == FOLDER and PATTERN_OF_RULES.fullmatch(identifier) is not None
    return (identifier, entries) if is_one else None
