"""HTTP as the server reads it: bounded heads, and refusals with the headers of every answer."""

from uvicorn.protocols.http.h11_impl import H11Protocol

from app.http.outer_layer import HEADERS, POLICY

MOST_HEAD_BYTES = 32 * 1024
KEEP_ALIVE_SECONDS = 15


class DressedProtocol(H11Protocol):
    """The server's protocol, whose answer to what is no HTTP carries the headers of every answer."""

    def send_400_response(self, msg: str) -> None:
        """Answer what is not HTTP, and close the connection."""
        dressed = {
            "Content-Type": "text/plain; charset=utf-8",
            "Connection": "close",
            "Content-Security-Policy": POLICY.format(nonce="none"),
            **HEADERS,
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in dressed.items())
        self.transport.write(f"HTTP/1.1 400 Bad Request\r\n{head}\r\n{msg}".encode("ascii"))
        self.transport.close()
