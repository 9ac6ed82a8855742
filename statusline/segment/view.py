"""What one line is made of: all that is known, and what comes about while it is laid out."""

from __future__ import annotations

from statusline.system.untrusted import mapping
from statusline.usage.snapshot import Snapshot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from statusline.settings.settings import Settings
    from statusline.system.environ import Environment
    from statusline.usage.observation import Observation
    from statusline.usage.spend import Spend

#: A role and a text. Roles: "" plain, "normal", "warning", "critical" by severity, "muted",
#: "model"; ``bars`` and ``capsules`` add theirs, named with a dot.
Part = tuple[str, str]

#: The role of a separator that ``capsules`` turns into the gap between two of them.
BOUNDARY = "|"


class View:
    """All that one line is made of: the snapshot, Claude Code's stdin, the settings, a moment.

    ``billing`` is the environment's (``Environment.billing``), ``env`` that itself where a format
    may ask for it; ``is_chained`` says that another program's line stands above. The rest comes
    about while a line is laid out: its ``surface``, the ``names`` in its format, those ``hidden``
    for want of room, whether any placeholder was ``found`` to have something to show, the
    ``numbers`` in the line as pairs of window and moment, the windows ``dated``, whose age the
    format shows itself, and whether a line of it ``shows_others``, the windows besides the main
    ones.
    """

    __slots__ = (
        *("billing", "dated", "env", "found", "hidden", "is_chained", "names", "now", "numbers"),
        *("settings", "shows_others", "snapshot", "stdin", "surface"),
    )

    def __init__(
        self, snapshot: Snapshot | None, stdin: object, settings: Settings, now: float
    ) -> None:
        self.snapshot = Snapshot() if snapshot is None else snapshot
        self.stdin = mapping(stdin)
        self.settings = settings
        self.now = now
        self.billing = ""
        self.env: Environment | None = None
        self.is_chained = False
        self.surface = ""
        self.shows_others = False
        self.names: frozenset[str] = frozenset()
        self.hidden: frozenset[str] = frozenset()
        self.found = False
        self.numbers: list[tuple[str, float]] = []
        self.dated: list[str] = []

    @property
    def is_at_home(self) -> bool:
        """Tell whether Claude Code shows the line, where its user sees what it says of a login.

        It says something on stdin; another agent, which ``render`` lets say nothing, knows no
        login of Claude's.
        """
        return self.surface == "claude" and bool(self.stdin)

    def is_old(self, seen: Observation | Spend) -> bool:
        """Tell whether a number is old enough to be shown with its age."""
        return self.now - seen.observed_at >= self.settings.old_after_s
