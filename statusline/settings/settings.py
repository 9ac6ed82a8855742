"""The settings that a render uses, compiled: what ``config.toml`` becomes.

A prompt parses neither TOML nor formats. These are the defaults in compiled form (a test
compares them with what the compiler makes of an empty file); ``load`` makes others out of a
file, ``settings_json`` reads back what was kept of them.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    #: A node of a format: ("t", text), ("v", name), ("s",) for the separator, ("g", nodes) for
    #: a group that vanishes when a value in it is missing, ("n",) between two lines.
    Node = tuple[Any, ...]

#: The compiled settings, beside ``usage.json``, and the version of their form.
SETTINGS_NAME = "settings.json"
SETTINGS_SCHEMA = 6
#: A link to the ``config.toml`` that these, and the segments, were made from.
SOURCE_NAME = "config"

DEFAULT_FORMAT: tuple[Node, ...] = (
    ("v", "five_hour"),
    ("s",),
    ("v", "seven_day"),
    ("s",),
    ("v", "status"),
)
CLAUDE_FORMAT: tuple[Node, ...] = (
    ("v", "model"),
    ("s",),
    ("g", (("t", "ctx "), ("v", "context"))),
    ("s",),
    ("v", "five_hour"),
    ("s",),
    ("v", "seven_day"),
    ("s",),
    ("v", "weekly"),
    ("s",),
    ("v", "extra"),
    ("s",),
    ("v", "status"),
)
#: Below another program's status line: what that one hardly shows.
CHAINED_FORMAT: tuple[Node, ...] = (*CLAUDE_FORMAT[4:],)


class Settings:
    """What the user may choose about a segment; the attributes' values are the defaults.

    ``styles`` maps a role to its SGR parameters and its tmux style; ``width`` and ``bar_width``
    are in cells, ``bar_steps`` are the signs of a cell that is partly full, least first;
    ``capsule`` are the signs before, around the text of, and behind a capsule, empty for
    none; ``gradient`` counts the roles of a gradient bar, 0 for none. ``thresholds`` are the
    percentages of single windows, the warning's and the critical one. ``old_after_s`` is the age
    in seconds from which a number is shown with its age, ``time_zone`` an IANA name or "" for the
    machine's own; ``shows_age`` says that a format shows ages of fresh numbers too. ``personal``
    are the surfaces whose line is only true for the terminal that asked: it shows clock times of
    the machine's own zone, or an environment variable. ``account`` is the Claude directory's
    label; ``tokens`` says that transcripts are to be counted, ``sources`` which other agents' usage
    is to be read.
    """

    __slots__ = (
        *("account", "api", "ascii", "bar_empty", "bar_full", "bar_steps", "bar_width", "capsule"),
        *("clock_hours", "critical_pct", "formats", "gradient", "old_after_s", "personal", "reset"),
        *("separator", "show", "shows_age", "sources", "styles", "thresholds", "time_zone"),
        *("tokens", "user_agent", "warning_pct", "width"),
    )

    def __init__(self) -> None:
        self.api = True
        self.ascii = False
        self.formats: dict[str, tuple[Node, ...]] = {
            "default": DEFAULT_FORMAT,
            "claude": CLAUDE_FORMAT,
            "chained": CHAINED_FORMAT,
        }
        self.separator = " · "
        self.show = "used"
        self.shows_age = False
        self.personal: tuple[str, ...] = ()
        self.account = ""
        self.reset = "countdown"
        self.clock_hours = 24
        self.time_zone = ""
        self.tokens = False
        self.sources: tuple[str, ...] = ()
        self.user_agent = ""
        self.warning_pct = 75.0
        self.critical_pct = 90.0
        self.thresholds: dict[str, tuple[float, float]] = {}
        self.old_after_s = 600.0
        self.width = 40
        self.bar_width = 8
        self.bar_full = "█"
        self.bar_empty = "░"
        self.bar_steps = "▏▎▍▌▋▊▉"
        self.gradient = 0
        self.capsule: tuple[str, ...] = ()
        self.styles: dict[str, tuple[str, str]] = {
            "normal": ("38;5;28", ""),
            "warning": ("38;5;166", "fg=black,bg=yellow"),
            "critical": ("38;5;196;1", "fg=white,bg=red,bold"),
            "muted": ("38;5;244", ""),
            "model": ("38;5;31", ""),
        }

    def format_of(self, surface: str) -> tuple[Node, ...]:
        """Return the format of a surface, or the one that all share."""
        return self.formats.get(surface) or self.formats["default"]

    def to_json(self) -> dict[str, object]:
        """Return the compiled settings as a JSON object."""
        return {name: getattr(self, name) for name in self.__slots__}
