"""Values of the rules that reach a target: a total of top-ups, or a share of the schools formula as notional SEN."""

from decimal import Decimal
from fractions import Fraction

import polars as pl

from engine.candidates.seek_pairs import line_of
from engine.export import exact
from engine.export.search_rows import search, unknown_notices
from engine.money import is_number, pence
from engine.run import evaluate
from evenband.arguments import of_kind
from evenband.rules import Rules
from evenband.run_warnings import warn_of
from evenband.tables import Pupils, Schools

Number = str | int | Decimal


def seek(
    rules: Rules,
    path: str,
    *,
    total: Number | None = None,
    share: Number | None = None,
    pupils: Pupils | None = None,
    schools: Schools | None = None,
    between: tuple[Number, Number] | None = None,
    second: tuple[str, Number, Number, Number] | None = None,
) -> pl.DataFrame:
    """Return the values of a path at which a target is reached, with all that tie, or those nearest to it on both sides.

    ``path`` is one that ``evenband rules paths`` names. The target is ``total``, pounds that all top-ups of ``pupils`` come
    to, or ``share``, the percentage of the schools formula of ``schools`` that notional SEN budgets are, for example "12.1".
    ``between`` are the lowest and the highest value that are looked at, which cut-offs and other whole numbers need.
    ``second`` is another path with its first value, its last and the step between: for each, the values of ``path``.

    The columns are those of ``evenband seek``: ``is`` (exact, nearest below, nearest above), ``from`` and ``to``, between which
    all values come to the same, and what that is; money is pounds. Raises ``OverrideRefused``, a ``RuleRefused``, for paths
    and values that cannot be, ``PairRefused`` where rules and table do not fit, ``TypeError`` and ``ValueError`` for others.
    Warns of the table, the rules and figures that may be wrong, as ``value`` does.
    """
    of_kind(rules, Rules, "the rules are what read_rules returns")
    of_kind(path, str, "the path is text, as 'evenband rules paths' names it")
    if (total is None) == (share is None):
        message = "give total with pupils, or share with schools"
        raise ValueError(message)
    bounds = (
        None if between is None else (_text(between[0], "between"), _text(between[1], "between"))
    )
    line = None
    if second is not None:
        first, last, step = (_text(one, "second") for one in second[1:])
        line = line_of(second[0], first, last, step)
    other = schools if total is not None else pupils
    if other is not None:
        message = "total is of pupils alone, and share of schools alone"
        raise ValueError(message)
    if total is not None:
        of_kind(pupils, Pupils, "total is of the pupils that read_pupils returns")
        table = pupils.under(rules) if pupils is not None else None
        target = pence(_text(total, "total"))
        rows = search(rules.compiled, path, target, None, table, bounds, line)
        outcome = evaluate(rules.compiled, pupils=table)
        warn_of(rules, outcome, () if table is None else table.notices, unknown_notices(outcome))
        return exact(rows)
    of_kind(schools, Schools, "share is of the schools that read_schools returns")
    of = schools.under(rules) if schools is not None else None
    part = Fraction(_text(share, "share")) / 100
    if not 0 <= part <= 1:
        message = 'share is a percentage from 0 to 100, such as "12.1"'
        raise ValueError(message)
    rows = search(rules.compiled, path, part, of, None, bounds, line)
    warn_of(rules, evaluate(rules.compiled, of), () if of is None else of.notices)
    return exact(rows)


def _text(number: Number | None, argument: str) -> str:
    """Return a number as text; raises ``TypeError`` or ``ValueError``, which name the argument."""
    sentence = f'{argument} has numbers such as 12, "12.5" or Decimal("12.5")'
    of_kind(number, (str, int, Decimal), sentence)
    text = f"{number:f}" if isinstance(number, Decimal) else str(number)
    if not is_number(text):
        raise ValueError(sentence)
    return text
