"""Ways to refresh a shared cache that do not work, for the tests to catch (L10).

Run as ``python -IS strategies.py NAME PORT DIRECTORY``: one process that wants the cache in
DIRECTORY filled from the server on PORT. Each guards the request in a way that is often seen, and
none remembers an attempt that failed.
"""

from __future__ import annotations

import fcntl
import os
import socket
import sys

NAMES = ("no_lock", "blocking", "blocking_recheck", "nonblocking_recheck")


def main(name: str, port: int, directory: str) -> None:
    """Fill the cache in `directory` the way that `name` says."""
    cache = os.path.join(directory, "cache")
    if os.path.exists(cache):
        return
    if name == "no_lock":
        _ask(port, cache)
        return
    wait = fcntl.LOCK_EX if name.startswith("blocking") else fcntl.LOCK_EX | fcntl.LOCK_NB
    with open(os.path.join(directory, "lock"), "ab") as lock:
        try:
            fcntl.flock(lock, wait)
        except BlockingIOError:
            return
        if not (name.endswith("recheck") and os.path.exists(cache)):
            _ask(port, cache)


def _ask(port: int, cache: str) -> None:
    with socket.create_connection(("127.0.0.1", port)) as stream:
        stream.sendall(b"GET /api/oauth/usage HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer = b""
        while block := stream.recv(65536):
            answer += block
    if answer.startswith(b"HTTP/1.1 200 "):
        temporary = f"{cache}.{os.getpid()}"
        with open(temporary, "wb") as file:
            file.write(answer)
        os.replace(temporary, cache)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
