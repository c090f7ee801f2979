"""What a run of candidates has worked out so far, in a file beside its target, so that the same run goes on where it was ended.

The file is named after the target, is open to its owner alone, and is gone once the target is written. It holds totals by group, but no key and no row of a pupil.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from app.commands.candidate_plan import Plan
from app.commands.exits import misused, say
from app.commands.inputs import Tables
from app.commands.outputs import Output
from engine.candidates import BlockRun, digest_of
from engine.export import disk_errors_about, program_record, rules_record
from engine.modules import SEMANTICS

ENDING = ".resume"
FORMAT = "evenband-resume/1"
_OWNER_ALONE = 0o600


class Progress(NamedTuple):
    """An open file, and where the records in it begin."""

    file: BinaryIO
    start: int


def run_digest(plan: Plan, tables: Tables, run: BlockRun, kind: str) -> str:
    """Return the SHA-256 of everything that decides what a run keeps: inputs, rules, candidates, limits, groups, source and libraries.

    ``kind`` is what is kept of each block.
    """
    document = plan.document
    decides = {
        "kind": kind,
        "inputs": [
            {name: value for name, value in one.record().items() if name != "name"}
            for one in tables.inputs
        ],
        "rules": [rules_record(one.rules, one.overrides) for one in tables.sides],
        "candidates": digest_of(run.candidates),
        "constraints": document.constraints.model_dump(mode="json"),
        "budgets": None if plan.budgets is None else sorted(plan.budgets.items()),
        "measure": run.measure_name,
        "groups": [(one.name, one.groups) for one in run.groups.kinds],
        "blocks": [(one.variant, one.length) for one in run.blocks],
        "semantics": SEMANTICS,
        "program": program_record(),
    }
    return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()


@contextmanager
def progress_beside(output: Output, digest: str) -> Iterator[Progress]:
    """Yield the file of what was worked out so far, which is gone once the block is left without a fault.

    What another run left there is given up, and that is said. Raises a refusal where another process has it open.
    """
    if output.path is None:
        raise misused("--resume is for a file: name it with --out")
    path = output.path.with_name(output.path.name + ENDING)
    with disk_errors_about(str(path)):
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, _OWNER_ALONE)
    with os.fdopen(handle, "r+b") as file:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise misused(
                f"{path} belongs to a run that goes on; wait for it, or choose another --out"
            ) from None
        os.fchmod(handle, _OWNER_ALONE)
        yield Progress(file, _beginning(file, path, digest))
        path.unlink()


def _beginning(file: BinaryIO, path: Path, digest: str) -> int:
    """Return where records begin in a file of the same run; one of another run is begun anew."""
    head = f"{FORMAT} {digest}\n".encode()
    held = file.readline(len(head))
    if held != head:
        if held:
            say(
                [
                    f"{path}: is of other inputs, rules, candidates or another version; starting anew."
                ]
            )
        file.seek(0)
        file.truncate()
        file.write(head)
        file.flush()
    return len(head)
