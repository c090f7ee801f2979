"""The key in the address of a cell: taken out of the address before anything else reads it.

A spreadsheet's formula can send no header. The key of a cell is in its address, on these addresses
alone; what comes after this layer, such as a refusal that names a parameter, never has it.
"""

from urllib.parse import unquote_plus

from starlette.types import ASGIApp, Receive, Scope, Send

CELLS = "/v1/cells/"
NAME = b"key="
STATE_NAME = "cell_key"
"""Where the state of a request has the key."""


class CellKeys:
    """An ASGI application around the service that moves the keys of cells from the address into the state."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, that of a cell without the key in its address."""
        if scope["type"] == "http" and scope["path"].startswith(CELLS):
            parts = scope["query_string"].split(b"&")
            sent = [one.removeprefix(NAME) for one in parts if one.startswith(NAME)]
            if sent:
                rest = b"&".join(one for one in parts if not one.startswith(NAME))
                scope = {**scope, "query_string": rest}
                # Several keys are none.
                key = sent[0].decode("latin-1") if len(sent) == 1 else ""
                scope.setdefault("state", {})[STATE_NAME] = unquote_plus(key)
        await self.app(scope, receive, send)
