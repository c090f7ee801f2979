"""Packages whose public names are loaded from their modules when they are first used."""

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any


def lazy_names(package: str, homes: Mapping[str, Sequence[str]]) -> Callable[[str], Any]:
    """Return the ``__getattr__`` of a package, by its modules with the public names of each.

    Loading a package then loads none of its modules, and its modules may import one another.
    """
    modules = {name: f"{package}.{home}" for home, names in homes.items() for name in names}

    def load(name: str) -> Any:
        if name not in modules:
            message = f"module {package!r} has no attribute {name!r}"
            raise AttributeError(message)
        public = getattr(import_module(modules[name]), name)
        setattr(sys.modules[package], name, public)
        return public

    return load
