"""Every state that is not "all well": the word in the segment, the sentence, the fix.

The refresher writes the code into ``usage.json``; a segment shows the word, ``show`` and
``doctor`` the rest. One table, so that no surface says something else than the others.
"""

from __future__ import annotations

#: code -> (word in a segment, what happened, what to do)
STATES: dict[str, tuple[str, str, str]] = {
    "ok": ("", "The usage API answered.", ""),
    "starting": ("…", "No usage is known yet.", "Run `statusline refresh`."),
    "not_asked": (
        "",
        "The usage API has not been asked with this login yet.",
        "Nothing: it is asked as soon as it may be.",
    ),
    "api_off": (
        "",
        "The usage API is turned off; Claude Code's own numbers are used.",
        "Remove `api = false` from config.toml to ask the API.",
    ),
    "missing": ("sign in", "No Claude login was found.", "Run `claude` and sign in."),
    "no_login": (
        "sign in",
        "The credentials file holds no Claude login.",
        "Run `claude` and sign in with a Claude subscription.",
    ),
    "partial": (
        "bad login file",
        "The credentials file is broken or was cut off.",
        "Run `claude` once; sign in again if that does not help.",
    ),
    "not_a_file": (
        "bad login file",
        "The credentials file is not a regular file.",
        "Remove .credentials.json from the Claude directory and run `claude`.",
    ),
    "too_large": (
        "bad login file",
        "The credentials file is too large to be one.",
        "Remove .credentials.json from the Claude directory and run `claude`.",
    ),
    "wrong_owner": (
        "not your login",
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
        "The macOS Keychain did not give the login.",
        "Unlock the Keychain, or run `claude` in this session.",
    ),
    "bad_token": (
        "bad token",
        "The token has characters that no token has.",
        "Run `claude` and sign in again, or set CLAUDE_CODE_OAUTH_TOKEN anew.",
    ),
    "expired": ("run claude", "The login has expired.", "Run `claude`; it renews the login."),
    "unauthorized": (
        "run claude",
        "The usage API refused the login (401).",
        "Run `claude`; sign in again if that does not help.",
    ),
    "scope": (
        "no usage scope",
        "The token lacks the scope user:profile; `claude setup-token` makes such tokens.",
        "Unset CLAUDE_CODE_OAUTH_TOKEN and sign in with `claude`.",
    ),
    "forbidden": (
        "refused",
        "The usage API refused the request (403).",
        "Check that the account may use Claude from here.",
    ),
    "blocked": (
        "blocked",
        "A gateway before the usage API answered with a web page.",
        "Check VPN, proxy or captive portal.",
    ),
    "rate_limited": (
        "rate limited",
        "The usage API asks to wait (429).",
        "Nothing: it is asked again when it allows.",
    ),
    "server_error": (
        "server error",
        "The usage API failed (5xx).",
        "Nothing: it is asked again later.",
    ),
    "http_error": (
        "API changed",
        "The usage API gave an answer that this version does not know.",
        "Update statusline, or set `api = false` in config.toml.",
    ),
    "malformed": (
        "API changed",
        "The usage API's answer could not be read.",
        "Check for a captive portal, then update statusline.",
    ),
    "unreachable": ("offline", "The usage API could not be reached.", "Check the network."),
    "certificate": (
        "bad certificate",
        "The usage API's certificate was not accepted.",
        "Set REQUESTS_CA_BUNDLE to your proxy's CA file.",
    ),
    "proxy": (
        "proxy error",
        "The proxy did not pass the request on.",
        "Check HTTPS_PROXY and NO_PROXY.",
    ),
    "bad_api_url": (
        "bad API URL",
        "STATUSLINE_API_URL is not a loopback URL.",
        "Unset STATUSLINE_API_URL, or use http://127.0.0.1:PORT.",
    ),
    "new_login": (
        "new login",
        "The login has changed since these numbers were fetched.",
        "Nothing: the usage API is asked at once.",
    ),
    "api_billing": (
        "",
        "Claude Code works here without a subscription's login, so there are no limits to show.",
        "Nothing, unless you have a subscription: then sign in with it in Claude Code.",
    ),
    "bad_config": (
        "bad config",
        "config.toml could not be read.",
        "Run `statusline config check`.",
    ),
    "org_disabled": (
        "org disabled",
        "This organization has been disabled.",
        "Ask its administrator, or sign in with another account.",
    ),
}

#: States in which there is no login at all; a session that works all the same explains it.
LOGINLESS = frozenset(("missing", "no_login"))
#: States in which the login itself is the trouble; the others pass by themselves.
ACCOUNT_STATES = frozenset(
    (
        *("missing", "no_login", "partial", "not_a_file", "too_large", "wrong_owner"),
        *("unreadable", "keychain_locked", "bad_token", "expired", "unauthorized", "scope"),
        *("forbidden", "rate_limited", "bad_api_url", "new_login", "org_disabled"),
    )
)


def describe(code: str) -> tuple[str, str, str]:
    """Return word, sentence and fix for a code; an unknown one comes from a newer version."""
    return STATES.get(code) or (
        "update statusline",
        "The cache was written by a newer version.",
        "Update statusline.",
    )
