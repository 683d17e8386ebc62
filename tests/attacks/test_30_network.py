"""Attack: sends what it knows to a server, to a local socket, to the kernel."""

import socket

import pytest

SEND = """
import asyncio, socket, urllib.request
def look():
    done = []
    def attempt(name, act):
        try: act(); done.append(name)
        except (OSError, AttributeError): pass
    def udp():
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.sendto(b"x", ("127.0.0.1", {port}))
    def unix(path):
        s = socket.socket(socket.AF_UNIX); s.connect(path)
    attempt("tcp", lambda: socket.create_connection(("127.0.0.1", {port}), 1))
    attempt("udp", udp)
    attempt("http", lambda: urllib.request.urlopen("http://127.0.0.1:{port}", timeout=1))
    attempt("abstract", lambda: unix(chr(0) + {name!r}))
    attempt("path", lambda: unix({path!r}))
    attempt("listen", lambda: socket.create_server(("127.0.0.1", 0)))
    attempt("netlink", lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0))
    attempt("packet", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0))
    attempt("dns", lambda: socket.getaddrinfo("example.org", 80))
    attempt("asyncio", lambda: asyncio.run(asyncio.open_connection("127.0.0.1", {port})))
    return done
"""


@pytest.mark.usefixtures("locked_down")
def test_nothing_can_be_sent(findings, open_folder):
    path, name = str(open_folder / "socket"), open_folder.name  # machine-wide, so drawn
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_UNIX) as unix,
        socket.socket(socket.AF_UNIX) as abstract,
    ):
        unix.bind(path)
        unix.listen()
        abstract.bind(f"\0{name}")
        abstract.listen()
        (open_folder / "socket").chmod(0o777)
        cell = SEND.format(port=tcp.getsockname()[1], name=name, path=path)
        assert "found: []" in findings(cell)
