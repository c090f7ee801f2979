"""Compile every kernel on purpose, by valuing two invented pupils at an invented school.

``python -m engine.warm`` fills the cache folder, so that the first request of a
service and the first run of a command do not wait for the compiler.
"""

from functools import cache

import polars as pl

from engine.columns import AMOUNT_PREFIX
from engine.compare import compare
from engine.evaluate import evaluate
from engine.ingest import pupil_table, school_table
from engine.rules.compile import compile_rules, pupil_columns
from engine.rules.load import load_rule_file
from engine.vocabulary import FIXTURES

TOY = FIXTURES / "rules" / "toy" / "toy-2025-26.yaml"


@cache
def warm() -> bool:
    """Compile or load every kernel, once a process; return True when done."""
    rules = compile_rules(load_rule_file(TOY))
    formula = rules.formula
    if formula is None:
        message = "the example's rules have no schools formula to warm the kernels with"
        raise RuntimeError(message)
    wanted = pupil_columns(rules, counting=True)
    text = dict.fromkeys(sorted(wanted.required), "")
    row = {
        **text,
        "pupil_key": "a",
        "la": "301",
        "urn": "100000",
        "year_group": "3",
        "start": "",
        "end": "",
    }
    pupils = pupil_table(pl.DataFrame([row, {**row, "pupil_key": "b"}]), wanted)
    school = {"urn": "100000", "phase": "primary"}
    whole = {**dict.fromkeys(sorted(rules.wanted.known), ""), **school}
    evaluate(rules, school_table(pl.DataFrame([whole]), rules.wanted))
    amounts = {f"{AMOUNT_PREFIX}{line.name}": "" for line in formula.lines if line.rate is None}
    outcome = evaluate(rules, school_table(pl.DataFrame([school | amounts]), rules.wanted), pupils)
    compare(outcome, outcome)
    return True


if __name__ == "__main__":
    warm()
