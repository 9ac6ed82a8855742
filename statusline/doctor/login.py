"""The login: where it was found, until when, and whether it may ask for usage at all."""

from __future__ import annotations

from statusline.doctor.check import Check, fail, ok, skip, warn
from statusline.doctor.context import Context
from statusline.login import identity
from statusline.overview import wrong_clock
from statusline.overview.words import ahead
from statusline.usage.messages import NO_LOGIN, describe

#: What the API has said of the login that is there: not that it may not ask, but that it is bad.
_REFUSED = ("expired", "unauthorized", "bad_token")


def login(context: Context) -> list[Check]:
    """Tell where the login is; never a character of the token."""
    found = context.login
    if found.state in NO_LOGIN and context.env.billing:
        _word, what, fix = describe("api_billing")
        return [skip("login", what, fix)]
    if found.state != "found":
        _word, what, fix = describe(found.state)
        between = " in" if found.state == "missing" else ":"
        return [fail("login", f"{what[:-1]}{between} {place(context)}.", fix)]
    refused = _refused(context)
    if refused:
        _word, what, fix = describe(refused)
        return [fail("login", f"{what[:-1]}: {place(context)}.", fix)]
    if found.expired(context.now):
        _word, what, fix = describe("expired")
        return [warn("login", f"{what[:-1]}: {place(context)}.", fix)]
    left = ""
    if found.expires_at is not None:
        left_s = wrong_clock.login_left_s(found.expires_at, context.now)
        left = "" if left_s is None else f", expires {ahead(left_s)}"
    checks = [ok("login", f"{place(context)}{left}")]
    if "file_mode" in found.note.split():
        what = "Other users can read or write the credentials file."
        path = context.tidy(context.env.credentials_path or "")
        checks.append(warn("login file", what, f"chmod 600 {path}"))
    return checks


def _refused(context: Context) -> str:
    """Return what the API has said against this very login, "" for nothing."""
    snapshot = context.snapshot
    if snapshot is None or snapshot.state not in _REFUSED:
        return ""
    return snapshot.state if snapshot.login == identity.login_stamp(context.env) else ""


def place(context: Context) -> str:
    """Return where the login is looked for, or was found."""
    source = context.login.source
    if source == "environment":
        return "CLAUDE_CODE_OAUTH_TOKEN"
    if source == "keychain":
        return "the macOS Keychain"
    return context.tidy(context.env.credentials_path or "the home directory, which is unset")


def scope(context: Context) -> list[Check]:
    """Tell whether the token may ask for usage (docs/claude-code.md 5.3)."""
    found = context.login
    if found.state != "found":
        return []
    if found.has_profile_scope is False:
        _word, what, fix = describe("scope")
        return [fail("scope", what, fix)]
    if found.source == "environment":
        if context.snapshot is not None and context.snapshot.state == "scope":
            return []  # the usage API has said so: the line below
        what = "The token in CLAUDE_CODE_OAUTH_TOKEN is used, not the stored login."
        fix = "Unset it to see the stored login's usage; a setup-token cannot ask for usage."
        return [warn("scope", what, fix)]
    if found.has_profile_scope is None:
        return [ok("scope", "unknown until the API is asked")]
    return [ok("scope", "the token has user:profile")]


def billing(context: Context) -> list[Check]:
    """Name variables that let Claude Code use something else than the subscription."""
    name = context.env.billing_variable
    if not name or context.login.state in NO_LOGIN:
        return []
    whose = "an API key" if context.env.billing == "API key" else context.env.billing
    what = f"{name} is set: Claude Code may use it, and {whose} has no 5h and 7d windows."
    return [warn("billing", what, f"Unset {name} to use the subscription.")]
