"""Who asks: every function of a service takes it first, so that what may be seen can depend on it."""

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from app.access.rights import Right, Role, rights_of
from app.models import SHARED
from app.rate_limits import take_once


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


async def asker_of(request: Request) -> Asker:
    """Return who asks, or refuse (401) where the service needs to know and does not."""
    # The service is put together with how it finds out, which needs a database and the audit.
    return cast("Asker", await request.app.state.identification.asker(request))


async def known_asker(request: Request, asker: Annotated[Asker, Depends(asker_of)]) -> Asker:
    """Return who asks, within its limit of work; what is recorded of a request says for whom it was."""
    request.scope["state"]["asker"] = asker
    take_once(request, (asker.tenant, asker.actor))
    return asker


AskerDep = Annotated[Asker, Depends(known_asker)]
