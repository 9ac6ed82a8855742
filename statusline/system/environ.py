"""Every environment variable and every path, read and validated in one place.

Nothing else in the package looks at the environment. The module is on the way to a segment,
so it reads ``posix.environ`` (already there) instead of importing ``os``.
"""

from __future__ import annotations

import posix
import sys

from statusline.system.digest import digest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

#: What the refresher inherits (S25); everything else stays behind.
INHERITED_PREFIXES = ("STATUSLINE_", "XDG_", "LC_")
INHERITED = frozenset(
    (
        *("HOME", "USER", "LOGNAME", "PATH", "LANG", "TZ", "CODEX_HOME"),
        *("CLAUDE_CONFIG_DIR", "CLAUDE_SECURESTORAGE_CONFIG_DIR", "CLAUDE_CODE_OAUTH_TOKEN"),
        *("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"),
        *("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"),
        *("HTTP_PROXY", "http_proxy", "NO_COLOR", "LD_PRELOAD", "LD_LIBRARY_PATH"),
        *("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY"),
        *("TMUX", "TMUX_TMPDIR"),  # these six lead a notification to a screen
    )
)

#: Who bills Claude Code's work where one of these is set, in the order in which they count.
BILLING = {
    "CLAUDE_CODE_USE_BEDROCK": "Bedrock",
    "CLAUDE_CODE_USE_VERTEX": "Vertex",
    "CLAUDE_CODE_USE_FOUNDRY": "Foundry",
    "ANTHROPIC_API_KEY": "API key",
    "ANTHROPIC_AUTH_TOKEN": "API key",
}

#: What Python itself puts into LC_CTYPE where LANG says C (PEP 538): not the user's word.
COERCED_LOCALES = frozenset(("C.UTF-8", "C.utf8", "UTF-8"))


class Environment:
    """A process's environment, seen through the questions this project asks.

    Built from any mapping of names to values, so that a test needs no global state.
    Paths are absolute or ``None``: a relative one would depend on the working directory,
    which belongs to a project that nobody has vouched for (I06, H02).
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def get(self, name: str) -> str | None:
        """Return the value of ``name``, or ``None`` where it is unset or empty."""
        return self._values.get(name) or None

    def _absolute(self, name: str) -> str | None:
        value = self.get(name) or ""
        is_absolute = value.startswith("/") or (sys.platform == "win32" and value[1:3] == ":/")
        return (value.rstrip("/") or "/") if is_absolute else None

    @property
    def home(self) -> str | None:
        """The home directory; ``None`` when unset, empty or relative."""
        return self._absolute("HOME")

    def below_home(self, variable: str, default: str) -> str | None:
        """Return the place that a variable names, or what it is below the home directory."""
        home = self.home
        return self._absolute(variable) or (None if home is None else f"{home}/{default}")

    @property
    def claude_config_dir_raw(self) -> str | None:
        """``CLAUDE_CONFIG_DIR`` as given, which the Keychain hashes (docs/claude-code.md 5.2)."""
        return self.get("CLAUDE_CONFIG_DIR")

    @property
    def securestorage_dir(self) -> str | None:
        """``CLAUDE_SECURESTORAGE_CONFIG_DIR`` as it was given (docs/claude-code.md 5.2)."""
        return self.get("CLAUDE_SECURESTORAGE_CONFIG_DIR")

    @property
    def claude_dir(self) -> str | None:
        """The Claude configuration directory (docs/claude-code.md 5.1)."""
        if self.claude_config_dir_raw is not None:
            return self._absolute("CLAUDE_CONFIG_DIR")
        return None if self.home is None else f"{self.home}/.claude"

    @property
    def credentials_path(self) -> str | None:
        """Where Claude Code keeps the login, unless it is in the Keychain."""
        return None if self.claude_dir is None else f"{self.claude_dir}/.credentials.json"

    @property
    def account_paths(self) -> tuple[str, ...]:
        """Where ``.claude.json`` may be; the first one wins if it exists.

        The default directory may be named by ``CLAUDE_CONFIG_DIR`` in one shell and by nothing in
        another. It is one profile, so both look in the same places.
        """
        claude = self.claude_dir
        if claude is None:
            return ()
        inside, legacy = f"{claude}/.claude.json", f"{claude}/.config.json"
        if self.home is not None and claude == f"{self.home}/.claude":
            return (legacy, f"{self.home}/.claude.json", inside)
        return (legacy, inside)

    @property
    def cache_root(self) -> str | None:
        """The directory that holds one directory per profile."""
        base = self.below_home("XDG_CACHE_HOME", ".cache")
        return self._absolute("STATUSLINE_CACHE_DIR") or (base and f"{base}/statusline")

    @property
    def profile_dir(self) -> str | None:
        """The cache directory of this profile.

        A profile is a Claude configuration directory. A token from the environment is a
        profile of its own: it may belong to another account than the stored login or the token
        before it, whose numbers must then not be shown (docs/claude-code.md 5.3).
        """
        directory, token = self.login_profile_dir, self.oauth_token
        if directory is None or token is None:
            return directory
        return f"{directory}-env-{digest(token)[:8]}"

    @property
    def login_profile_dir(self) -> str | None:
        """The cache directory of the stored login, whatever token the environment holds.

        For lines that outlive this environment: they look for a token themselves.
        """
        root, claude = self.cache_root, self.claude_dir
        return None if root is None or claude is None else f"{root}/{digest(claude)}"

    @property
    def config_path(self) -> str | None:
        """``config.toml``: ``$STATUSLINE_CONFIG``, else below the XDG configuration directory."""
        own = self._absolute("STATUSLINE_CONFIG")
        if own is not None:
            return own
        base = self.config_home
        return None if base is None else f"{base}/statusline/config.toml"

    @property
    def config_home(self) -> str | None:
        """The XDG configuration directory."""
        return self.below_home("XDG_CONFIG_HOME", ".config")

    @property
    def data_dir(self) -> str | None:
        """What is neither configuration nor cache: the record of what was installed."""
        base = self.below_home("XDG_DATA_HOME", ".local/share")
        return None if base is None else f"{base}/statusline"

    @property
    def zsh_dir(self) -> str | None:
        """Where zsh looks for its startup files."""
        return self._absolute("ZDOTDIR") or self.home

    @property
    def starship_path(self) -> str | None:
        """Where starship is configured; its default does not follow XDG."""
        return self.below_home("STARSHIP_CONFIG", ".config/starship.toml")

    @property
    def program(self) -> str | None:
        """``STATUSLINE_BIN``: the launcher, where it is not what was started."""
        return self._absolute("STATUSLINE_BIN")

    @property
    def chain(self) -> str | None:
        """``STATUSLINE_CHAIN``: the file with the status line that Claude Code had before."""
        return self._absolute("STATUSLINE_CHAIN")

    @property
    def oauth_token(self) -> str | None:
        """``CLAUDE_CODE_OAUTH_TOKEN``: secret, to be wrapped at once (docs/claude-code.md 5.3)."""
        return self.get("CLAUDE_CODE_OAUTH_TOKEN")

    @property
    def in_claude_code(self) -> bool:
        """Tell whether Claude Code started this, as it says in what it starts."""
        return self.get("CLAUDECODE") is not None or bool(self.claude_pid)

    @property
    def claude_pid(self) -> str:
        """The process id of the Claude Code that runs this status line, "" where it tells none."""
        value = self.get("CLAUDE_PID") or ""
        return value if value.isdecimal() and len(value) < 11 else ""

    @property
    def billing_variable(self) -> str:
        """The variable that lets somebody else than a subscription bill the work; else ""."""
        for name in BILLING:
            if (self.get(name) or "0").lower() not in ("0", "false"):
                return name
        return ""

    @property
    def billing(self) -> str:
        """Who bills Claude Code's work if no subscription does, such as "API key"; else ""."""
        return BILLING.get(self.billing_variable, "")

    @property
    def api_url(self) -> str | None:
        """``STATUSLINE_API_URL`` as it was given; ``refresh.endpoint`` validates it."""
        return self.get("STATUSLINE_API_URL")

    @property
    def user(self) -> str | None:
        """The login name."""
        return self.get("USER") or self.get("LOGNAME")

    @property
    def path(self) -> str:
        """The search path for programs."""
        return self.get("PATH") or "/usr/bin:/bin"

    @property
    def columns(self) -> int | None:
        """``COLUMNS`` in cells, 1 to 10 000; ``None`` when unset or nonsense."""
        value = self.get("COLUMNS")
        if value is None or len(value) > 5 or not (value.isascii() and value.isdigit()):
            return None
        return int(value) if 1 <= int(value) <= 10_000 else None

    @property
    def no_color(self) -> bool:
        """``NO_COLOR`` is set to anything."""
        return self.get("NO_COLOR") is not None

    @property
    def force_color(self) -> bool:
        """``FORCE_COLOR`` or ``CLICOLOR_FORCE`` asks for colours where nobody looks."""
        return any(self.get(name) not in (None, "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE"))

    @property
    def dumb_terminal(self) -> bool:
        """``TERM`` says that no escape sequence is understood."""
        return self.get("TERM") == "dumb"

    @property
    def ascii_locale(self) -> bool:
        """The locale names a character set that is not UTF-8; an unset one is not trusted."""
        ctype = self.get("LC_CTYPE")
        if ctype in COERCED_LOCALES:
            ctype = self.get("LANG") or ctype
        name = self.get("LC_ALL") or ctype or self.get("LANG")
        return name is not None and "UTF8" not in name.upper().replace("-", "")

    def inherited(self) -> dict[str, str]:
        """Return what a refresher needs of this environment, and no more."""
        return {
            name: value
            for name, value in self._values.items()
            if name in INHERITED or name.startswith(INHERITED_PREFIXES)
        }

    def of_previous(self) -> dict[str, str]:
        """Return what the status line before ours is started with: what Claude Code gave us.

        Python changes LC_CTYPE where LANG says C (PEP 538); our hook kept what it was. Without
        STATUSLINE_CHAIN it may run ``statusline`` itself.
        """
        values = dict(self._values)
        values.pop("STATUSLINE_CHAIN", None)
        ctype = values.pop("STATUSLINE_LC_CTYPE", None)
        if ctype is not None:
            values["LC_CTYPE"] = ctype
            if not ctype:
                del values["LC_CTYPE"]
        return values


def forget(name: str) -> None:
    """Remove a variable from this process's environment: libraries read some by themselves."""
    import os  # a prompt never comes here

    os.environ.pop(name, None)


def current() -> Environment:
    """Return the environment that this process was started with."""
    encoding = sys.getfilesystemencoding()
    return Environment(
        {
            name.decode(encoding, "surrogateescape"): value.decode(encoding, "surrogateescape")
            for name, value in posix.environ.items()
        }
    )
