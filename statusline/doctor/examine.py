"""All checks, in the order in which a number travels: program, login, API, cache, host, segment."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from statusline.doctor import (
    api_state,
    cache,
    claude_code,
    history,
    hosts,
    install,
    login,
    network,
    notifications,
    sources,
    surfaces,
    timer,
    tokens,
)
from statusline.doctor.check import Check
from statusline.doctor.context import Context

CHECKS: tuple[Callable[[Context], list[Check]], ...] = (
    *(install.python, install.launcher, install.on_path, install.settings),
    *(login.login, login.scope, login.billing),
    *(network.variables, network.reach, api_state.answer, api_state.schedule, api_state.dropped),
    *(cache.directory, cache.numbers, cache.disk, cache.lock, cache.clock, history.history),
    *(tokens.tokens, sources.sources),
    *(claude_code.version, claude_code.slot, claude_code.trust),
    *(hosts.multiplexer, hosts.prompt, surfaces.surfaces),
    *(notifications.notifications, timer.runs),
)


def examine(context: Context) -> Iterator[Check]:
    """Yield the checks one by one, as they are made."""
    for check in CHECKS:
        yield from check(context)
