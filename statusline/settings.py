"""The settings that a render uses, compiled: what ``config.toml`` becomes.

A prompt parses neither TOML nor formats. These are the defaults in compiled form; whoever
reads ``config.toml`` makes another ``Settings`` of it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    #: A node of a format: ("t", text), ("v", name), ("s",) for the separator, ("g", nodes) for
    #: a group that vanishes when a value in it is missing.
    Node = tuple[Any, ...]

#: The compiled settings, beside ``usage.json``.
SETTINGS_NAME = "settings.json"

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
    *DEFAULT_FORMAT,
)


class Settings:
    """What the user may choose about a segment; the attributes' values are the defaults.

    ``styles`` maps a role to its SGR parameters and its tmux style; ``width`` is in cells,
    ``old_after_s`` the age in seconds from which a number is shown with its age.
    """

    __slots__ = (
        *("api", "ascii", "critical_pct", "formats", "old_after_s", "separator", "styles"),
        *("warning_pct", "width"),
    )

    def __init__(self) -> None:
        self.api = True
        self.ascii = False
        self.formats: dict[str, tuple[Node, ...]] = {
            "default": DEFAULT_FORMAT,
            "claude": CLAUDE_FORMAT,
        }
        self.separator = " · "
        self.warning_pct = 75.0
        self.critical_pct = 90.0
        self.old_after_s = 600.0
        self.width = 40
        self.styles: dict[str, tuple[str, str]] = {
            "normal": ("32", "fg=green"),
            "warning": ("33", "fg=yellow"),
            "critical": ("31;1", "fg=red,bold"),
            "muted": ("2", "dim"),
            "model": ("36", "fg=cyan"),
        }

    def format_of(self, surface: str) -> tuple[Node, ...]:
        """Return the format of a surface, or the one that all share."""
        return self.formats.get(surface) or self.formats["default"]

    def to_json(self) -> dict[str, object]:
        """Return the compiled settings as a JSON object."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_json(cls, value: object) -> Settings:
        """Return what ``to_json`` wrote; anything of another type keeps its default."""
        made = cls()
        for name, found in (value if isinstance(value, dict) else {}).items():
            if name in cls.__slots__ and type(found) is type(getattr(made, name)):
                setattr(made, name, found)
        return made
