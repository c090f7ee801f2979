"""Who asks, for which organisation, and what their roles allow."""

from app.access.askers import OWNER, Asker, AskerDep, asker_of
from app.access.refusals import NotAllowed, SignInNeeded, WriteNotAllowed
from app.access.rights import RIGHTS, Right, Role
from app.models import SHARED

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
    "WriteNotAllowed",
    "asker_of",
]
