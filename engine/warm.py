"""Compile every kernel on purpose, by valuing invented pupils at an invented school.

``python -m engine.warm`` fills the cache folder, so that the first request of a
service and the first run of a command do not wait for the compiler.
"""

from functools import cache

import numpy as np
import polars as pl

from engine.candidates import Candidates, PathValues, Run
from engine.candidates.class_counts import WORTH
from engine.candidates.lanes import WORTH as IN_LANES
from engine.candidates.schools import SchoolRun
from engine.candidates.schools.run import WORTH as TOGETHER
from engine.columns import AMOUNT_PREFIX, PUPIL_COLUMNS
from engine.compare import compare
from engine.data import FIXTURES
from engine.jit import compile_from_now_on
from engine.reading import Limits, pupil_table, school_table
from engine.reading.plain_text import PlainText
from engine.rules.compile import compile_rules, pupil_columns
from engine.rules.compiled import CompiledRules
from engine.rules.load import load_rule_file
from engine.run import evaluate
from engine.tables import PupilTable

TOY = FIXTURES / "rules" / "toy" / "toy-2025-26.yaml"
LEVELS = TOY.with_name("toy-levels-2025-26.yaml")
PRICE = "band_profile.tariff.prices.band:A.pounds"
CUT_OFF = "band_profile.assignment.points.steps.Middle.from"
URN = " 100000"
"""With a space, which queries alone read past, so that they are asked once too."""


@cache
def warm() -> bool:
    """Compile or load every kernel, once a process; return True when done."""
    compile_from_now_on()
    _value_one_school()
    _value_a_table_laid_out()
    _read_plain_text()
    return True


def _value_one_school() -> None:
    rules = compile_rules(load_rule_file(TOY))
    formula = rules.formula
    if formula is None:
        message = "the example's rules have no schools formula to warm the kernels with"
        raise RuntimeError(message)
    pupils = _pupils(rules, {"year_group": "3"}, {"year_group": "3"})
    school = {"urn": URN, "phase": "primary"}
    whole = {**dict.fromkeys(sorted(rules.wanted.known), ""), **school}
    evaluate(rules, school_table(pl.DataFrame([whole]), rules.wanted))
    amounts = {f"{AMOUNT_PREFIX}{line.name}": "" for line in formula.lines if line.rate is None}
    schools = school_table(pl.DataFrame([school | amounts]), rules.wanted)
    outcome = evaluate(rules, schools, pupils)
    compare(outcome, outcome)
    unit_value = f"{formula.lines[0].place}.unit_value"
    values = PathValues(unit_value, np.arange(TOGETHER, dtype=np.int64) + 1, 0)
    for answer in SchoolRun.of(rules, schools, Candidates.of([values]), pupils=pupils).answers():
        answer.valued.sum()


def _value_a_table_laid_out() -> None:
    """Value pupils of whom the rules pay some, laid out as only a large table is."""
    document = load_rule_file(TOY)
    rule = document.top_up_rule and document.top_up_rule.model_copy(update={"part_time": None})
    rules = compile_rules(document.model_copy(update={"top_up_rule": rule}))
    provisions = ({"sen_provision": provision, "year_group": "3"} for provision in "NNNE")
    pupils = _pupils(rules, *provisions).laid_out(least=0)
    evaluate(rules, pupils=pupils)
    _try_candidates(rules, pupils)


def _try_candidates(rules: CompiledRules, pupils: PupilTable) -> None:
    """Work out as many candidates of a price as take the closed form, one, which is worked out by shares, and lanes of a cut-off."""
    levels = compile_rules(load_rule_file(LEVELS))
    # Values that change within the year have no closed form, and those of a day have one.
    day = compile_rules(rules.document, rules.document.effective.first)
    ways = ((day, PRICE, WORTH), (rules, PRICE, 1), (levels, CUT_OFF, IN_LANES))
    for of, path, number in ways:
        values = PathValues(path, np.arange(number, dtype=np.int64) + 1, 0)
        table = _pupils(of, {"sen_provision": "E"}) if of is levels else pupils
        for answer in Run.of(of, table, Candidates.of([values])).answers():
            answer.valued.sum()


def _read_plain_text() -> None:
    """Read comma-separated text as only a large file of it is read."""
    text = PlainText.of(b"pupil_key,la\n1,301\n", Limits())
    if text is not None:
        text.cells({"la": PUPIL_COLUMNS["la"]}, {"la"})


def _pupils(rules: CompiledRules, *held: dict[str, str]) -> PupilTable:
    """Return pupils at one school who hold some values, and nothing else that is asked for."""
    wanted = pupil_columns(rules, counting=True)
    text = dict.fromkeys(sorted(wanted.required), "") | {"la": "301", "urn": URN}
    dates = {"start": "", "end": ""}
    return pupil_table(
        pl.DataFrame(
            [{**text, **dates, **one, "pupil_key": str(at)} for at, one in enumerate(held)]
        ),
        wanted,
    )


if __name__ == "__main__":
    warm()
