"""``statusline env``: every variable and file that matters, its value, and where that is from."""

from __future__ import annotations

import json
import os
from typing import NamedTuple
from urllib.parse import urlsplit

import click

from statusline.cli import listing
from statusline.cli.command import Command
from statusline.cli.console import console
from statusline.cli.listing import Finding, harmless
from statusline.system import environ
from statusline.system.environ import Environment
from statusline.usage.snapshot import FILE_NAME

#: Variables that hold a secret: only whether they are set is told.
SECRETS = ("CLAUDE_CODE_OAUTH_TOKEN", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN")
#: Variables that lead to a place: a relative one is ignored (H02).
PLACES = (
    *("HOME", "STATUSLINE_CACHE_DIR", "STATUSLINE_CONFIG", "STATUSLINE_BIN", "CLAUDE_CONFIG_DIR"),
    *("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "STARSHIP_CONFIG", "ZDOTDIR"),
    "CODEX_HOME",
)
#: A password may be in these.
PROXIES = (
    *("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"),
    "STATUSLINE_API_URL",
)
OTHERS = (
    *("CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX", "CLAUDE_CODE_USE_FOUNDRY"),
    *("CLAUDE_SECURESTORAGE_CONFIG_DIR", "NO_PROXY", "no_proxy", "REQUESTS_CA_BUNDLE"),
    *("CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE", "NO_COLOR"),
    *("FORCE_COLOR", "CLICOLOR_FORCE", "TERM", "COLUMNS", "LANG", "LC_ALL", "LC_CTYPE", "TZ"),
    *("USER", "PATH", "DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY"),
    *("TMUX", "TMUX_TMPDIR"),
)

#: The longest usual name.
NAME_CELLS = 20
FROM_ENVIRONMENT = "environment"


class Setting(NamedTuple):
    """A variable or a file: its effective value (``None`` for none) and where that is from."""

    name: str
    value: str | None
    origin: str


@click.command("env", cls=Command)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON (docs/doctor.json.md).")
@click.pass_context
def command(context: click.Context, *, as_json: bool) -> None:
    """Show every variable and file that counts, with its value and where that comes from.

    A secret is shown as "set", and a URL without its password. `statusline help environment`
    and `statusline help files` say what each is for.
    """
    env = environ.current()
    if as_json:
        document = {
            "schema": 1,
            "variables": [_clean(each) for each in variables(env)],
            "files": [_clean(each) for each in files(env)],
        }
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
        return
    target = console(context)
    found = variables(env)
    is_set = [each for each in found if each.value is not None]
    listing.show(target, [Finding("", f"{len(is_set)} of {len(found)} variables are set:")])
    listing.show(target, [_row(each) for each in is_set], NAME_CELLS)
    listing.show(target, [Finding("", "Files:")])
    listing.show(target, [_row(each) for each in files(env)], NAME_CELLS)


def _row(entry: Setting) -> Finding:
    origin = "" if entry.origin == FROM_ENVIRONMENT else f"  ({entry.origin})"
    return Finding(entry.name, f"{entry.value or 'nowhere'}{origin}")


def _clean(entry: Setting) -> dict[str, str | None]:
    return {
        name: None if text is None else harmless(text) for name, text in entry._asdict().items()
    }


def variables(env: Environment) -> list[Setting]:
    """Return the variables that this project, or what it is built on, looks at."""
    found = []
    for name in (*PLACES, *SECRETS, *PROXIES, *OTHERS):
        value = env.get(name)
        if value is None:
            found.append(Setting(name, None, "not set"))
        elif name in SECRETS:
            found.append(Setting(name, "set", FROM_ENVIRONMENT))
        elif name in PROXIES:
            found.append(Setting(name, without_password(value), FROM_ENVIRONMENT))
        elif name in PLACES and not value.startswith("/"):
            found.append(
                Setting(name, value, f"{FROM_ENVIRONMENT}; ignored, since it is not absolute")
            )
        else:
            found.append(Setting(name, value, FROM_ENVIRONMENT))
    return found


def without_password(url: str) -> str:
    """Return a URL without user and password; "set" where it is none."""
    try:
        parts = urlsplit(url if "//" in url else f"//{url}")
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "set"
    scheme = f"{parts.scheme}://" if parts.scheme else ""
    hidden = "***@" if "@" in parts.netloc else ""
    return f"{scheme}{hidden}{host}" if host and "@" not in parts.path else "set"


def files(env: Environment) -> list[Setting]:
    """Return the files that are read or written, and what decided where they are."""
    claude = "CLAUDE_CONFIG_DIR" if env.claude_config_dir_raw else "HOME"
    profile = env.profile_dir
    places = [
        ("config.toml", env.config_path, _origin(env, "STATUSLINE_CONFIG", "XDG_CONFIG_HOME")),
        ("cache", profile, _origin(env, "STATUSLINE_CACHE_DIR", "XDG_CACHE_HOME")),
        ("usage.json", profile and f"{profile}/{FILE_NAME}", "the cache"),
        ("state.json", profile and f"{profile}/state.json", "the cache"),
        ("history.sqlite3", profile and f"{profile}/history.sqlite3", "the cache"),
        ("plan.json", profile and f"{profile}/plan.json", "the cache"),
        ("notices.json", profile and f"{profile}/notices.json", "the cache"),
        (
            "installed.json",
            env.data_dir and f"{env.data_dir}/installed.json",
            _origin(env, "XDG_DATA_HOME"),
        ),
        ("credentials", env.credentials_path, claude),
        ("settings.json", env.claude_dir and f"{env.claude_dir}/settings.json", claude),
        *((os.path.basename(path), path, claude) for path in env.account_paths),
        ("starship.toml", env.starship_path, _origin(env, "STARSHIP_CONFIG")),
    ]
    return [
        Setting(name, path, f"{_presence(path)}, from {origin}") for name, path, origin in places
    ]


def _origin(env: Environment, *names: str) -> str:
    """Return the first of these variables that counts."""
    return next((name for name in names if (env.get(name) or "").startswith("/")), "HOME")


def _presence(path: str | None) -> str:
    """Tell whether a file is there, without opening it."""
    if path is None:
        return "no place for it"
    if os.path.lexists(path):
        return "there" if os.access(path, os.R_OK) else "there but not readable"
    return "not there"
