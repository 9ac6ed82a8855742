"""Whether the login has changed since the numbers were fetched.

The refresher notes which login files it has read; whoever shows the numbers compares them with
what is there now. A change of the account is told from one of anything else in ``.claude.json``,
which Claude Code rewrites all the time.
"""

from __future__ import annotations

import posix

from statusline.system import bounded_read
from statusline.system.digest import digest
from statusline.system.untrusted import mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from statusline.system.environ import Environment
    from statusline.usage.snapshot import Snapshot

#: More of ``.claude.json`` than this is not looked at on the way to a segment.
MAX_BYTES, MEMBER_BYTES = 16 << 20, 64 << 10
_KEY = b'"oauthAccount"'


def login_stamp(env: Environment) -> str:
    """Return what tells the login files of now from others: modification time, size, inode.

    The credentials first, a word each; "-" for a file that is not there. "" where the token
    comes from the environment, since that token's profile follows no file.
    """
    if env.oauth_token is not None:
        return ""
    return " ".join(map(_identity_of, (env.credentials_path, *env.account_paths)))


def _identity_of(path: str | None) -> str:
    try:
        status = posix.stat(path or "")
    except (OSError, ValueError):
        return "-"
    return f"{status.st_mtime_ns}-{status.st_size}-{status.st_ino}"


def reconcile(env: Environment, snapshot: Snapshot) -> None:
    """Bring a snapshot in line with the login files of now: the numbers may not be theirs.

    After any change a refresher is due at once. Another account's numbers are dropped; where nobody
    can tell the account, numbers from before other credentials stay, and the state says so.
    """
    found = login_stamp(env)
    if snapshot.login in ("", found) or snapshot.is_newer_than_us():
        return
    if env.claude_dir is None:
        return  # only the cache is known (overview/profiles.py)
    snapshot.next_refresh_at = 0.0
    account = _account(env)
    salt, _dash, mark = snapshot.account.partition("-")
    if account and mark and not mark.startswith("t"):
        if account_mark(account, salt) == mark:
            return
        snapshot.windows, snapshot.forecasts = {}, {}
        snapshot.spend = None
        snapshot.pools, snapshot.absent = {}, []
        snapshot.plan = ""
        snapshot.account_since = float("inf")  # no statement can be of the new account yet
    elif found.partition(" ")[0] == snapshot.login.partition(" ")[0]:
        return
    snapshot.state = "new_login"


def _account(env: Environment) -> str:
    """Return the account and organization that ``.claude.json`` names, "" where it names none.

    Only the one member is parsed: a history of megabytes may stand around it.
    """
    for path in account_files(env)[:1]:
        data = bounded_read.read_file(path, MAX_BYTES, foreign=True) or b""
        start = data.find(_KEY)
        while start >= 0:
            after = data[start + len(_KEY) : start + MEMBER_BYTES].lstrip()
            if after.startswith(b":"):
                return account_name(bounded_read.parse_first(after[1:]))
            start = data.find(_KEY, start + 1)
    return ""


def account_files(env: Environment) -> list[str]:
    """Return the files of ``Environment.account_paths`` that are there, the one in use first.

    That is the legacy file, else the one that Claude Code has written last.
    """
    found = []
    for place, path in enumerate(env.account_paths):
        try:
            found.append((place > 0, -posix.stat(path).st_mtime_ns, path))
        except (OSError, ValueError):
            continue
    return [path for _is_legacy, _age, path in sorted(found)]


def account_name(member: object) -> str:
    """Return what names an account in its organization, "" for none; not to be stored as it is."""
    uuid, organization = (mapping(member).get(key) for key in ("accountUuid", "organizationUuid"))
    if not _is_id(uuid):
        return ""
    return f"{uuid}/{organization if _is_id(organization) else ''}"


def _is_id(value: object) -> bool:
    return (
        isinstance(value, str)
        and 0 < len(value) <= 64
        and value.isascii()
        and value.replace("-", "").isalnum()
    )


def account_mark(account: str, salt: str) -> str:
    """Return 16 hex digits that tell accounts apart without naming one."""
    return digest(f"{salt}{account}")
