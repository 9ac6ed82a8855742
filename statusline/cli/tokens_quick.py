"""``statusline tokens --json`` and ``--csv`` without click, which takes longer than the work."""

from __future__ import annotations

import contextlib
import posix
import sys
from typing import TYPE_CHECKING

from statusline.cli.progress import Progress
from statusline.segment import active_settings
from statusline.system import clock, environ
from statusline.system.errors import FixableError
from statusline.tokens import document, listing
from statusline.tokens.listing import Asked
from statusline.tokens.periods import Last
from statusline.tokens.report import BY

if TYPE_CHECKING:
    from collections.abc import Callable

    from statusline.tokens.listing import Listing

_FORMS: dict[str, Callable[[Listing], str]] = {
    "--json": document.as_json,
    "--csv": document.as_csv,
}
INTERRUPTED = 130


def run(words: list[str]) -> int | None:
    """Print what is asked for and return the exit code.

    ``None`` where click has to look at the words, or has to say what is wrong: then nothing was
    printed that has to be taken back.
    """
    asked = _parsed(words)
    if asked is None or not _are_open():
        return None
    form, by, last = asked
    env = environ.current()
    try:
        settings = active_settings.settings(env)
        with Progress(env) as progress:
            wanted = Asked(by, last, settings.time_zone)
            made = listing.look(env, wanted, clock.now(), progress)
        _write(_FORMS[form](made).encode("utf-8", "surrogateescape"))
    except KeyboardInterrupt:
        return INTERRUPTED
    except FixableError as error:
        _say(f"Error: {error}")
        return 1
    except Exception:  # noqa: BLE001  # click's way meets it again, and explains it
        return None
    return complain(made)


def _parsed(words: list[str]) -> tuple[str, str, Last] | None:
    form, by, last = "", "day", Last.of("7d")
    left = iter(words)
    for word in left:
        name, sign, value = word.partition("=")
        if word in _FORMS and form in ("", word):
            form = word
        elif name == "--by":
            by = value if sign else next(left, "")
        elif name == "--last":
            last = Last.of(value if sign else next(left, ""))
        else:
            return None
    return (form, by, last) if form and by in BY and last is not None else None


def _are_open() -> bool:
    """Tell whether stdout and stderr are there, and no file of ours can take their places."""
    try:
        for number in range(3):
            posix.fstat(number)
    except OSError:
        return False
    return True


def _write(data: bytes) -> None:
    while data:
        data = data[posix.write(1, data) :]


def complain(made: Listing) -> int:
    """Say on stderr what could not be read, and return the exit code: 1 where there was such."""
    if made.scan is None or not made.scan.skipped:
        return 0
    for line in document.complaints(made.scan):
        _say(line)
    return 1


def _say(line: str) -> None:
    with contextlib.suppress(OSError):  # where nobody can be told, the exit code still says it
        print(line, file=sys.stderr, flush=True)  # noqa: T201  # it is a command
