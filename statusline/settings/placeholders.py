"""The placeholders that a format may hold: an allow-list, and what the documentation says."""

from __future__ import annotations

from statusline.agents import AGENTS

#: What each attribute of a window shows, for ``five_hour`` and ``seven_day`` alike, and an example.
WINDOW_ATTRIBUTES = {
    "pct": ("how much is used; `↻` after the reset", "61%"),
    "bar": ("the same as a bar; nothing after the reset", "████▉░░░"),
    "reset": ("when it resets, as `reset` says", "2h11m"),
    "clock": ("when it resets, as a time of day", "14:30"),
    "label": ("its name", "5h"),
    "age": ("how old the number is; the line does not repeat it", "3m old"),
    "pace": ("how much will be used at the reset, at this pace", "→95%"),
    "full": ("when it will be used up, if that is before the reset", "full 40–70m"),
}

_USUAL = {"five_hour": ("5-hour", "5h", "27%"), "seven_day": ("7-day", "7d", "4%")}
#: What can be told of another agent's windows, which nobody forecasts, and what of it differs.
AGENT_ATTRIBUTES = ("pct", "bar", "reset", "clock", "label", "age")
#: The placeholders of the other agents.
OTHERS: dict[str, tuple[str, str]] = {}
for _name, _agent in AGENTS.items():
    for _window in _agent.windows:
        _length, _label, _used = _USUAL[_window]
        OTHERS[f"{_name}.{_window}"] = (
            f"the {_length} window of {_agent.title}: name, usage, reset",
            f"{_agent.short} {_label} {_used} 2h11m",
        )
        for _attribute in AGENT_ATTRIBUTES:
            OTHERS[f"{_name}.{_window}.{_attribute}"] = WINDOW_ATTRIBUTES[_attribute]
        OTHERS[f"{_name}.{_window}.label"] = ("its name", f"{_agent.short} {_label}")

#: What comes from Claude Code's stdin, and so is missing on every other surface.
SESSION: dict[str, tuple[str, str]] = {
    "model": ("the model", "Opus 5.5"),
    "effort": ("the model's effort", "medium"),
    "context": ("how full the context is", "12%"),
    "context.bar": ("the same as a bar", "█░░░░░░░"),
    "context.left": ("what is left of the context", "88% left"),
    "context.tokens": ("tokens in the context", "24.1k"),
    "context.size": ("tokens that the context can hold", "200k"),
    "tokens.in": ("tokens of the last answer that were sent anew", "1.5k"),
    "tokens.out": ("tokens of the last answer that came back", "312"),
    "tokens.cached": ("tokens of the last answer that came from the prompt cache", "9k"),
    "cache": ("how long the prompt cache stays warm; `cold` after that", "42m"),
    "cache.hit": ("share of the session's prompt that came from the cache", "98%"),
    "cost": ("Claude Code's estimate at list price", "$0.01"),
    "cost.rate": ("the same for each hour of the session", "$3.20/h"),
    "lines": ("lines added and removed", "+12 −3"),
    "duration": ("how long the session has been open", "25m"),
    "duration.api": ("how long it waited for answers", "4m"),
    "dir": ("the directory, its last part", "statusline"),
    "dir.path": ("the same from the home directory on", "~/src/statusline"),
    "project": ("the directory that Claude Code was started in", "statusline"),
    "branch": ("the git branch, or the short hash of a detached head", "main"),
    "worktree": ("the git worktree, where it is not the main one", "fix-login"),
    "repo": ("the repository at its host", "octo/statusline"),
    "pr": ("the open pull request, and its review", "#42 approved"),
    "session": ("the session's name", "fix the login"),
    "agent": ("the agent", "reviewer"),
    "style": ("the output style, unless it is the default", "Explanatory"),
    "thinking": ("`thinking` while extended thinking is on", "thinking"),
    "fast": ("`fast` while fast mode is on", "fast"),
    "vim": ("the mode of vim's keys", "INSERT"),
    "version": ("Claude Code's version", "2.1.328"),
}

#: Every placeholder, but for ``env.NAME``: what it shows, and an example.
PLACEHOLDERS: dict[str, tuple[str, str]] = {
    "five_hour": ("the 5-hour window: name, usage, reset", "5h 61% 2h11m"),
    **{f"five_hour.{name}": told for name, told in WINDOW_ATTRIBUTES.items()},
    "seven_day": (
        "the 7-day window: name, usage, and its reset from its warning threshold on",
        "7d 22%",
    ),
    **{f"seven_day.{name}": told for name, told in WINDOW_ATTRIBUTES.items()},
    "seven_day.label": ("its name", "7d"),
    "binding": ("the window that stops you first: name, usage, reset", "7d 100% 3d4h"),
    **{f"binding.{name}": told for name, told in WINDOW_ATTRIBUTES.items()},
    "pace": (
        (
            "how much will be used at the reset: of the window that will be used up first, else "
            "of the one that stops you first"
        ),
        "→95%",
    ),
    "full": ("when the first window will be used up, if one will before its reset", "full 40–70m"),
    "weekly": (
        "weekly limits of single models, those above 0 %; an organisation's spend limit",
        "Fable 85%",
    ),
    "extra": ("money spent beyond the plan", "extra $50.90"),
    **OTHERS,
    "tokens.block": ("tokens of the five-hour window on this machine", "48.2M"),
    "tokens.today": ("tokens of today on this machine", "61M"),
    "cost.today": ("what those would cost at list price, an estimate", "~$41.20"),
    "plan": ("the plan", "Max 5x"),
    "account": ("the label that `accounts` gives the Claude directory", "work"),
    "status": ("what is wrong; nothing while all is well", "usage: sign in"),
    **{
        name: (f"{what} (Claude Code's line only)", example)
        for name, (what, example) in SESSION.items()
    },
}
