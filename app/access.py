"""Who asks: every function of a service takes it first, so that what may be seen can depend on it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, ``actor``, and for which organisation, ``tenant``."""

    actor: str
    tenant: str


OWNER = Asker("owner", "local")
"""The one owner of a service without sign-in, of its start and of its command line."""


async def asker_of() -> Asker:
    """Return who asks: a service without sign-in has its owner alone."""
    return OWNER


AskerDep = Annotated[Asker, Depends(asker_of)]
