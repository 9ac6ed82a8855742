"""The scenes that the demo shows: moments of the played day, and in a sentence what is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from statusline.demo import day

if TYPE_CHECKING:
    from statusline.demo.sandbox import Sandbox

PROMPT = "Rename the settings page, and run the tests"
ANSWER = "Done: 14 files changed, and all 212 tests pass."
CONNECTION = "API Error: Connection error."


class Scene(NamedTuple):
    """One moment: an hour of the day, what is seen in it, and what Claude answers there.

    ``looks`` are hours before it at which a prompt was open, so that the refresher had a look.
    ``is_fresh``: it has had one at the moment itself; else nobody has asked since.
    """

    name: str
    hour: float
    caption: str
    said: str = ANSWER
    looks: tuple[float, ...] = ()
    is_fresh: bool = True
    is_signed_in: bool = True


#: In the order in which they are shown; captions are in ASCII and fit into 66 cells. Between two
#: looks lies more time than the refresher ever waits, so that chance decides nothing.
SCENES = (
    Scene(
        "61 %",
        day.TYPICAL_H,
        "61 % of five hours used, 2 h 11 min to go: the same everywhere",
    ),
    Scene(
        "old",
        day.TYPICAL_H + 0.25,
        "After a break: old numbers show their age until new ones arrive",
        is_fresh=False,
    ),
    Scene(
        "80 %",
        12.6955,
        "Orange from 75 %: at this pace, full before the window resets",
        looks=(12.25, 12.5),
    ),
    Scene(
        "92 %",
        13.2545,
        "Red from 90 %: full in 20 minutes, long before the reset",
        looks=(12.9, 13.1),
    ),
    Scene(
        "100 %",
        13.6795,
        "Used up: 20 minutes until the window resets",
        "You've hit your session limit - resets 2pm",
        looks=(13.5,),
    ),
    Scene(
        "new",
        14.7,
        "A quiet afternoon: 8 % of the next window used",
        looks=(14.1, 14.4),
    ),
    Scene(
        "429",
        16.2,
        "The API asks to wait, so nothing is sent for a while",
        looks=(15.9, 16.05),
        is_fresh=False,
    ),
    Scene(
        "signed out",
        17.75,
        "Signed out: the last numbers stay; prompt and tmux say so",
        "Not logged in - Please run /login",
        looks=(17.5,),
        is_signed_in=False,
    ),
    Scene(
        "offline",
        24.25,
        "Offline: the last numbers stay, with their age",
        CONNECTION,
        looks=(18.0, 23.4, 23.75),
    ),
    Scene(
        "reset",
        25.1,
        "A window that has reset doesn't keep its old number",
        CONNECTION,
        looks=(24.75,),
    ),
)


def go_to(playing: Sandbox, scene: Scene) -> None:
    """Bring the sandbox from the scene before to this one; raises ``SandboxError``."""
    playing.sign_in()
    for hour in scene.looks:
        playing.play_to(hour)
    if not scene.is_signed_in:
        playing.sign_out()
    if scene.is_fresh:
        playing.play_to(scene.hour)
    else:
        playing.hour = scene.hour


def clock_time(hour: float) -> str:
    """Return an hour of the day as its clocks show it, "11:49"."""
    minutes = int(day.moment_of(hour) - day.MIDNIGHT_S) // 60
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
