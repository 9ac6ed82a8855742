"""Every state that is not "all well": its label in the segment, the sentence, the fix.

The refresher writes the code into ``usage.json``; a segment shows the label, ``show`` and
``doctor`` the rest. One table, so that no surface says something else than the others. The
labels speak of the number, or of the login; never of Claude, which may be well without us.
"""

from __future__ import annotations

#: What the labels begin with that would else sound like Claude's state, or a limit's.
SUBJECT = "usage: "

#: code -> (label in a segment, what happened, what to do)
STATES: dict[str, tuple[str, str, str]] = {
    "ok": ("", "The usage API answered.", ""),
    "starting": ("usage: …", "No usage is known yet.", "Run `statusline refresh`."),
    "not_asked": (
        "",
        "The usage API has not been asked with this login yet.",
        "Nothing: it is asked as soon as that is allowed.",
    ),
    "api_off": (
        "",
        "The usage API is turned off; Claude Code's own numbers are used.",
        "Remove `api = false` from config.toml to ask the API.",
    ),
    "missing": ("usage: sign in", "No Claude login was found.", "Run `claude` and sign in."),
    "no_login": (
        "usage: sign in",
        "The credentials file holds no Claude login.",
        "Run `claude` and sign in with a Claude subscription.",
    ),
    "partial": (
        "usage: login broken",
        "The credentials file is broken or was cut off.",
        "Run `claude` once; sign in again if that does not help.",
    ),
    "not_a_file": (
        "usage: login broken",
        "The credentials file is not a regular file.",
        "Remove .credentials.json from the Claude directory and run `claude`.",
    ),
    "too_large": (
        "usage: login broken",
        "The credentials file is too large to be one.",
        "Remove .credentials.json from the Claude directory and run `claude`.",
    ),
    "wrong_owner": (
        "usage: wrong owner",
        "The credentials file belongs to another user.",
        "Run as that user, or `chown` the file.",
    ),
    "unreadable": (
        "login unreadable",
        "The credentials file cannot be read.",
        "Run `chmod 600` on .credentials.json in the Claude directory.",
    ),
    "keychain_locked": (
        "keychain locked",
        "The macOS Keychain did not hand out the login.",
        "Unlock the Keychain, or run `claude` in this session.",
    ),
    "bad_token": (
        "usage: bad token",
        "The token has characters that cannot be in a token.",
        "Run `claude` and sign in again, or set CLAUDE_CODE_OAUTH_TOKEN again.",
    ),
    "expired": ("login expired", "The login has expired.", "Run `claude`; it renews the login."),
    "unauthorized": (
        "usage: bad login",
        "The usage API refused the login (401).",
        "Run `claude`; sign in again if that does not help.",
    ),
    "scope": (
        "usage: no scope",
        "The token lacks the scope user:profile; `claude setup-token` makes such tokens.",
        "Run `claude` and sign in.",
    ),
    "forbidden": (
        "usage: API refused",
        "The usage API refused the request (403).",
        "Check that the account may use Claude from here.",
    ),
    "blocked": (
        "usage: gateway error",
        "A gateway in front of the usage API answered with a web page.",
        "Check VPN, proxy or captive portal.",
    ),
    "rate_limited": (
        "usage: retry soon",
        "The usage API asks us to wait (429).",
        "Nothing: it is asked again when it allows that.",
    ),
    "server_error": (
        "usage: server error",
        "The usage API failed (5xx).",
        "Nothing: it is asked again later.",
    ),
    "http_error": (
        "usage: API changed",
        "The usage API gave an answer that this version does not understand.",
        "Update statusline, or set `api = false` in config.toml.",
    ),
    "malformed": (
        "usage: API changed",
        "The usage API's answer could not be read.",
        "Check for a captive portal, then update statusline.",
    ),
    "unreachable": (
        "usage: offline",
        "The usage API could not be reached.",
        "Check the network.",
    ),
    "certificate": (
        "usage: bad cert",
        "The usage API's certificate was not accepted.",
        "Check the date and time; behind a proxy, set REQUESTS_CA_BUNDLE to its CA file.",
    ),
    "proxy": (
        "usage: proxy error",
        "The proxy did not forward the request.",
        "Check HTTPS_PROXY and NO_PROXY.",
    ),
    "bad_api_url": (
        "",  # of one process's environment: never published (refresh/update.py)
        "STATUSLINE_API_URL is not a loopback URL.",
        "Unset STATUSLINE_API_URL, or use http://127.0.0.1:PORT.",
    ),
    "bad_config": (
        "bad config",
        "config.toml could not be read.",
        "Run `statusline config check`.",
    ),
    "org_disabled": (
        "usage: org disabled",
        "This organization has been disabled.",
        "Ask its administrator, or sign in with another account.",
    ),
    "new_login": (
        "usage: new login",
        "The login has changed since these numbers were fetched.",
        "Nothing: the usage API is asked at once.",
    ),
    "api_billing": (
        "API billing",
        (
            "Claude Code runs here without a subscription login (API key, Bedrock or Vertex), so "
            "there are no limits to show."
        ),
        "Nothing: in Claude Code's line `{cost}` shows what a session costs.",
    ),
}

#: States in which the login itself is the trouble; the others pass by themselves.
ACCOUNT_STATES = frozenset(
    (
        *("missing", "no_login", "partial", "not_a_file", "too_large", "wrong_owner"),
        *("unreadable", "keychain_locked", "bad_token", "expired", "unauthorized", "scope"),
        *("forbidden", "rate_limited", "new_login", "org_disabled"),
    )
)

#: Those among them that pass by themselves too.
PASSING = frozenset(("rate_limited", "new_login"))

#: Those that wait for their user, or tell of another account: they go last for want of room.
URGENT = ACCOUNT_STATES - {"rate_limited"}

#: States in which there is no login: with an API key nobody misses it.
NO_LOGIN = frozenset(("missing", "no_login", "api_billing"))

#: What Claude Code's own line does not tell: whoever reads it is at home there, and Claude Code
#: renews its login by itself.
TOLD_ELSEWHERE = frozenset(("missing", "no_login", "expired", "unauthorized"))
UNKNOWN_THERE = "usage: unknown"

#: States in which the server may have asked to wait: the segment counts down.
WAITING = frozenset(("rate_limited", "server_error"))


#: What is left of labels that do not begin with ``SUBJECT`` where there is little room.
_SHORT = {"expired": "expired", "unreadable": "unreadable", "keychain_locked": "keychain"}


def shortened(code: str, label: str) -> str:
    """Return the label of a state for a line in which old numbers leave them little room."""
    return _SHORT.get(code) or label.removeprefix(SUBJECT)


def as_configured(code: str, asks: object, windows: object) -> str:
    """Return the state for a reader whose own ``config.toml`` lets the API be asked, or not.

    The refresher may have had another one, by STATUSLINE_CONFIG; what that says holds there.
    ``windows`` are those that are known; only whether there are any counts.
    """
    if not asks or code not in ("api_off", "bad_config"):
        return code
    return "not_asked" if windows else "starting"


def describe(code: str, *, source: str = "") -> tuple[str, str, str]:
    """Return label, sentence and fix for a code; an unknown one comes from a newer version.

    ``source`` is where the login came from, as ``credentials.find`` calls it: a token in the
    environment hides any other login until it is unset.
    """
    if code == "scope" and source == "environment":
        word, what, fix = STATES[code]
        return word, what, f"Unset CLAUDE_CODE_OAUTH_TOKEN. {fix}"
    return STATES.get(code) or (
        "update statusline",
        "The cache was written by a newer version.",
        "Update statusline.",
    )
