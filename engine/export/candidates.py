"""Candidates as rows: one a candidate, and one a group of each candidate."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.candidates import BlockAnswer, BlockRun
from engine.candidates.figures import PARTS
from engine.candidates.summary import Summary
from engine.columns import Int
from engine.export.group_names import group_name
from engine.export.long_rows import LongRows
from engine.money import half_away
from engine.rows import Rows, Shape, where_known

MOST_PATHS = 60
"""Paths that have a column each; more are named by the candidates' document alone."""

COST_AND_LOSS, COST_AND_SPREAD = "cost and loss", "cost and spread"
HUNDREDTH_OF_PERCENT = 100
"""Millionths of the whole."""

GROUP_SHAPES = {
    "candidate": Shape.text,
    "grouping": Shape.text,
    "group": Shape.text,
    "name": Shape.text,
    "number": Shape.whole,
    "before": Shape.pounds,
    "after": Shape.pounds,
    "change": Shape.pounds,
    "winners": Shape.whole,
    "losers": Shape.whole,
    "unchanged": Shape.whole,
    "not_known": Shape.whole,
}
BAND = "band"
FORMULA = {"formula": Shape.pounds, "share_of_formula": Shape.percent}
"""What rows have beside it where candidates are compared by notional SEN: what the formula pays schools, and the share of it."""


def group_shapes(run: BlockRun) -> dict[str, Shape]:
    """Return the columns that the rows of groups of a run have."""
    return {**GROUP_SHAPES, **(FORMULA if _has_formula(run) else {})}


def _has_formula(run: BlockRun) -> bool:
    return run.of_schools and run.measure_name != "formula"


def candidate_rows(run: BlockRun, summary: Summary, which: Int | None = None) -> Rows:
    """Return one row a candidate that was valued, or of those at ``which``, in their order: what it tries, costs and changes."""
    those = np.flatnonzero(summary.valued) if which is None else which
    figures, candidates = summary.figures, run.candidates
    shown = candidates.values if len(candidates.values) <= MOST_PATHS else ()
    loss, spread = set(summary.front_of_loss.tolist()), set(summary.front_of_spread.tolist())
    fronts = [
        ", ".join(
            name for name, of in ((COST_AND_LOSS, loss), (COST_AND_SPREAD, spread)) if at in of
        )
        for at in those.tolist()
    ]
    known = (figures.winners + figures.losers + figures.unchanged)[those] > 0

    def column(values: Int, shape: Shape = Shape.whole) -> tuple[Shape, pl.Series]:
        return shape, pl.Series(values[those])

    def money(values: Int) -> tuple[Shape, pl.Series]:
        return Shape.pounds, where_known(values[those], known)

    of_formula = {}
    if _has_formula(run):
        share = half_away(figures.after * PARTS, np.maximum(figures.formula, 1))
        is_share = known & (figures.formula[those] > 0)
        of_formula = {
            "formula": money(figures.formula),
            "share_of_formula": (
                Shape.percent, where_known(share[those] * HUNDREDTH_OF_PERCENT, is_share)
            ),
        }  # fmt: skip
    return Rows.of(
        "candidates",
        {
            "candidate": (Shape.text, pl.Series([candidates.name(at) for at in those.tolist()], dtype=pl.String)),
            **{one.place: (Shape.figure, pl.Series([one.text(at) for at in those.tolist()], dtype=pl.String)) for one in shown},
            "total": column(figures.total, Shape.pounds),
            "before": money(figures.before),
            "after": money(figures.after),
            "change": money(figures.after - figures.before),
            **of_formula,
            "winners": column(figures.winners),
            "losers": column(figures.losers),
            "unchanged": column(figures.unchanged),
            "not_known": column(figures.unknown),
            "largest_authority_loss": column(figures.loss * HUNDREDTH_OF_PERCENT, Shape.percent),
            "spread_of_authorities": column(figures.spread * HUNDREDTH_OF_PERCENT, Shape.percent),
            "authorities_over_budget": column(figures.over),
            "over_budget": column(figures.excess, Shape.pounds),
            "keeps_to_constraints": (Shape.text, pl.Series(np.where(figures.keeps[those], "yes", "no").astype(str), dtype=pl.String)),
            "front": (Shape.text, pl.Series([one or None for one in fronts], dtype=pl.String)),
        },
    )  # fmt: skip


def group_rows(run: BlockRun, answers: Iterable[BlockAnswer], which: NDArray[np.bool_]) -> Rows:
    """Return one row a group of each of the candidates ``which`` (candidates), and one a band, in their order."""
    frames, shapes = (
        [frame for answer in answers for frame in _frames(run, answer, which)],
        group_shapes(run),
    )
    schema = {name: pl.String if one.is_text else pl.Int64 for name, one in shapes.items()}
    ordered = pl.concat(frames).sort("row", maintain_order=True) if frames else pl.DataFrame()
    frame = ordered.select(list(schema)).cast(schema) if frames else pl.DataFrame(schema=schema)  # type: ignore[arg-type]
    return Rows("groups", shapes, frame)


def group_rows_of(run: BlockRun, places: Sequence[int]) -> Rows:
    """Return the rows of groups of the candidates at some places, whose blocks alone are worked out."""
    which = np.zeros(len(run.candidates), np.bool_)
    which[list(places)] = True
    return group_rows(run, answers_among(run, which), which)


def answers_among(run: BlockRun, which: NDArray[np.bool_]) -> Iterator[BlockAnswer]:
    """Yield answers that have the candidates which ``which`` marks among all, and may have others beside them."""
    some = run.of_some(which)
    return some.answers_of(some.blocks_among(which))


def long_group_rows(
    run: BlockRun, answers: Iterable[BlockAnswer], which: NDArray[np.bool_] | None = None
) -> LongRows:
    """Return the same of all candidates, or of those ``which``, in pieces as blocks are worked out.

    The answers come in the order of candidates, of which each has one answer; those of some candidates one after
    another may come together in parts.
    """
    those = np.ones(len(run.candidates), np.bool_) if which is None else which

    def pieces() -> Iterator[Rows]:
        together: list[BlockAnswer] = []
        last = -1
        for answer in answers:
            if together and int(answer.rows[0]) > last:
                yield group_rows(run, together, those)
                together = []
            together.append(answer)
            last = max(last, int(answer.rows[-1]))
        if together:
            yield group_rows(run, together, those)

    return LongRows("groups", group_shapes(run), pieces())


def _frames(run: BlockRun, answer: BlockAnswer, which: NDArray[np.bool_]) -> Iterator[pl.DataFrame]:
    """Yield the rows of a block's candidates: of groups that have pupils, and of bands."""
    chosen = np.flatnonzero(which[answer.rows] & answer.valued)
    if not len(chosen):
        return
    names = [run.candidates.name(int(row)) for row in answer.rows[chosen]]
    kinds = [
        (kind.name, group, group_name(kind.name, group))
        for kind in run.groups.kinds
        for group in kind.groups
    ]
    arrays = {
        "number": answer.people, "before": answer.before, "after": answer.after,
        "change": answer.change, "winners": answer.winners, "losers": answer.losers,
        "unchanged": answer.unchanged, "not_known": answer.unknown,
    }  # fmt: skip
    if _has_formula(run) and answer.formula is not None:
        share = (
            half_away(answer.after * PARTS, np.maximum(answer.formula, 1)) * HUNDREDTH_OF_PERCENT
        )
        arrays |= {"formula": answer.formula, "share_of_formula": share}
    frame = _long(
        answer.rows[chosen], names, kinds, {name: one[chosen] for name, one in arrays.items()}
    )
    money = [
        name for name, one in group_shapes(run).items() if one in (Shape.pounds, Shape.percent)
    ]
    known = pl.col("number") > pl.col("not_known")
    yield frame.filter(pl.col("number") > 0).with_columns(
        pl.when(known).then(pl.col(name)).alias(name) for name in money
    )
    bands = answer.band_names
    if bands:
        counts = {"number": answer.bands[chosen]}
        found = _long(answer.rows[chosen], names, [(BAND, one, None) for one in bands], counts)
        missing = [name for name in frame.columns if name not in found.columns]
        nothing = [pl.lit(None, frame.schema[name]).alias(name) for name in missing]
        yield found.with_columns(nothing).select(frame.columns)


def _long(
    rows: Int,
    names: Sequence[str],
    groups: Sequence[tuple[str, str, str | None]],
    arrays: dict[str, Int],
) -> pl.DataFrame:
    """Return arrays (candidates, groups) as columns, all groups of a candidate one after another."""
    each = len(groups)
    kind, group, name = (
        pl.Series([one[at] for one in groups] * len(names), dtype=pl.String) for at in range(3)
    )
    return pl.DataFrame(
        {
            "row": np.repeat(rows, each),
            "candidate": pl.Series(names, dtype=pl.String).gather(
                np.repeat(np.arange(len(names)), each)
            ),
            "grouping": kind,
            "group": group,
            "name": name,
            **{title: np.ascontiguousarray(one).reshape(-1) for title, one in arrays.items()},
        }
    )


def left_out_records(summary: Summary, *, public: bool = False) -> list[dict[str, str]]:
    """Return the candidates that were left out, each with the reason, as plain values.

    ``public`` reasons tell of no row of pupils.
    """
    return [
        {"candidate": one.name, "reason": one.public_reason if public else one.reason}
        for one in summary.left_out
    ]
