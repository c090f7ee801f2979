"""Templates to pages: the environment, what every page knows, and answers in HTML."""

from importlib.metadata import version
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    select_autoescape,
)
from markupsafe import Markup

from app.pages import last_year, letter, paste, pupil_changes, words
from app.pages.calls_chart import calls_chart
from app.pages.fields import added_words
from engine.budget_cover import (
    HOUR,
    first_part_hours,
    support_examples,
    usual_share_words,
    with_one_more_plan,
)
from engine.modules import SEMANTICS
from engine.money import number
from engine.rules import PATTERN_WORDS

LIBRARY = "govuk_frontend_jinja"
FOLDER = Path(__file__).parent


def _whole(text: str) -> Markup:
    """Return a figure whose sign never stands alone at the end of a line."""
    return Markup('<span class="app-whole">{}</span>').format(text)


def _environment() -> Environment:
    environment = Environment(
        loader=ChoiceLoader(
            [
                FileSystemLoader(FOLDER / "templates"),
                PrefixLoader({LIBRARY: PackageLoader(LIBRARY)}),
            ]
        ),
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "money": words.money,
        "whole_money": words.whole_money,
        "sterling": words.sterling,
        "sentence": words.sentence,
        "pattern": PATTERN_WORDS.get,
        "tiers": lambda rule: [tier.words for tier in rule.tiers],
        "figure": words.figure,
        "percent": words.percent,
        "tag": words.tag_of,
        "day": words.day_words,
        "year": words.year_words,
        "span": words.span_words,
        "whose": words.whose,
        "whose_and_year": words.whose_and_year,
        "within": words.within,
        "linked": words.linked,
        "added_words": added_words,
        "calls_chart": calls_chart,
        "support_examples": support_examples,
        "first_part_hours": lambda result: first_part_hours(result.calls, result.assistant_hour),
        "hours": lambda hundredths: number(hundredths, HOUR),
        "signed": lambda pence: _whole(last_year.signed(pence)),
        "signed_pupils": lambda millionths: _whole(pupil_changes.signed_pupils(millionths)),
        "cause": last_year.cause_words,
        "cause_name": last_year.cause_name,
        "figure_words": paste.figure_words,
        "read_as": paste.read_as,
        "notional_in_letter": letter.notional_in_letter,
        "with_one_more_plan": with_one_more_plan,
    }
    environment.globals |= {
        "usual_share": usual_share_words(),
        "engine_version": version("evenband"),
        "semantics": SEMANTICS,
    }
    return environment


ENVIRONMENT = _environment()


def page(request: Request, template: str, status: int = 200, **values: object) -> HTMLResponse:
    """Return a template as an answer."""
    text = ENVIRONMENT.get_template(template).render(path=request.url.path, **values)
    return HTMLResponse(text, status)
