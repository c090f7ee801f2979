"""What a workbook of candidates has beside its summary: the front, groups of a few, and who was left out, a sheet each."""

from dataclasses import replace

import numpy as np

from engine.candidates import BlockRun
from engine.candidates.few import few_of
from engine.candidates.summary import Summary
from engine.export.candidates import candidate_rows, group_rows_of, left_out_records
from engine.rows import Rows, Shape

LEFT_OUT = {"candidate": Shape.text, "reason": Shape.text}


def candidate_sheets(run: BlockRun, summary: Summary) -> list[Rows]:
    """Return the sheets after the summary; each has its column names where it has no rows.

    The groups are those of the candidates that ``few_of`` chooses.
    """
    front = np.union1d(summary.front_of_loss, summary.front_of_spread).astype(np.int64)
    order = front[np.argsort(summary.figures.total[front], kind="stable")]
    return [
        replace(candidate_rows(run, summary, order), name="front"),
        replace(group_rows_of(run, few_of(summary)), name="groups"),
        Rows.of_records("left_out", LEFT_OUT, [dict(one) for one in left_out_records(summary)]),
    ]
