"""The login: where it was found, until when, and whether it may ask for usage at all."""

from __future__ import annotations

from statusline.doctor.check import Check, fail, ok, skip, warn
from statusline.doctor.scene import Scene
from statusline.hot.words import duration
from statusline.states import NO_LOGIN, describe


def login(scene: Scene) -> list[Check]:
    """Tell where the login is; never a character of the token."""
    found = scene.login
    if found.state in NO_LOGIN and scene.env.billing:
        _word, what, fix = describe("api_billing")
        return [skip("login", what, fix)]
    if found.state != "found":
        _word, what, fix = describe(found.state)
        return [fail("login", f"{what} Looked in {place(scene)}.", fix)]
    if found.expired(scene.now):
        _word, what, fix = describe("expired")
        return [warn("login", f"{what[:-1]}: {place(scene)}.", fix)]
    left = ""
    if found.expires_at is not None:
        left = f", expires in {duration(found.expires_at - scene.now)}"
    checks = [ok("login", f"{place(scene)}{left}")]
    if "file_mode" in found.note.split():
        what = "Other users can read or write the credentials file."
        path = scene.tidy(scene.env.credentials_path or "")
        checks.append(warn("login file", what, f"chmod 600 {path}"))
    return checks


def place(scene: Scene) -> str:
    """Return where the login is looked for, or was found."""
    source = scene.login.source
    if source == "environment":
        return "CLAUDE_CODE_OAUTH_TOKEN"
    if source == "keychain":
        return "the macOS Keychain"
    return scene.tidy(scene.env.credentials_path or "the home directory, which is unset")


def scope(scene: Scene) -> list[Check]:
    """Tell whether the token may ask for usage (docs/claude-code.md 5.3)."""
    found = scene.login
    if found.state != "found":
        return []
    if found.has_profile_scope is False:
        _word, what, fix = describe("scope")
        return [fail("scope", what, fix)]
    if found.source == "environment":
        if scene.snapshot is not None and scene.snapshot.state == "scope":
            return []  # the usage API has said so: the line below
        what = "The token in CLAUDE_CODE_OAUTH_TOKEN is used, not the stored login."
        fix = "Unset it to see the stored login's usage; a setup-token cannot ask for usage."
        return [warn("scope", what, fix)]
    if found.has_profile_scope is None:
        return [ok("scope", "unknown until the API is asked")]
    return [ok("scope", "the token has user:profile")]


def billing(scene: Scene) -> list[Check]:
    """Name variables that let Claude Code use something else than the subscription."""
    name = scene.env.billing_variable
    if not name or scene.login.state in NO_LOGIN:
        return []
    whose = "an API key" if scene.env.billing == "API key" else scene.env.billing
    what = f"{name} is set: Claude Code may use it, and {whose} has no 5h and 7d windows."
    return [warn("billing", what, f"Unset {name} to use the subscription.")]
