"""The settings that a render uses, compiled: what ``config.toml`` becomes.

A prompt parses neither TOML nor formats. These are the defaults in compiled form (a test
compares them with what the compiler makes of an empty file); ``config/`` makes others,
``stored`` reads them back.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    #: A node of a format: ("t", text), ("v", name), ("s",) for the separator, ("g", nodes) for
    #: a group that vanishes when a value in it is missing.
    Node = tuple[Any, ...]

#: The compiled settings, beside ``usage.json``, and the version of their form.
SETTINGS_NAME = "settings.json"
SETTINGS_SCHEMA = 3
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


class Settings:
    """What the user may choose about a segment; the attributes' values are the defaults.

    ``styles`` maps a role to its SGR parameters and its tmux style; ``width`` and ``bar_width``
    are in cells, ``old_after_s`` is the age in seconds from which a number is shown with its
    age, ``time_zone`` an IANA name or "" for the machine's own; ``shows_age`` says that a format
    shows ages of fresh numbers too, ``shows_local_clock`` that one shows clock times of the
    machine's own zone.
    """

    __slots__ = (
        *("api", "ascii", "bar_empty", "bar_full", "bar_width", "clock_hours", "critical_pct"),
        *("formats", "old_after_s", "reset", "separator", "show", "shows_age"),
        *("shows_local_clock", "styles", "time_zone", "user_agent", "warning_pct", "width"),
    )

    def __init__(self) -> None:
        self.api = True
        self.ascii = False
        self.formats: dict[str, tuple[Node, ...]] = {
            "default": DEFAULT_FORMAT,
            "claude": CLAUDE_FORMAT,
        }
        self.separator = " · "
        self.show = "used"
        self.shows_age = False
        self.shows_local_clock = False
        self.reset = "countdown"
        self.clock_hours = 24
        self.time_zone = ""
        self.user_agent = ""
        self.warning_pct = 75.0
        self.critical_pct = 90.0
        self.old_after_s = 600.0
        self.width = 40
        self.bar_width = 8
        self.bar_full = "█"
        self.bar_empty = "░"
        self.styles: dict[str, tuple[str, str]] = {
            "normal": ("32", ""),
            "warning": ("33", "fg=black,bg=yellow"),
            "critical": ("31;1", "fg=white,bg=red,bold"),
            "muted": ("2", "dim"),
            "model": ("36", "fg=cyan"),
        }

    def format_of(self, surface: str) -> tuple[Node, ...]:
        """Return the format of a surface, or the one that all share."""
        return self.formats.get(surface) or self.formats["default"]

    def to_json(self) -> dict[str, object]:
        """Return the compiled settings as a JSON object."""
        return {name: getattr(self, name) for name in self.__slots__}
