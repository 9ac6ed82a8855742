"""What lets Claude Code's hook print a line again without Python: the line, and stdin in pieces.

The document that a line was made from is cut where numbers stand that the line does not show. The
hook prints the line again for a document of the very same pieces with any numbers between them.
All else that a render reads, of the environment and of files, the hook checks, and the line is
true for a minute at most: what Python would print is that line (docs/decisions.md 20).
"""

from __future__ import annotations

import _stat
import posix
import sys

from statusline.segment import prerendered
from statusline.system import bounded_read
from statusline.system.untrusted import mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from statusline.settings.settings import Node
    from statusline.system.environ import Environment

#: How long a line is printed again at most: what a session says is never kept back for longer.
LIFETIME_S = 60
#: A larger document is not worth its file; a longer number is none that Claude Code writes.
MAX_DOCUMENT, MAX_NUMBER = 16 * 1024, 24
#: Files of other processes that are left alone; with more of them, all go.
MOST_KEPT = 32
#: The words of a key: ``STATUSLINE_KEY`` in ``hooks/claude-code.sh``.
KEY_WORDS = 20

#: The members that may differ, in whichever object they stand: numbers that nothing but a
#: placeholder reads. Whether ``rate_limits`` are news hangs on ``total_api_duration_ms`` and
#: ``requests``, so those have to be the same.
NUMBERS = (
    *("total_cost_usd", "total_duration_ms", "total_lines_added", "total_lines_removed"),
    *("total_input_tokens", "total_output_tokens", "input_tokens", "output_tokens"),
    *("cache_creation_input_tokens", "cache_read_input_tokens"),
)
#: ... and the one UUID, of 36 characters.
UUID, UUID_CHARS = '"prompt_id":"', 36
_BRANCH = "branch"
#: Placeholder -> which of those it reads, or "branch" for the files that say it; ``None`` for what
#: changes with every look. A format with such a one, or with one that is not here, is not printed
#: again.
READS: dict[str, tuple[str, ...] | None] = {
    **dict.fromkeys(
        (
            *("weekly", "extra", "pace", "full", "plan", "account", "status", "model"),
            *("effort", "context"),
            *("context.bar", "context.left", "context.size", "cache.hit", "duration.api", "dir"),
            *("dir.path", "project", "worktree", "repo", "pr", "session", "agent", "style"),
            *("thinking", "fast", "vim", "version"),
            *("tokens.block", "tokens.today", "cost.today"),
        ),
        (),
    ),
    "branch": (_BRANCH,),
    "context.tokens": ("total_input_tokens",),
    "tokens.in": ("input_tokens", "cache_creation_input_tokens"),
    "tokens.out": ("output_tokens",),
    "tokens.cached": ("cache_read_input_tokens",),
    "cost": ("total_cost_usd",),
    "lines": ("total_lines_added", "total_lines_removed"),
    **dict.fromkeys(("duration", "cost.rate", "cache")),
}
#: What shows a window reads nothing of that.
WINDOWS = ("five_hour", "seven_day", "binding", "codex", "antigravity")


def leave(
    env: Environment,
    nodes: tuple[Node, ...],
    document: bytes,
    line: bytes,
    until_s: float,
    now: float,
    is_latest: Callable[[], bool],
) -> None:
    """Leave the line that was made of a document to the hook that started this render.

    ``nodes`` are its format, ``until_s`` is when it stops being true (epoch s). The hook believes
    it only if ``is_latest`` says, once it is in its place, that it was not made of something old.
    May raise: the line is out by now.
    """
    read: set[str] = set()
    directory, key = env.profile_dir or "", env.get("STATUSLINE_KEY") or ""
    words = key.split("|")
    until_s = min(until_s, now + LIFETIME_S)
    if (
        until_s - now <= prerendered.MIN_LIFETIME_S
        or not env.claude_pid
        or len(words) != KEY_WORDS
        or words[1] != directory
        or not note_fields(nodes, read)
        or not bounded_read.stdin_has_ended()  # awk would wait for that
    ):
        return
    text = pieces(document, read)
    if not text:
        return
    if _BRANCH in read:
        text = _branch_files(document) + text
    mark = b"%d-%d" % (posix.getpid(), now * 1e6)
    name = key.encode(sys.getfilesystemencoding(), "surrogateescape")
    rows = line.count(b"\n") + 1
    path = f"{directory}/{prerendered.LINE_PREFIX}{env.claude_pid}"
    data = b"%b\n%b\n%d\n%b\n%b\ne%b\n" % (mark, name, rows, line, text, mark)
    _overwrite(path, data, until_s, is_latest)


def _branch_files(document: bytes) -> bytes:
    from statusline.segment import branch_files  # only a branch needs it

    stdin = mapping(bounded_read.parse(document))
    directory = mapping(stdin.get("workspace")).get("current_dir") or stdin.get("cwd")
    is_shown = isinstance(directory, str) and directory.startswith("/")
    return branch_files.compared(str(directory)) if is_shown else b""


def note_fields(nodes: tuple[Node, ...], read: set[str]) -> bool:
    """Add what a format reads of ``NUMBERS`` to ``read``; tell whether that is all there is."""
    for node in nodes:
        if node[0] == "g":
            if not note_fields(node[1], read):
                return False
        elif node[0] == "v" and node[1].partition(".")[0] not in WINDOWS:
            fields = READS.get(node[1])
            if fields is None:
                return False
            read.update(fields)
    return True


def pieces(document: bytes, read: set[str]) -> bytes:
    """Return a JSON object in pieces, each on a line of its own behind its letter.

    The letter is of what stands before the piece: "n" a number, "u" a UUID, "s" nothing else.
    Nothing is returned for a document that awk could not take as it is. Only what is written as
    compactly as Claude Code does is cut: in JSON, what looks like a member there is one.
    """
    text = document.decode().removesuffix("\n")
    if "\n" in text or "\0" in text or len(document) > MAX_DOCUMENT:
        return b""
    gaps = []
    for name in NUMBERS:
        if name in read:
            continue
        start = text.find(f'"{name}":')
        if start < 0 or text[start - 1] not in "{,":
            continue
        start += len(name) + 3
        number = text[start : start + MAX_NUMBER].partition("}")[0].partition(",")[0]
        if 0 < len(number) < MAX_NUMBER and not number.strip("+-.0123456789Ee"):
            gaps.append((start, start + len(number), "n"))
    start = text.find(UUID)
    if start >= 0 and text[start - 1] in "{,":
        start += len(UUID)
        uuid = text[start : start + UUID_CHARS]
        if text.find('"', start) == start + UUID_CHARS and not uuid.strip("-0123456789abcdef"):
            gaps.append((start, start + UUID_CHARS, "u"))
    rows = []
    before, at = "s", 0
    for start, end, kind in sorted(gaps):
        rows.append(before + text[at:start])
        before, at = kind, end
    rows.append(before + text[at:])
    return "\n".join(rows).encode()


def _overwrite(path: str, data: bytes, until_s: float, is_latest: Callable[[], bool]) -> None:
    """Put ``data`` into a file, in place: a rename would make file systems write to the disk.

    A hook that reads meanwhile sees by the marks at both ends that it has not read it all; one
    that comes before the file's time is set takes it for old. What follows the end is not read.
    """
    directory = path.rpartition("/")[0]
    prerendered.make_clock(directory)
    flags = posix.O_WRONLY | posix.O_NOFOLLOW | posix.O_NONBLOCK | posix.O_CLOEXEC
    try:
        handle = posix.open(path, flags)
    except FileNotFoundError:
        _make_room(directory)
        handle = posix.open(path, flags | posix.O_CREAT | posix.O_EXCL, 0o600)
    try:
        status = posix.fstat(handle)
        if not _stat.S_ISREG(status.st_mode) or not bounded_read.is_private(status):
            return
        if posix.write(handle, data) == len(data) and is_latest():
            posix.utime(handle, (until_s, until_s))
    finally:
        posix.close(handle)


def _make_room(directory: str) -> None:
    """See to it that the files of processes that have ended do not gather."""
    others = prerendered.lines(directory)
    if len(others) >= MOST_KEPT:
        for other in others:
            prerendered.remove(other)
