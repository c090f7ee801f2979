"""What is not HTTP is answered with the headers that every answer carries."""

import asyncio
import socket

import pytest
import uvicorn

from app.http import outer_layer
from app.http.outer_layer import HEADERS, OuterLayer
from app.http.protocol import DressedProtocol


async def nothing(scope, receive, send):
    """Never be asked: what is sent is no request."""


async def answer_to(sent, application=nothing):
    """Return what a real server answers to some bytes."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application, http=DressedProtocol, lifespan="off"))
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


async def refusing(scope, receive, send):
    """Refuse what is sent, before any of it is read."""
    await send(
        {"type": "http.response.start", "status": 503, "headers": [(b"content-length", b"4")]}
    )
    await send({"type": "http.response.body", "body": b"busy"})


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_who_is_refused_while_still_sending_gets_the_answer_and_not_a_connection_cut_off(version):
    length = 4_000_000
    head = f"POST / HTTP/{version}\r\nHost: here\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
    for _ in range(5):
        answer = asyncio.run(answer_to(head.encode() + b" " * length, OuterLayer(refusing)))
        assert answer.startswith("HTTP/1.1 503 ")
        assert answer.endswith("busy")


def test_who_is_refused_and_sends_no_more_is_answered_all_the_same(monkeypatch):
    monkeypatch.setattr(outer_layer, "UNREAD_SECONDS", 0.05)
    head = b"POST / HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: 9\r\n\r\nabc"
    assert asyncio.run(answer_to(head, OuterLayer(refusing))).startswith("HTTP/1.1 503 ")
