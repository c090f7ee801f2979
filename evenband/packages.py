"""The packages that Evenband consists of: the import fails in plain words where another hides one.

The engine is the package ``engine``, the service and the command line are ``app``. Both names are
likely ones, and a folder of that name beside a notebook comes first on the import path.
"""

import sys
import warnings
from importlib.util import find_spec
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
"""The folder that holds the packages beside one another, installed or in a checkout."""


def refuse_foreign() -> None:
    """Raise ``ImportError`` where ``engine`` is not Evenband's own; warn where ``app`` is not.

    Nothing here reads ``app``, so that a notebook beside another ``app.py`` works.
    """
    found = place_of("engine")
    if found is None:
        message = f"Evenband's package 'engine' is not in {HOME}; install evenband again."
        raise ImportError(message, name="engine")
    if not is_ours("engine", found):
        raise ImportError(_sentence("engine", found), name="engine", path=str(found))
    found = place_of("app")
    if found is not None and not is_ours("app", found):
        sentence = f"{_sentence('app', found)} Only its service and commands need it."
        warnings.warn(sentence, stacklevel=3)


def place_of(name: str) -> Path | None:
    """Return the file or folder from which a package comes or would come; None where there is none."""
    loaded = sys.modules.get(name)
    if loaded is not None:
        return _place(getattr(loaded, "__file__", None), list(getattr(loaded, "__path__", [])))
    spec = find_spec(name)
    if spec is None:
        return None
    return _place(spec.origin, list(spec.submodule_search_locations or []))


def _place(file: str | None, folders: list[str]) -> Path:
    return Path(file or next(iter(folders), "")).resolve()


def is_ours(name: str, place: Path) -> bool:
    """Return whether a package is in the same folder as this one."""
    return place.is_relative_to(HOME / name)


def _sentence(name: str, place: Path) -> str:
    return (
        f"{place} hides Evenband's own package of the name '{name}': rename it, or start Python where "
        f"it is not on the import path."
    )
