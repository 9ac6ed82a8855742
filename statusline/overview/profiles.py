"""Every profile of this user that can be found, each as an environment in which all else works.

A profile is one Claude configuration directory, or one token in the environment. No token is
read for this, and none is passed on.
"""

from __future__ import annotations

import glob
import os
import re
from typing import TYPE_CHECKING, NamedTuple

from statusline.login.credentials import Credentials
from statusline.settings import load as config
from statusline.system.digest import digest
from statusline.system.environ import Environment
from statusline.system.text import below_home
from statusline.usage.snapshot import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What shows that a directory is one of Claude Code's.
MARKS = (".credentials.json", ".claude.json", ".config.json", "settings.json", "projects")
#: How the login is chosen: what holds for the present profile, and for no other.
_OWN = ("CLAUDE_CONFIG_DIR", "CLAUDE_SECURESTORAGE_CONFIG_DIR", "CLAUDE_CODE_OAUTH_TOKEN")
#: No more than these are looked at beside those that the user named.
MOST = 64
_CACHE = re.compile(r"([0-9a-f]{16})(?:-env-([0-9a-f]{8}))?")
#: The fewest digits of a cache directory's name that may stand for it.
_FEWEST = 4


class Profile(NamedTuple):
    """One profile: its label, else its directory, else the first digits of its cache's name.

    ``directory`` is its cache. ``claude_dir`` is ``None`` where only the cache is known: it can be
    looked at, and never refreshed. ``is_present`` marks the one of this process's environment.
    """

    name: str
    directory: str
    claude_dir: str | None
    env: Environment
    is_present: bool = False

    @property
    def login(self) -> Credentials | None:
        """The login to show: ``None``, to be read, for the present profile; else unread."""
        return None if self.is_present else Credentials(state="found")


class UnknownProfileError(Exception):
    """No profile is called so, or several are; the text says which ones there are."""


class KeptEnvironment(Environment):
    """The environment of a cache whose Claude directory nobody knows."""

    __slots__ = ("_directory",)

    def __init__(self, env: Environment, directory: str) -> None:
        super().__init__(_without_login(env))
        self._directory = directory

    @property
    def claude_dir(self) -> None:
        """Nobody knows it, so no login belongs to it."""
        return

    @property
    def profile_dir(self) -> str:
        """The cache directory that was found."""
        return self._directory

    @property
    def login_profile_dir(self) -> None:
        """There is none to go on with."""
        return


def _without_login(env: Environment) -> dict[str, str]:
    return {name: value for name, value in env.of_previous().items() if name not in _OWN}


def elsewhere(env: Environment, claude_dir: str) -> Environment:
    """Return the environment of a Claude directory's stored login."""
    values = _without_login(env)
    if env.home is None or claude_dir != f"{env.home}/.claude":
        values["CLAUDE_CONFIG_DIR"] = claude_dir
    return Environment(values)


def found(env: Environment) -> list[Profile]:
    """Return the present profile, then those that are named, then what else lies around.

    Named are those of ``[accounts]`` in ``config.toml``; the others are ``~/.claude``,
    ``~/.claude-*`` and caches.
    """
    labels = config.accounts(config.read(env), env)
    profiles: dict[str, Profile] = {}
    for each in (*_present(env, labels), *_stored(env, labels)):
        profiles.setdefault(each.directory, each)
    for each in _kept(env, list(profiles.values())):
        profiles.setdefault(each.directory, each)
    return list(profiles.values())


def _present(env: Environment, labels: dict[str, str]) -> Iterator[Profile]:
    directory, claude = env.profile_dir, env.claude_dir
    if directory is None or claude is None:
        return
    name = _name(claude, labels, env)
    if env.oauth_token is not None:
        name += " (token)"
    yield Profile(name, directory, claude, env, is_present=True)


def _stored(env: Environment, labels: dict[str, str]) -> Iterator[Profile]:
    """Yield the stored logins: a directory that the user named counts even if it is not there."""
    looked = []
    if env.home is not None:
        around = glob.glob(f"{glob.escape(env.home)}/.claude-*")
        looked = [f"{env.home}/.claude", *sorted(around)[:MOST]]
    here = [] if env.claude_dir is None else [env.claude_dir]
    for claude in [*labels, *(each for each in (*here, *looked) if is_claudes(each))]:
        made = _at(env, claude, labels)
        if made is not None:
            yield made


def _at(env: Environment, claude: str, labels: dict[str, str]) -> Profile | None:
    other = elsewhere(env, claude)
    if other.profile_dir is None:
        return None
    return Profile(_name(claude, labels, env), other.profile_dir, claude, other)


def _kept(env: Environment, known: list[Profile]) -> Iterator[Profile]:
    """Yield the caches that belong to none of the known profiles."""
    try:
        names = sorted(os.listdir(env.cache_root or ""))
    except OSError:
        return
    owners = {digest(each.claude_dir or ""): each for each in reversed(known)}
    caches = [match for name in names if (match := _CACHE.fullmatch(name))]
    for match in caches[:MOST]:
        path = f"{env.cache_root}/{match[0]}"
        if os.path.islink(path) or not os.path.isfile(f"{path}/{FILE_NAME}"):
            continue
        owner = owners.get(match[1])
        name = match[1][:8]
        if match[2]:
            whose = name if owner is None else owner.name.removesuffix(" (token)")
            name = f"{whose} (token {match[2]})"
        yield Profile(name, path, None, KeptEnvironment(env, path))


def is_claudes(directory: str) -> bool:
    """Tell whether a directory looks like one of Claude Code's."""
    return any(os.path.exists(f"{directory}/{each}") for each in MARKS)


def _name(claude: str, labels: dict[str, str], env: Environment) -> str:
    return labels.get(claude) or below_home(claude, env.home)


def named(asked: str, env: Environment) -> Profile:
    """Return the profile of a label, a Claude directory, or digits of its cache's name.

    Raise ``UnknownProfileError`` where it is not one profile that is meant.
    """
    known = found(env)
    path = f"{env.home}{asked[1:]}" if asked.startswith("~/") else asked
    path = path.rstrip("/")
    fits = [each for each in known if each.name == asked]
    fits = fits or [each for each in known if path in (each.directory, _stored_at(each))]
    fits = fits or [each for each in known if asked == os.path.basename(each.directory)]
    fits = fits or [each for each in known if _is_begin(asked, each)]
    if not fits and path.startswith("/") and is_claudes(path):
        fits = list(filter(None, [_at(env, path, {})]))
    if len(fits) == 1:
        return fits[0]
    if fits:
        places = ", ".join(_place(each, env) for each in fits)
        raise UnknownProfileError(f"several profiles are {asked!r}: take one of {places}.")
    names = ", ".join(each.name for each in known) or "none"
    raise UnknownProfileError(f"there is no profile {asked!r}; there are: {names}.")


def _stored_at(profile: Profile) -> str | None:
    """Return the directory whose stored login this is."""
    return None if profile.env.oauth_token is not None else profile.claude_dir


def _is_begin(asked: str, profile: Profile) -> bool:
    return len(asked) >= _FEWEST and os.path.basename(profile.directory).startswith(asked)


def _place(profile: Profile, env: Environment) -> str:
    if profile.claude_dir is None:
        return os.path.basename(profile.directory)
    return below_home(profile.claude_dir, env.home)
