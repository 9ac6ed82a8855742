"""What a refresher adds to the history before it publishes, and what the history makes of it."""

from __future__ import annotations

from collections.abc import Callable

from statusline.database.place import DatabaseError
from statusline.history import store
from statusline.history.predict import Predictor, predict
from statusline.history.store import History
from statusline.usage.forecast import Forecast
from statusline.usage.observation import DAY_S, Observation, is_reset, same_reset
from statusline.usage.snapshot import Snapshot

#: How far back a forecast looks, in seconds: for windows of five hours, and for longer ones.
SHORT_PAST_S, LONG_PAST_S = 42 * DAY_S, 182 * DAY_S

PREDICT: Predictor = predict


def record(directory: str, snapshot: Snapshot, is_mine: Callable[[str], bool], now: float) -> str:
    """Keep what is new in ``snapshot`` and set its forecasts; return a sentence for the log.

    ``is_mine`` tells whether a mark that was kept is that of the present account. Never raises:
    whatever is wrong with the history, the numbers are published, without a forecast.
    """
    snapshot.forecasts = {}
    if not snapshot.windows and not snapshot.sources:
        return "history: nothing to keep"
    try:
        try:
            return _record(directory, snapshot, is_mine, now)
        except DatabaseError as error:
            if error.trouble != "broken":
                raise
        return _record(directory, snapshot, is_mine, now)  # it was put aside
    except DatabaseError as error:
        return f"history: {error}"
    except Exception as error:  # noqa: BLE001  # costs the history, never the segment
        return f"history: {type(error).__name__}"


def _record(directory: str, snapshot: Snapshot, is_mine: Callable[[str], bool], now: float) -> str:
    with store.writing(directory) as history:
        _adopt(history, snapshot.account, is_mine, now)
        count = history.note(snapshot.account, snapshot.windows.values(), now)
        for agent, windows in snapshot.sources.items():
            count += history.note(agent, windows.values(), now)
        snapshot.forecasts = _forecasts(history, snapshot, now)
        if now // DAY_S != snapshot.written_at // DAY_S:  # the first refresh of a day
            history.check()
        history.compact(now)
    return f"history: new numbers: {count}"


def _adopt(history: History, mark: str, is_mine: Callable[[str], bool], now: float) -> None:
    """Let all numbers of this account go by its present mark.

    It had others before ``usage.json`` was lost, and whenever nobody named the account. A mark that
    is not of the present login adopts nothing: ``.claude.json`` cannot be read, and the login may
    have changed meanwhile.
    """
    known = history.accounts()
    is_present = is_mine(mark)
    others = [each for each in known if is_present and each != mark and is_mine(each)]
    if mark not in known:
        others = others or [each for each in known[:1] if not each]
    if others:
        history.adopt(mark, others, now)


def _forecasts(history: History, snapshot: Snapshot, now: float) -> dict[str, Forecast]:
    """Return a forecast for each running window of which one can be made."""
    found = {}
    for name, seen in snapshot.windows.items():
        forecast = None if is_reset(seen, now) else _forecast(history, snapshot.account, seen, now)
        if forecast is not None:
            found[name] = forecast
    return found


def _forecast(history: History, account: str, seen: Observation, now: float) -> Forecast | None:
    """Return where a running window leads, as of the moment at which its number was true."""
    past_s = SHORT_PAST_S if seen.window == "five_hour" else LONG_PAST_S
    known = history.cycles(account, seen.window, now - past_s, now)
    if not known or known[-1].is_closed or seen.resets_at is None:
        return None
    *past, running = known
    if not same_reset(running.resets_at, seen.resets_at):
        return None
    moment = min(max(seen.observed_at, running.seen_at), now)
    return PREDICT(running._replace(seen_at=moment), moment, past)
