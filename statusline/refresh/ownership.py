"""Whose the numbers are: they go when the account behind the login is another one (F14)."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from statusline.login.identity import account_mark

if TYPE_CHECKING:
    from statusline.login.account import Account
    from statusline.login.secret import Secret
    from statusline.usage.snapshot import Snapshot


def adopt(
    snapshot: Snapshot, account: Account, token: Secret | None, now: float, *, is_same_token: bool
) -> bool:
    """Let ``snapshot`` belong to the present login; tell whether another account's numbers went.

    The key carries its own salt, so that the numbers outlive a lost ``state.json``. Where nobody
    names the account the token stands for it. ``is_same_token``: it is the one that was used last.
    While that is so, or ``.claude.json`` cannot be read since it is being rewritten, an account
    that is no longer named is still the same. What sessions have told stays noted: they go on
    repeating it.
    """
    salt, _dash, old = snapshot.account.partition("-")
    salt = salt or secrets.token_hex(8)
    by_token = "" if token is None else f"t{token.fingerprint(salt.encode())}"
    new = account_mark(account.name, salt) if account.name else by_token
    is_named = bool(old) and not old.startswith("t")
    if not new or (not account.name and is_named and (is_same_token or account.is_partial)):
        return False
    snapshot.account = f"{salt}-{new}"
    if old in ("", new, by_token):
        return False
    snapshot.windows, snapshot.forecasts = {}, {}
    snapshot.spend = None
    snapshot.pools, snapshot.absent = {}, []
    snapshot.plan = ""
    snapshot.succeeded_at = None
    snapshot.unknown_keys = []
    snapshot.account_since = now
    return True


def is_of(mark: str, account: Account, token: Secret | None) -> bool:
    """Tell whether a mark that was kept (``Snapshot.account``) is the present login's.

    Also one with a salt of another ``usage.json``, which was lost since.
    """
    salt, _dash, kept = mark.partition("-")
    known = {f"t{token.fingerprint(salt.encode())}"} if token is not None else set()
    return kept in known | ({account_mark(account.name, salt)} if account.name else set())
