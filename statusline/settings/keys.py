"""Every key of ``config.toml``: what it may hold, its default, what it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from statusline.agents import AGENTS
from statusline.settings import checks
from statusline.settings.looks import BARS, CAPSULES, THEMES
from statusline.settings.notifications import WAYS
from statusline.settings.presets import PRESETS
from statusline.surfaces import SURFACES

if TYPE_CHECKING:
    from collections.abc import Callable


class Key(NamedTuple):
    """One key: ``default`` as it would stand in the file, ``None`` where the preset decides."""

    check: Callable[[object], object]
    default: object
    example: str
    what: str


_WHERE = "the format of `statusline {}`; if not set, {}"
_percent = checks.number("warning_pct", "per cent used", whole=False)
#: The windows that may have thresholds of their own: ``weekly`` is each model's, ``extra`` money.
THRESHOLDS = ("five_hour", "seven_day", "weekly", "extra", "context")

#: key -> what is known of it, in the order in which the documentation lists them
KEYS: dict[str, Key] = {
    "api": Key(
        checks.flag,
        default=True,
        example="false",
        what="ask the usage API; if false, numbers come only from Claude Code",
    ),
    "user_agent": Key(
        checks.user_agent,
        "",
        '"claude-code/2.1.328"',
        "the `User-Agent` of requests; empty: `claude-code/` and the version seen last",
    ),
    "preset": Key(checks.one_of(*PRESETS), "default", '"full"', "ready-made formats"),
    "theme": Key(checks.one_of(*THEMES), "default", '"calm"', "ready-made styles"),
    "width": Key(
        checks.number("width", "cells"),
        None,
        "60",
        "maximum width of a line in cells (not Claude Code's)",
    ),
    "separator": Key(checks.clean_text(16), " · ", '" | "', "what `{sep}` shows"),
    "ascii": Key(checks.flag, default=False, example="true", what="use only ASCII characters"),
    "show": Key(
        checks.one_of("used", "remaining"),
        "used",
        '"remaining"',
        "what windows and their bars show: `61%`, or `39% left`",
    ),
    "reset": Key(
        checks.one_of("countdown", "clock"), None, '"clock"', "a reset as `2h11m` or as `14:30`"
    ),
    "clock": Key(checks.one_of(24, 12), 24, "12", "24- or 12-hour clock: `14:30` or `2:30pm`"),
    "time_zone": Key(
        checks.zone, "", '"Europe/Berlin"', "time zone of clock times; empty: the machine's own"
    ),
    "old_after_s": Key(
        checks.number("old_after_s", "seconds", whole=False),
        600.0,
        "300",
        "seconds after which a line shows how old its numbers are",
    ),
    "tokens": Key(
        checks.flag,
        default=False,
        example="true",
        what="count tokens in Claude Code's transcripts, for `{tokens.today}` and the like",
    ),
    "sources": Key(
        checks.some_of(*AGENTS),
        [],
        '["codex"]',
        "other agents whose usage is shown, too (docs/sources.md)",
    ),
    "accounts": Key(
        checks.labels,
        {},
        '{ "~/.claude-work" = "work" }',
        "what `{account}` shows, by Claude directory",
    ),
    "thresholds.warning": Key(
        _percent, 75.0, "60", "per cent used from which on a number is a warning"
    ),
    "thresholds.critical": Key(
        _percent, 90.0, "85", "per cent used from which on a number is critical"
    ),
    **{
        f"thresholds.{window}.{level}": Key(
            _percent, None, example, f"the same for `{{{window}}}` alone"
        )
        for window in THRESHOLDS
        for level, example in (("warning", "60"), ("critical", "85"))
    },
    "format.default": Key(
        checks.one_format,
        None,
        '"{five_hour}"',
        "the format of every surface without one of its own",
    ),
    **{
        f"format.{name}": Key(
            checks.several if name == "claude" else checks.one_format,
            None,
            '["{dir}", "{five_hour}"]' if name == "claude" else '"{five_hour.pct}"',
            _WHERE.format(name, "the preset's; a list is one line each")
            if name == "claude"
            else _WHERE.format(name, "`format.default`"),
        )
        for name in SURFACES
    },
    "format.chained": Key(
        checks.several,
        None,
        '"{five_hour}"',
        "the format of `statusline claude` below another status line",
    ),
    "bar.style": Key(checks.one_of(*BARS), "block", '"line"', "the characters of a bar"),
    "bar.width": Key(checks.number("bar_width", "cells"), 8, "5", "width of a bar in cells"),
    "bar.full": Key(checks.clean_text(1), None, '"#"', "the character for what is used"),
    "bar.empty": Key(checks.clean_text(1), None, '"-"', "the character for the rest"),
    "bar.gradient": Key(
        checks.flag, default=False, example="true", what="bars from green to red; needs truecolor"
    ),
    "style.normal": Key(
        checks.style, "color:28 / none", '"none"', "usage below the warning threshold"
    ),
    "style.warning": Key(
        checks.style,
        "color:166 / black on yellow",
        '"color:214"',
        "from the warning threshold on, and what is wrong",
    ),
    "style.critical": Key(
        checks.style,
        "bold color:196 / bold white on red",
        '"#ff8800"',
        "from the critical threshold on",
    ),
    "style.muted": Key(
        checks.style,
        "color:244 / none",
        '"bright_black"',
        "separators, ages, and resets below the critical threshold",
    ),
    "style.model": Key(checks.style, "color:31 / none", '"bold"', "the model"),
    "style.text": Key(checks.style, "none", '"white"', "labels and the text of formats"),
    "capsule.shape": Key(
        checks.one_of(*CAPSULES), "none", '"flat"', "what stands between two `{sep}` as a capsule"
    ),
    "capsule.normal": Key(
        checks.capsule, "color:231 on color:28", '"black on green"', "a capsule with usage"
    ),
    "capsule.warning": Key(
        checks.capsule,
        "color:231 on color:130",
        '"black on yellow"',
        "from the warning threshold on",
    ),
    "capsule.critical": Key(
        checks.capsule,
        "bold color:231 on color:160",
        '"white on red"',
        "from the critical threshold on",
    ),
    "capsule.text": Key(
        checks.capsule, "color:231 on color:240", '"white on blue"', "a capsule without usage"
    ),
    "notify.enabled": Key(
        checks.flag,
        default=False,
        example="true",
        what="send notifications (docs/notifications.md)",
    ),
    "notify.at": Key(
        checks.percentages,
        [80, 95],
        "[50, 80, 95]",
        "per cent used at which to notify, for each window",
    ),
    "notify.forecast": Key(
        checks.flag,
        default=True,
        example="false",
        what="notify when a window is forecast to be full before its reset",
    ),
    "notify.reset": Key(
        checks.flag,
        default=True,
        example="false",
        what="notify when a window that was used up has reset",
    ),
    "notify.via": Key(
        checks.some_of(*WAYS),
        ["desktop"],
        '["desktop", "tmux"]',
        "how: `desktop`, `tmux` or `bell`, or several of them",
    ),
    "notify.command": Key(
        checks.argv,
        [],
        '["~/bin/tell-me", "loud"]',
        "a program of your own to run as well, and its arguments",
    ),
}

TABLES = frozenset(key.partition(".")[0] for key in KEYS if "." in key)
