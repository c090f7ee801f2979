"""Where a school starts: its authority and the year decide the rules; those of no authority are the national formula."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from app.pages.answers import AUTHORITY, PHASE, Mistake
from app.pages.rule_lists import Choice
from app.pages.words import PHASES, day_words, whose_and_year
from engine.authority_codes import AuthorityCode, authority_codes
from engine.reading import folded
from engine.rules import RuleSet

RULES, YEAR = "rules", "year"
PASTE = "paste"
"""The button that leads to the page on which a statement is pasted, in place of the questions."""

NO_AUTHORITY = Mistake("Choose your local authority", AUTHORITY)
NO_YEAR = Mistake("Choose the year", YEAR)
NO_PHASE = Mistake("Choose the phase of your school", PHASE)
SEVERAL = Mistake("Choose which rules to use: your authority has several for this year", RULES)
PHASE_NAMES = {phase.name: words for phase, words in PHASES.items()}


@dataclass(frozen=True, slots=True)
class Start:
    """The questions of the start, what was chosen, and where that leads; ``address`` is None until all is chosen.

    ``rules`` are those of one authority and year that are to be chosen from, or the ones that a link names.
    """

    authorities: tuple[Choice, ...]
    years: tuple[Choice, ...]
    chosen: Mapping[str, str]
    mistakes: tuple[Mistake, ...] = ()
    rules: tuple[Choice, ...] = ()
    address: str | None = None

    def wrong(self, name: str) -> str | None:
        """Return what is wrong with a choice."""
        return next((one.sentence for one in self.mistakes if one.field == name), None)


def start(
    documents: Sequence[RuleSet],
    sent: Mapping[str, str],
    named: RuleSet | None,
    school: Sequence[tuple[str, str]] = (),
) -> Start:
    """Return the start with what was chosen in the address.

    ``documents`` are the rule sets for schools; ``named`` the one that a link names, which may be an example;
    ``school`` is what the address that it leads to keeps of the school.
    """
    years = sorted({one.funding_year for one in documents}, reverse=True)
    chosen = {name: sent.get(name, "") for name in (AUTHORITY, YEAR, PHASE, RULES)}
    page = PASTE if sent.get(PASTE) else "notional-sen"
    begun = Start(_authorities(years), tuple(Choice(one, one) for one in years), chosen)
    if not any(name in sent for name in chosen):
        return begun
    phase = folded(chosen[PHASE])
    mistakes = () if phase in PHASE_NAMES else (NO_PHASE,)
    if named is not None:
        only = Choice(named.identifier, whose_and_year(named))
        return _leading(
            replace(begun, rules=(only,), mistakes=mistakes), page, named, (phase, None, school)
        )
    code = next(
        (one for one in authority_codes().values() if str(one.code) == chosen[AUTHORITY]), None
    )
    if code is None or chosen[YEAR] not in years:
        unsaid = [NO_AUTHORITY] if code is None else []
        unsaid += [] if chosen[YEAR] in years else [NO_YEAR]
        return replace(begun, mistakes=(*unsaid, *mistakes))
    of_year = [one for one in documents if one.funding_year == chosen[YEAR]]
    own = [one for one in of_year if one.authority and int(one.authority.code) == code.code]
    national = [one for one in of_year if one.authority is None]
    found = own or national
    wrong = _not_then(code, chosen[YEAR], found, years)
    if wrong is not None:
        return replace(begun, mistakes=(wrong, *mistakes))
    if len(found) > 1:
        rules = tuple(Choice(one.identifier, one.title) for one in found)
        return replace(begun, rules=rules, mistakes=(SEVERAL, *mistakes))
    return _leading(replace(begun, mistakes=mistakes), page, found[0], (phase, code, school))


def _leading(
    begun: Start,
    page: str,
    rules: RuleSet,
    of_school: tuple[str, AuthorityCode | None, Sequence[tuple[str, str]]],
) -> Start:
    """Return the start with the address of the questions or of the paste, where nothing is wrong."""
    phase, code, school = of_school
    if begun.mistakes:
        return begun
    own = [] if code is None or rules.authority is not None else [(AUTHORITY, str(code.code))]
    query = urlencode([(PHASE, phase), *own, *school])
    return replace(begun, address=f"/{page}/{rules.identifier}?{query}")


def _authorities(years: Sequence[str]) -> tuple[Choice, ...]:
    """Return the authorities of the newest year, in the order of their names."""
    if not years:
        return ()
    first = date(int(years[0][:4]), 4, 1)
    codes = [one for one in authority_codes().values() if one.last is None or one.last >= first]
    return tuple(
        Choice(str(one.code), one.name) for one in sorted(codes, key=lambda code: code.name)
    )


def _not_then(
    code: AuthorityCode, year: str, found: Sequence[RuleSet], years: Sequence[str]
) -> Mistake | None:
    """Return that an authority did not exist in a year, or that there are no rules for it; otherwise None."""
    first, last = date(int(year[:4]), 4, 1), date(int(year[:4]) + 1, 3, 31)
    if code.first is not None and code.first > last:
        return Mistake(f"{code.name} began on {day_words(code.first)}: choose a later year", YEAR)
    if code.last is not None and code.last < first:
        return Mistake(f"{code.name} ended on {day_words(code.last)}: choose an earlier year", YEAR)
    if found:
        return None
    return Mistake(
        f"There are no rules here for {code.name} in {year}: choose another year, such as {years[0]}",
        YEAR,
    )
