"""Two results of these pages side by side, each by its address: their figures, and what was answered differently."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from app.access import Asker
from app.pages.answers import Mistake
from app.pages.fields import Asks
from app.pages.forms import Form
from app.pages.last_year import SavedResult, saved_result
from app.pages.words import whole_money, within
from engine.statement import FigurePair, SideBySide, side_by_side

FIRST, SECOND = "first", "second"
NAMES = {FIRST: "The first result", SECOND: "The second result"}
NOT_ANSWERED = "not answered"


@dataclass(frozen=True, slots=True)
class AnswerPair:
    """A question that the two results answer differently, with both answers in words."""

    label: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class PairOfResults:
    """Two results with their figures."""

    first: Form
    second: Form
    figures: SideBySide

    @property
    def headline(self) -> str:
        """Return the answer as one sentence."""
        difference = self.figures.budget.difference
        if difference is None:
            return "How much the budgets differ is not known, as a part of one is not."
        if not difference:
            return "Both budgets are the same."
        way = "more" if difference > 0 else "less"
        return f"{whole_money(abs(difference))} {way} in the second result than in the first"

    @property
    def parts(self) -> list[FigurePair]:
        """Return the factors that come to something in one of the results, or are not known, or are in one alone."""
        return [one for one in self.figures.parts if not _is_nothing(one)]

    @property
    def nothing(self) -> list[str]:
        """Return the factors that are in both results and come to nothing in either."""
        return [within(one.label) for one in self.figures.parts if _is_nothing(one)]

    @property
    def is_of_one_year(self) -> bool:
        """Return whether both results are of the same funding year."""
        years = {one.rules.document.funding_year for one in (self.first, self.second)}
        return len(years) == 1

    @property
    def answers(self) -> Iterator[AnswerPair]:
        """Yield what was answered differently, in the order of the questions; what one does not ask is none of it."""
        asked = {one.name: one for one in self.second.fields}
        for field in self.first.fields:
            if field.name not in asked:
                continue
            both = [one.answers.entries.get(field.name) for one in (self.first, self.second)]
            if both[0] != both[1]:
                yield AnswerPair(field.label, *(_answer(one, field.asks) for one in both))


@dataclass(frozen=True, slots=True)
class PairPage:
    """The page: both addresses, what is wrong with them, and the pair where nothing is."""

    results: tuple[SavedResult, SavedResult]
    mistakes: tuple[Mistake, ...] = ()
    pair: PairOfResults | None = None

    def wrong(self, name: str) -> str | None:
        """Return what is wrong with an address."""
        return next((one.sentence for one in self.mistakes if one.field == name), None)

    @property
    def query(self) -> str:
        """Return the query of the page's own address."""
        return urlencode([(one.name, one.address) for one in self.results])


def pair_page(asker: Asker, session: Session, sent: Mapping[str, str]) -> PairPage:
    """Return the page for the addresses that were sent; a second one that was not sent yet is asked for."""
    texts = {name: sent.get(name, "").strip() for name in NAMES}
    first, second = (saved_result(asker, session, name, texts[name], NAMES) for name in NAMES)
    page = PairPage((first, second))
    missing = [name for name in NAMES if name not in sent]
    if not any(texts.values()):
        return page
    mistakes = [
        one.mistake for one in page.results if one.mistake is not None and one.name not in missing
    ]
    if mistakes:
        return PairPage(page.results, tuple(mistakes))
    before, after = first.budget, second.budget
    if before is None or after is None or first.form is None or second.form is None:
        return page
    pair = PairOfResults(first.form, second.form, side_by_side(before.school, after.school))
    return PairPage(page.results, (), pair)


def _answer(text: str | None, asks: Asks) -> str:
    if text is None:
        return NOT_ANSWERED
    signs = {Asks.pounds: f"£{text.removeprefix('£')}", Asks.percent: f"{text.removesuffix('%')}%"}
    return signs.get(asks, text)


def _is_nothing(one: FigurePair) -> bool:
    return one.in_first and one.in_second and one.first == one.second == 0
