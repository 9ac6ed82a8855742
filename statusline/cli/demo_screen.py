"""The screen of `statusline demo`: Claude Code's box, a zsh prompt and tmux's bar, drawn by hand.

What stands in them is the program's own: one segment for each, as its host would show it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.text import Text

from statusline.demo.scenes import PROMPT, clock_time
from statusline.editor import lines
from statusline.segment.unescape import as_shown

if TYPE_CHECKING:
    from statusline.demo.sandbox import Sandbox
    from statusline.demo.scenes import Scene

#: The three programs on the screen, by the surface that each shows.
HOSTS = {"claude": "Claude Code", "zsh": "zsh", "tmux": "tmux"}
#: How many rows there are; with less room, what belongs to none of the segments is left out.
ROWS = 15
#: Narrower than this, tmux's bar and a prompt have no room beside the segment.
MIN_COLUMNS = 20

_RULE, _SOFT, _TYPED = "color(240)", "color(245)", "on color(237)"


class Hosts(NamedTuple):
    """What the hosts show at one moment: their lines, the time, what Claude has answered."""

    claude: list[Text]
    zsh: Text
    tmux: Text
    clock_time: str
    said: str


class Look(NamedTuple):
    """How a terminal shows it: its size in cells, and whether it has colours and more than ASCII.

    ``rows`` are those that there are for the hosts.
    """

    columns: int
    rows: int = ROWS
    is_colored: bool = True
    is_ascii: bool = False

    def sign(self, sign: str, instead: str) -> str:
        """Return ``sign``, or what stands for it in ASCII."""
        return instead if self.is_ascii else sign


def hosts(playing: Sandbox, scene: Scene, columns: int) -> Hosts:
    """Return what the hosts show now, in a terminal of so many columns."""
    claude = as_shown(playing.segment("claude", columns), "claude")
    tmux = lines.on_bar(playing.segment("tmux").decode())
    return Hosts(
        claude=[Text.from_ansi(line) for line in claude.split("\n")],
        zsh=Text.from_ansi(as_shown(playing.segment("zsh"), "zsh")),
        tmux=Text.from_ansi(f"\033[{lines.TMUX_BAR}m{tmux}"),
        clock_time=clock_time(playing.hour),
        said=scene.said,
    )


def draw(shown: Hosts, look: Look) -> list[Text]:
    """Return the rows of the screen, each as wide as ``look`` has columns."""
    look = look._replace(columns=max(look.columns, MIN_COLUMNS))
    has_room = look.rows >= ROWS
    drawn = [
        _border("Claude Code", look),
        *(_conversation(shown.said, look) if has_room else ()),
        _border("", look),
        Text.assemble(f"{look.sign('❯', '>')} ", (" ", "reverse")),
        _border("", look),
        *(Text("  ").append_text(line) for line in shown.claude),
        *((Text(),) if has_room else ()),
        _border("zsh", look),
        *((Text("~/project % ls"), Text("README.md  docs  src  tests")) if has_room else ()),
        _prompt(shown.zsh, look),
        _bar(shown, look),
    ]
    for row in drawn:
        row.no_wrap = True
        row.truncate(look.columns, pad=True)
    return drawn


def _border(title: str, look: Look) -> Text:
    """Return a rule over the whole width, with a pane's title in it where there is one."""
    rule = look.sign("─", "-")
    named = Text.assemble((rule * 2, _RULE), (f" {title} ", _SOFT)) if title else Text()
    return named.append(rule * (look.columns - named.cell_len), _RULE)


def _conversation(said: str, look: Look) -> list[Text]:
    asked = Text.assemble((f"{look.sign('❯', '>')} ", _SOFT), PROMPT)
    asked.truncate(look.columns, pad=True)
    asked.stylize(_TYPED)
    return [asked, Text(), Text(f"{look.sign('●', '*')} {said}"), Text()]


def _prompt(segment: Text, look: Look) -> Text:
    """Return zsh's prompt; RPROMPT leaves a cell free, and stays away where both do not fit."""
    prompt = Text.assemble("~/project % ", (" ", "reverse"))
    room = look.columns - prompt.cell_len - segment.cell_len - 1
    return prompt.append(" " * room).append_text(segment) if room > 0 else prompt


def _bar(shown: Hosts, look: Look) -> Text:
    """Return tmux's bar: what stands on the right goes first where both do not fit."""
    right = Text(f"{shown.clock_time} | ").append_text(shown.tmux).append(" ")
    left = Text("[work] 0:claude*")
    room = max(look.columns - right.cell_len, 0)
    left.truncate(max(room - 1, 0))
    left.truncate(room, pad=True)
    bar = left.append_text(right)
    bar.truncate(look.columns, pad=True)
    base = Text.from_ansi(f"\033[{lines.TMUX_BAR}m.").spans[0].style
    bar.stylize_before(base if look.is_colored else "reverse")
    return bar
