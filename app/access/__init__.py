"""Who asks, for which organisation, and what their roles allow."""

from app.access.askers import OWNER, SHARED, Asker, AskerDep, asker_of
from app.access.refusals import NotAllowed, SignInNeeded
from app.access.rights import RIGHTS, Right, Role

__all__ = [
    "OWNER",
    "RIGHTS",
    "SHARED",
    "Asker",
    "AskerDep",
    "NotAllowed",
    "Right",
    "Role",
    "SignInNeeded",
    "asker_of",
]
