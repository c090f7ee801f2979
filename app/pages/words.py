"""Figures and dates as pages show them: pounds with a sign, days in full, phases in words."""

import re
from datetime import date

from markupsafe import Markup, escape

from engine.explain import Unit
from engine.explain import grouped as with_thousands
from engine.money import is_digits, nearest_pounds, pounds
from engine.rules import RuleSet
from engine.vocabulary import NOT_PRINTED, SchoolPhase, marked

MINUS = "\N{MINUS SIGN}"
PHASES = {
    SchoolPhase.primary: "Primary",
    SchoolPhase.secondary: "Secondary",
    SchoolPhase.all_through: "All-through",
    SchoolPhase.middle: "Middle",
}
NOT_KNOWN = "Not known"
IN_POUNDS = {
    *("unit_value", "pounds", "pounds_each", "primary", "ks3", "ks4", "secondary"),
    *("high_needs_threshold", "threshold", "floor", "cap", "annual", "salary", "pot"),
}
"""The names under which rule documents hold pounds; other numbers are shown plainly."""


_ADDRESS = re.compile(r"(?<![\w-])(https?://[^\s<>\"'`]*[^\s<>\"'`.,;:!?()\[\]])")
_LINK = Markup('<a class="govuk-link" href="{0}" rel="noreferrer">{0}</a>')


def grouped(text: str) -> str:
    """Return a number with its thousands apart and a minus that is one.

    >>> grouped("1152138.52"), grouped("-650")
    ('1,152,138.52', '−650')
    """
    return with_thousands(text).replace("-", MINUS)


def sterling(text: str) -> str:
    """Return pounds as people write them, for the engine's text of pounds.

    >>> sterling("1152138.52"), sterling("-5.00"), sterling("460")
    ('£1,152,138.52', '−£5.00', '£460.00')
    """
    sign = MINUS if text.startswith("-") else ""
    whole, _, part = text.removeprefix("-").partition(".")
    return f"{sign}£{int(whole):,}.{part:0<2}"


def money(pence: int | None) -> str:
    """Return pence as pounds that people read; None is not known.

    >>> money(115213852), money(None)
    ('£1,152,138.52', 'Not known')
    """
    return NOT_KNOWN if pence is None else sterling(pounds(pence))


def whole_money(pence: int | None) -> str:
    """Return pence as a sentence has them: pounds to the nearest, and pence only of less than a pound.

    >>> whole_money(115213852), whole_money(-1090050), whole_money(40), whole_money(None)
    ('£1,152,139', '−£10,901', '£0.40', 'Not known')
    """
    return NOT_KNOWN if pence is None else sterling(nearest_pounds(pence)).removesuffix(".00")


def sentence(words: str) -> str:
    """Return words with a capital letter at their start and printed apostrophes, as a line of their own.

    >>> sentence("the number of EHC plans is not given")
    'The number of EHC plans is not given'
    """
    return words[:1].upper() + words[1:].replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")


def figure(value: str | None, unit: Unit) -> str:
    """Return a working's value as people write it; what is not known says so."""
    if value is None:
        return NOT_KNOWN
    if value == NOT_PRINTED:
        return sentence(value)
    match unit:
        case Unit.pounds:
            return sterling(value)
        case Unit.percent:
            return f"{value}%"
        case Unit.pupils | Unit.units | Unit.multiplier:
            return grouped(value)
        case Unit.days | Unit.school_days | Unit.parts | Unit.pound_parts:
            return f"{grouped(value)} {unit.words}"
        case _:
            return value


def percent(text: str) -> str:
    """Return a worked-out percentage with two decimals, so that a column of them lines up.

    >>> percent("16.2"), percent("-5")
    ('16.20%', '−5.00%')
    """
    whole, _, part = grouped(text).partition(".")
    return f"{whole}.{part:0<2}%"


def value_words(place: str, value: str) -> str:
    """Return a value of a rule document as people write it, by the name of its field.

    >>> value_words("schools_formula.protection.cap_percent", "-0.5"), value_words("a.weight", "1.2")
    ('−0.5%', '1.2')
    """
    if value == NOT_PRINTED:
        return sentence(value)
    name = next(part for part in reversed(place.split(".")) if not is_digits(part))
    if name.endswith("percent"):
        return f"{grouped(value)}%"
    return sterling(value) if name in IN_POUNDS else grouped(value)


def day_words(day: date) -> str:
    """Return a day in full.

    >>> day_words(date(2022, 4, 1))
    '1 April 2022'
    """
    return f"{day.day} {day:%B %Y}"


def year_words(document: RuleSet) -> str:
    """Return a rule set's year with its kind spelled out."""
    return f"{document.year_kind.capitalize()} year {document.funding_year}"


def span_words(document: RuleSet) -> str:
    """Return the first and the last day of a rule set."""
    first, last = document.effective.first, document.effective.last
    return f"{day_words(first)} to {day_words(last)}"


def whose(document: RuleSet) -> str:
    """Return the owner of the rules: the authority's name, or the title of a national rule set."""
    return document.title if document.authority is None else document.authority.name


def whose_and_year(document: RuleSet) -> str:
    """Return whose rules these are and of which year, which a title may name already."""
    name = whose(document)
    return name if document.funding_year in name else f"{name} {document.funding_year}"


def linked(text: str) -> Markup:
    """Return a source's address for a page: what is of ``http`` or ``https`` is a link, the text is unchanged.

    >>> linked("https://a.example/b, page 3 <x>")
    Markup('<a class="govuk-link" href="https://a.example/b" rel="noreferrer">https://a.example/b</a>, page 3 &lt;x&gt;')
    """
    parts = _ADDRESS.split(text)
    return Markup().join(
        _LINK.format(part) if at % 2 else escape(part) for at, part in enumerate(parts)
    )


NAMES = ("English", "England", "London")
"""What labels begin with that has a capital within a sentence, too."""


def within(label: str) -> str:
    """Return a label as it is written within a sentence; names and words in capitals stay.

    >>> within("Notional SEN percentage"), within("SEN support"), within("English as an additional language")
    ('notional SEN percentage', 'SEN support', 'English as an additional language')
    """
    is_name = label[:2].isupper() or label.startswith(NAMES)
    return label if is_name else label[:1].lower() + label[1:]


def tag_of(standing: str | None) -> str | None:
    """Return the word of the tag that a value carries, or None where it was checked."""
    mark = marked(standing)
    return None if mark is None else mark.capitalize()
