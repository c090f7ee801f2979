"""What is answered to who may not ask; what belongs to another organisation is not found (404)."""

from http import HTTPStatus

from app.errors import Refused


class SignInNeeded(Refused):
    """It is not known who asks."""

    status = HTTPStatus.UNAUTHORIZED
    kind = "sign-in-needed"
    title = "Sign in first"
    detail = "This address needs a signed-in person or a key that is in use."

    def __init__(self, detail: str | None = None) -> None:
        """Say how a program signs in."""
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"})


class NotAllowed(Refused):
    """The asker's roles do not allow this."""

    status = HTTPStatus.FORBIDDEN
    kind = "not-allowed"
    title = "Your role does not allow this"
    detail = "Your roles do not allow this. An administrator of your organisation can change them."
