"""The files that say which git branch is checked out, for the hook that prints a line again."""

from __future__ import annotations

import _stat
import posix

from statusline.system import bounded_read

#: Further up than this, a line with a branch is made anew each time; so it is for a larger file.
MAX_LEVELS, MAX_BYTES = 16, 4096


class UnsureError(Exception):
    """The hook could not tell whether the branch is still the same."""


def compared(directory: str) -> bytes:
    """Return the first lines of the files on the way from a directory to its branch.

    A row for each path, "r", and one for what is read there: "=" and the line, "-" where there is
    no such file. Raises ``UnsureError``, ``OSError`` or ``UnicodeError`` where that would not do.
    """
    rows: list[str] = []

    def look(path: str) -> str:
        rows.append(f"r{path}")
        rows.append(_first_line(path))
        return rows[-1]

    for _ in range(MAX_LEVELS):
        place = f"{directory.rstrip('/')}/.git"
        # In this order: an awk that is to read a directory may end.
        if look(f"{place}/HEAD") != "-":
            break
        said = look(place)
        if said != "-":  # a worktree, or a submodule
            path = said.removeprefix("=gitdir: ")
            look(f"{path if path.startswith('/') else f'{directory}/{path}'}/HEAD")
            break
        if directory in ("", "/"):
            break
        directory = directory.rpartition("/")[0]
    else:
        raise UnsureError
    if any("\n" in row or "\0" in row for row in rows):
        raise UnsureError
    return "".join(f"{row}\n" for row in rows).encode()


def _first_line(path: str) -> str:
    try:
        status = posix.stat(path, follow_symlinks=False)
    except (FileNotFoundError, NotADirectoryError):
        return "-"
    data = bounded_read.read_file(path, MAX_BYTES, foreign=True)
    if not _stat.S_ISREG(status.st_mode) or not data:
        raise UnsureError  # of a link the target would have to be compared
    line = data.partition(b"\n")[0]
    return f"={line.decode()}"
