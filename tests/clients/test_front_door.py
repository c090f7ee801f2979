"""The documented reverse proxy, as a real nginx in front of the served service; and raw bytes."""

import re
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from app.http.outer_layer import HEADERS
from app.http.protocol import MOST_HEAD_BYTES
from tests.clients.served import ROOT, ended, wait_for
from tests.programs import need

PAGE = ROOT / "docs" / "operate-it.md"
PATIENCE = 60
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
FORM = b"POST /notional-sen/bedford-2022-23 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
SLOW_HEAD = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
SLOW_BODY = (
    b"POST /v1/what-ifs/top-ups HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: 1000\r\n\r\n{"
)


@pytest.fixture(scope="module")
def door(service, tmp_path_factory):
    """Give the address of nginx, configured as the documentation says, before the service."""
    program, folder = need("nginx"), tmp_path_factory.mktemp("nginx")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (text,) = re.findall(r"```nginx\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    own = "".join(f"{name}_temp_path {folder}/{name};\n" for name in TEMPORARY)
    for written, here in (
        ("client_header_timeout 10s;", "client_header_timeout 1s;"),
        ("client_body_timeout 10s;", "client_body_timeout 1s;"),
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("server 127.0.0.1:8000;", f"server {urlsplit(service).netloc};"),
        ("/run/evenband-nginx.pid", f"{folder}/pid"),
        ("http {\n", f"http {{\n{own}"),
    ):
        assert text.count(written) == 1
        text = text.replace(written, here)
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    command = [program, "-p", folder, "-c", folder / "nginx.conf", "-g", "daemon off;"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            wait_for(process, f"http://127.0.0.1:{port}/health/live", folder / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            ended(process)


def answer_to(address, sent):
    """Return all that comes back for some bytes until the connection is closed."""
    where = urlsplit(address)
    with socket.create_connection((where.hostname, where.port), PATIENCE) as caller:
        caller.sendall(sent)
        parts = []
        try:
            while part := caller.recv(65_536):
                parts.append(part)
        except ConnectionResetError:
            pass
    return b"".join(parts).decode(errors="replace")


def test_a_slow_head_and_a_slow_body_are_cut_while_others_are_answered(door):
    with ThreadPoolExecutor(2) as callers:
        slow = [callers.submit(answer_to, door, sent) for sent in (SLOW_HEAD, SLOW_BODY)]
        with urlopen(f"{door}/v1/cells/toy-2025-26/tariff?band=C&setting=special") as answer:  # noqa: S310 - this machine
            assert answer.read() == b"11220.00"
        answers = [one.result(PATIENCE) for one in slow]
    for text in answers:
        assert text == "" or text.startswith("HTTP/1.1 408 ")


def test_what_passes_the_door_carries_the_headers_of_every_answer(door):
    with urlopen(f"{door}/") as answer:  # noqa: S310 - this machine
        assert all(answer.headers[name] == value for name, value in HEADERS.items())


@pytest.mark.parametrize(
    "sent",
    [
        b"canary \x00\x01\r\n\r\n",
        b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nBad Name: canary\r\n\r\n",
        b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: " + b"c" * (MOST_HEAD_BYTES + 1024),
        b"GET /" + b"c" * (MOST_HEAD_BYTES + 1024),
    ],
    ids=["bytes", "name", "long head", "long line"],
)
def test_what_is_not_http_is_refused_with_the_headers_of_every_answer(service, sent):
    text = answer_to(service, sent)
    assert text.startswith("HTTP/1.1 400 ")
    assert "canary" not in text
    for name, value in HEADERS.items():
        assert f"{name}: {value}".lower() in text.lower()


@pytest.mark.parametrize(
    ("media", "status"),
    [
        (b"application/x-www-form-urlencoded", "422"),
        (b"application/x-www-form-urlencoded; charset=UTF-8", "422"),
        (b"application/x-www-form-urlencoded; charset=utf-16", "415"),
        (b"multipart/form-data; boundary=x; charset=utf-7", "415"),
        (b"text/plain", "415"),
        (b"application/json", "415"),
    ],
)
def test_a_form_is_read_as_utf_8_alone(service, media, status):
    body = b"phase=primary"
    sent = FORM + b"Content-Type: %b\r\nContent-Length: %d\r\n\r\n%b" % (media, len(body), body)
    text = answer_to(service, sent)
    assert text.startswith(f"HTTP/1.1 {status} ")
