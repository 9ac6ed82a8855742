"""All checks, in the order in which a number travels: program, login, API, cache, host, segment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

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
from statusline.doctor.check import FAIL, WARN, Check, skip, warn
from statusline.doctor.context import Context
from statusline.system.errors import reason

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
#: What a fix begins with where a trouble passes by itself.
NOTHING = "Nothing"


def examine(context: Context) -> Iterator[Check]:
    """Yield the checks one by one, as they are made; one cause is told once."""
    troubled: dict[str, str] = {}
    for check in CHECKS:
        for found in _made(check, context):
            told = _unless_explained(found, troubled)
            if told.result == FAIL or (told.result == WARN and told.name not in troubled):
                troubled[told.name] = told.result
            yield told


def _made(check: Callable[[Context], list[Check]], context: Context) -> list[Check]:
    """Make a check; what nobody expected in one is no reason not to make the others."""
    try:
        return check(context)
    except Exception as error:  # noqa: BLE001  # whatever it is
        name = check.__name__.replace("_", " ")
        what = f"This could not be looked at: {reason(error)}."
        return [warn(name, what, "Report it with what `statusline doctor --report` prints.")]


def _unless_explained(check: Check, troubled: Mapping[str, str]) -> Check:
    """Return a check, as one not made where an earlier one found what it comes from."""
    for name in check.after:
        if troubled.get(name) in (FAIL, check.result):
            return skip(check.name, f"Because of `{name}`: {check.what}")
    return check


def by_weight(checks: Iterable[Check]) -> list[Check]:
    """Return what is wrong, what does not work at all first, what passes by itself last."""
    found = [each for each in checks if each.result in (FAIL, WARN)]
    return sorted(found, key=lambda each: (each.result != FAIL, each.fix.startswith(NOTHING)))
