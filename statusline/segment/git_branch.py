"""The git branch of a directory, read from ``.git/HEAD``: no process, and few bounded reads."""

from __future__ import annotations

import posix

from statusline.segment.session_text import shown
from statusline.system import bounded_read

#: No working tree is deeper in itself than this; a loop of links ends too.
MAX_LEVELS = 64
MAX_BYTES = 4096
#: How many digits of a commit are shown where no branch is checked out.
HASH_DIGITS = 7
_HEX = frozenset("0123456789abcdef")


def branch(directory: str) -> str:
    """Return the branch that is checked out in ``directory``, or the short hash of a detached head.

    "" where there is no working tree, or none whose ``HEAD`` can be read and understood. Whether
    anything is uncommitted takes a process, and is not told.
    """
    git_dir = _git_dir(directory)
    if git_dir is None:
        return ""
    head = f"{git_dir}/HEAD"
    try:
        said = f"ref: {posix.readlink(head)}"  # as git did long ago
    except OSError:
        said = _first_line(head)
    if said.startswith("ref: refs/"):
        name = said.removeprefix("ref: refs/").removeprefix("heads/")
        return "" if name == ".invalid" else shown(name)  # reftable keeps it elsewhere
    is_hash = len(said) in (40, 64) and _HEX.issuperset(said)
    return said[:HASH_DIGITS] if is_hash else ""


def _git_dir(directory: str) -> str | None:
    """Return where the repository of a working tree is: beside it, or where a file says."""
    for _ in range(MAX_LEVELS):
        found = f"{directory.rstrip('/')}/.git"
        try:
            posix.stat(f"{found}/HEAD", follow_symlinks=False)
        except NotADirectoryError:  # a worktree, or a submodule
            said = _first_line(found)
            path = said.removeprefix("gitdir: ")
            if path == said:
                return None
            return path if path.startswith("/") else f"{directory}/{path}"
        except (OSError, ValueError):
            pass
        else:
            return found
        if directory in ("", "/"):
            return None
        directory = directory.rpartition("/")[0]
    return None


def _first_line(path: str) -> str:
    data = bounded_read.read_file(path, MAX_BYTES, foreign=True) or b""
    return data.partition(b"\n")[0].decode("utf-8", "replace").rstrip("\r")
