"""Compiled rules held equal part by part."""

from dataclasses import fields, is_dataclass

import numpy as np
from pydantic import BaseModel

from engine.cache import Cache


def plain(part: object) -> object:
    """Return plain values without the provenances that their parts may state."""
    if isinstance(part, dict):
        return {key: plain(one) for key, one in part.items() if key != "provenance"}
    return [plain(one) for one in part] if isinstance(part, list | tuple) else part


def same(one: object, other: object, where: str = "") -> None:
    """Hold two compiled parts equal, arrays and all; ``where`` names the first that differs."""
    assert type(one) is type(other), where
    if isinstance(one, np.ndarray):
        assert one.dtype == other.dtype, where
        assert np.array_equal(one, other), where
    elif isinstance(one, BaseModel):
        # A document's parts are held equal by their plain forms.
        assert plain(one.model_dump()) == plain(other.model_dump()), where
    elif is_dataclass(one):
        for each in fields(one):
            if each.type is not Cache:
                same(getattr(one, each.name), getattr(other, each.name), f"{where}.{each.name}")
    elif isinstance(one, tuple | list):
        assert len(one) == len(other), where
        for at, (mine, theirs) in enumerate(zip(one, other, strict=True)):
            same(mine, theirs, f"{where}.{at}")
    elif isinstance(one, dict):
        assert one.keys() == other.keys(), where
        for key in one:
            same(one[key], other[key], f"{where}.{key}")
    else:
        assert one == other, where
