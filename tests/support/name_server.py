"""A machine of its own whose name server misbehaves: run in new mount and network namespaces.

``unshare -m -n PYTHON name_server.py`` asks the usage API by its real name, which leads nowhere
there, once for each case, and prints ``{case: [kind, queries, connections]}`` as JSON.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import socket
import ssl
import struct
import subprocess
import sys
import threading
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))

from statusline.refresh import api
from tests.support.canary import Scratch
from tests.support.client import ask
from tests.support.deadlines import limit_over_when, patient

URL = "https://api.anthropic.com"
_SET_FLAGS, _UP = 0x8914, 0x41
_NO_ERROR, _SERVFAIL = 0x8180, 0x8182
#: The addresses that each case answers with; 25 fill a datagram.
ADDRESSES = {
    "silent": [],
    "servfail": [],
    "closed": ["127.0.0.1"],
    "other-host": ["127.0.0.2"],
    "many": [f"127.0.1.{number}" for number in range(1, 26)],
}


def _up() -> None:
    """Let loopback be reachable, and the one name server be there."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sH14x", b"lo", _UP))
    with Scratch() as place:
        for name, text in (("resolv.conf", "nameserver 127.0.0.1\n"), ("nsswitch.conf", "")):
            path = Path(place, name)
            path.write_text(text or "hosts: dns\n")
            target = Path("/etc", name).resolve()
            subprocess.run(["mount", "--bind", str(path), str(target)], check=True)


def _answer(case: str, query: bytes) -> bytes:
    name_end = query.index(0, 12)
    question = query[12 : name_end + 5]
    is_ipv4 = question[-4:-2] == b"\0\x01"
    found = ADDRESSES[case] if is_ipv4 else []
    flags = _SERVFAIL if case == "servfail" else _NO_ERROR
    head = query[:2] + struct.pack(">HHHHH", flags, 1, len(found), 0, 0)
    record = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 60, 4)
    return head + question + b"".join(record + socket.inet_aton(each) for each in found)


class NameServer(threading.Thread):
    """Answers as `case` says; `queries` are what came."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.case = ""
        self.queries: list[bytes] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 53))

    def run(self) -> None:
        """Serve for ever."""
        while True:
            query, client = self._socket.recvfrom(512)
            self.queries.append(query)
            if self.case != "silent":
                self._socket.sendto(_answer(self.case, query), client)


def _serve_another_host(connections: list[str]) -> None:
    import trustme  # not in a thread, which may not be in the midst of Rust at the end

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("elsewhere.example").configure_cert(context)
    listener = socket.create_server((ADDRESSES["other-host"][0], 443))
    threading.Thread(target=_meet, args=(context, listener, connections), daemon=True).start()


def _meet(context: ssl.SSLContext, listener: socket.socket, connections: list[str]) -> None:
    while True:
        connection, _ = listener.accept()
        connections.append("TCP")
        with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as tls:
            connections.append("TLS")
            connections.append(tls.recv(65536).decode("latin-1"))


def main() -> None:
    """Be that machine, and ask; the silent case comes last: its thread stays in the lookup."""
    _up()
    names = NameServer()
    names.start()
    connections: list[str] = []
    _serve_another_host(connections)
    found = {}
    for case in sorted(ADDRESSES, key="silent".__eq__):
        names.case, names.queries = case, []
        connections.clear()
        with limit_over_when(api, lambda _: names.queries) if case == "silent" else patient(api):
            kind = ask(URL, deadline_s=0.6).kind
        found[case] = [kind, len(names.queries), [*connections]]
    print(json.dumps(found), flush=True)  # noqa: T201  # the result


if __name__ == "__main__":
    main()
