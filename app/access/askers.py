"""Who asks: every function of a service takes it first, so that what may be seen can depend on it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from app.access.rights import Right, Role, rights_of

SHARED = "local"
"""The organisation whose rule sets everybody of a service sees: what its operator publishes, and what comes with it."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, ``actor``, for which organisation, ``tenant``, and in which roles there."""

    actor: str
    tenant: str
    roles: frozenset[Role] = frozenset()

    def may(self, right: Right) -> bool:
        """Return whether a role of the asker allows something."""
        return right in rights_of(self.roles)


OWNER = Asker("owner", SHARED, frozenset(Role))
"""The one owner of a service without sign-in, of its start and of its command line."""


async def asker_of() -> Asker:
    """Return who asks: a service without sign-in has its owner alone."""
    return OWNER


AskerDep = Annotated[Asker, Depends(asker_of)]
