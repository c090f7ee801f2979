"""What is not HTTP is answered with the headers that every answer carries."""

import asyncio
import socket

import uvicorn

from app.front import HEADERS
from app.protocol import DressedProtocol


async def nothing(scope, receive, send):
    """Never be asked: what is sent is no request."""


async def answer_to(sent):
    """Return what a real server answers to some bytes."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(nothing, http=DressedProtocol, lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    reader, writer = await asyncio.open_connection(*listening.getsockname())
    writer.write(sent)
    answer = await reader.read()
    writer.close()
    server.should_exit = True
    await serving
    return answer.decode()


def test_what_is_not_http_is_refused_with_the_headers_of_every_answer():
    answer = asyncio.run(answer_to(b"canary \x00\r\n\r\n"))
    assert answer.startswith("HTTP/1.1 400 ")
    assert "canary" not in answer
    for name, value in HEADERS.items():
        assert f"{name.lower()}: {value}".lower() in answer.lower()
    assert "content-security-policy: default-src 'none'" in answer.lower()
