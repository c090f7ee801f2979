"""Three questions asked for real, and the functions of the project that they call, in the order of their first call.

Run as ``python -m tests.house.trips NAME``: in a process of its own, where nothing was looked up before.
"""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from types import FrameType

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "fixtures" / "rules"
FOLDERS = tuple(f"{ROOT / folder}/" for folder in ("engine", "evenband", "app"))


@contextmanager
def calls() -> Iterator[dict[str, None]]:
    """Give the functions called, as ``file function``, each where it was first called, in any thread."""
    first: dict[str, None] = {}

    def note(frame: FrameType, event: str, _: object) -> None:
        file = frame.f_code.co_filename
        if event == "call" and file.startswith(FOLDERS):
            first.setdefault(f"{file.removeprefix(f'{ROOT}/')} {frame.f_code.co_name}")

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        yield first
    finally:
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]


def a_rule_document() -> dict[str, None]:
    """Read a rule document, bring it to a day, and print a price."""
    import evenband  # noqa: PLC0415 - nothing is looked up before the trip begins

    with calls() as first:
        rules = evenband.read_rules(RULES / "toy" / "toy-2025-26.yaml")
        rules.to_polars()
    return first


def a_pupil() -> dict[str, None]:
    """Value the pupils of a file, and explain one."""
    import evenband  # noqa: PLC0415

    rules = evenband.read_rules(RULES / "toy" / "toy-2025-26.yaml")
    with calls() as first:
        pupils = evenband.read_pupils(ROOT / "fixtures" / "tables" / "toy_pupils.csv", rules)
        outcome = evenband.value(rules, pupils=pupils)
        evenband.explain(outcome, "toy-03").to_polars()
    return first


def a_page_s_question() -> dict[str, None]:
    """Ask the page of a school for its notional SEN budget."""
    from fastapi.testclient import TestClient  # noqa: PLC0415

    from app.main import create_app  # noqa: PLC0415
    from app.settings import Settings  # noqa: PLC0415

    with TemporaryDirectory() as folder, calls() as first:
        rules = Path(folder) / "rules"
        rules.mkdir()
        name = "northumberland-2015-16"
        copyfile(next(RULES.rglob(f"{name}.yaml")), rules / f"{name}.yaml")
        settings = Settings(
            database_url=f"sqlite:///{folder}/evenband.db", rules_folder=rules, warm_at_start=False
        )
        with TestClient(create_app(settings), base_url="http://localhost") as client:
            first.clear()
            answers = {"phase": "primary", "units_fsm_primary": "10", "blanks": "none"}
            client.get(f"/notional-sen/{name}", params=answers).raise_for_status()
            return dict(first)


TRIPS: dict[str, Callable[[], dict[str, None]]] = {
    "a pupil": a_pupil,
    "a rule document": a_rule_document,
    "a page's question": a_page_s_question,
}

if __name__ == "__main__":
    sys.stdout.write("\n".join(TRIPS[sys.argv[1]]()) + "\n")
