"""The verbs: every command there is, in the groups in which help lists them."""

from __future__ import annotations

#: Title -> verb -> what it does. Each verb has a module of its name in this package, which is not
#: imported for its help alone.
GROUPS: dict[str, dict[str, str]] = {
    "Look": {
        "show": "Show everything that is known: usage, resets, plan, money, problems.",
        "watch": "Watch the same live.",
        "history": "Show how each window was used over time.",
        "tokens": "Show what used it up: tokens by day, model or project.",
        "refresh": "Fetch new numbers now, if a request is allowed.",
        "demo": "Play a made-up day; no account is needed.",
    },
    "Set up": {
        "install": "Put the segment into Claude Code, tmux and your shells.",
        "uninstall": "Take it out again.",
        "config": "Choose what the segment shows, and how.",
        "notify": "Show how you are notified, or try it.",
        "init": "Print lines or a hook file to put in place by hand.",
        "completion": "Print a script that lets your shell complete commands.",
    },
    "Get help": {
        "doctor": "Find out what is wrong, and what to do about it.",
        "credentials": "Show what is known about the login; never its token.",
        "env": "Show every variable and file that counts.",
        "help": "Show this text, or the help of a command or topic.",
    },
    "For scripts": {
        "guard": "Exit with 1 once a limit is near.",
        "export": "Print the numbers as JSON, CSV or Prometheus metrics.",
        "profile": "Print the directory of the cache.",
    },
}
#: Every verb, with what it does.
VERBS = {verb: what for group in GROUPS.values() for verb, what in group.items()}
#: What people type from habit -> the verb that does it.
ALIASES = {"status": "show", "usage": "show", "upgrade": "update"}
#: A verb that does nothing but say which of two others may be meant.
UPDATE = "update"
#: What other programs call it -> what is proposed.
ELSEWHERE = {
    "setup": "install",
    "remove": "uninstall",
    "settings": "config",
    "version": "--version",
}
