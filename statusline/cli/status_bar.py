"""The status bars of `show`: a line for a bar, once or after each change."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from statusline.overview import changes
from statusline.status_bars import follow
from statusline.status_bars.formats import FORMATS
from statusline.system import clock

if TYPE_CHECKING:
    from statusline.overview.profiles import Profile
    from statusline.status_bars.status_bar import StatusBar

_STDOUT = 1


def show(profile: Profile, name: str, *, following: bool) -> None:
    """Print a profile's bar in the format ``name``; where nobody reads any more, end.

    A bar that gets another exit code than 0 shows nothing or an error, so that there is none:
    what is wrong stands in the line.
    """
    wanted, said = FORMATS[name], [""]

    def say(bar: StatusBar) -> None:
        line = wanted.line(bar)
        if line != said[0]:
            said[0] = line
            _write(f"{wanted.anew if following else ''}{line}\n".encode("utf-8", "replace"))

    try:
        if following:
            follow.follow(profile, say, _STDOUT)
        else:
            known = follow.read(profile)
            say(follow.make(profile, known, clock.now()).bar)
            changes.ask_if_due(profile, known)
    except BrokenPipeError:
        return


def _write(data: bytes) -> None:
    while data:
        data = data[os.write(_STDOUT, data) :]
