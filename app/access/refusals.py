"""What is answered to who may not ask; what belongs to another organisation is not found (404)."""

from http import HTTPStatus

from app.errors import Refused


class SignInNeeded(Refused):
    """It is not known who asks."""

    status = HTTPStatus.UNAUTHORIZED
    kind = "sign-in-needed"
    title = "A key is needed"
    detail = "This address needs a key that is in use."

    def __init__(self, detail: str | None = None) -> None:
        """Say how a program signs in."""
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"})


class WriteNotAllowed(Refused):
    """A change that a page of elsewhere may have caused."""

    status = HTTPStatus.FORBIDDEN
    kind = "change-not-allowed"
    title = "Changes need the start-up token"
    detail = (
        "Only pages of this service, or programs with its start-up token, may change something here. "
        "Send 'Authorization: Bearer' with the token that the service printed when it started."
    )


class NotAllowed(Refused):
    """The asker's roles do not allow this."""

    status = HTTPStatus.FORBIDDEN
    kind = "not-allowed"
    title = "Your role does not allow this"
    detail = "Your roles do not allow this. An administrator of your organisation can change them."
