"""The process beside the service: the standard library alone, so that nothing of the service holds it up.

``python watch.py DESCRIPTOR`` answers on the listening socket of that number. Standard input is a
pipe from the service, which writes a byte as often as its event loop turns; the end of the pipe is
the end of the service, and of this process.
"""

import os
import signal
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

STALE_SECONDS = 5
"""Without a beat for so long the service is not live."""

CALLER_SECONDS = 5
MOST_BEATS = 4096


class Heart:
    """When the service last sent a beat; never at first."""

    def __init__(self) -> None:
        """Start without a beat."""
        self.last: float | None = None

    def listen(self) -> None:
        """Read beats until the service ends, then end with it."""
        while os.read(sys.stdin.fileno(), MOST_BEATS):
            self.last = time.monotonic()
        os._exit(0)

    @property
    def beats(self) -> bool:
        """Return whether the service sent a beat recently."""
        return self.last is not None and time.monotonic() - self.last < STALE_SECONDS


HEART = Heart()


class Answer(BaseHTTPRequestHandler):
    """Answers every GET and HEAD alike."""

    timeout = CALLER_SECONDS
    server_version, sys_version = "evenband", ""

    def do_GET(self) -> None:
        """Say 200 while the service beats, and 503 otherwise."""
        is_live = HEART.beats
        body = b'{"alive":true}' if is_live else b'{"alive":false}'
        self.send_response(200 if is_live else 503)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815 - the library's name

    def log_message(self, *_: object) -> None:
        """Log nothing."""


def main(descriptor: int) -> None:
    """Answer until the service ends."""
    # Ctrl+C is for the service; its end is this process's own.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=HEART.listen, daemon=True).start()
    server = ThreadingHTTPServer(("", 0), Answer, bind_and_activate=False)
    server.socket.close()
    server.socket = socket.socket(fileno=descriptor)
    server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]))
