"""What only Claude Code's stdin tells of a session; loaded when a format asks for it."""

from __future__ import annotations

from statusline.segment.bars import bar
from statusline.segment.humanize import count, dollars, duration, remaining
from statusline.segment.session_text import shown
from statusline.segment.values import context_pct, severity
from statusline.system.text import clean
from statusline.system.untrusted import mapping, number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from statusline.segment.view import Part, View

#: More than this on stdin is nonsense: dollars, lines, tokens, milliseconds.
MAX_COST_USD, MAX_LINES, MAX_TOKENS, MAX_DURATION_MS = 1e6, 1e8, 1e9, 1e12
#: A rate needs a session of at least a minute; no prompt cache lives longer than a day.
MIN_RATE_MS, MAX_CACHE_S = 60_000, 86_400
MAX_PATH = 48


def _at(view: View, *path: str) -> object:
    """Return what stands at a path of stdin's document, ``None`` for nothing."""
    value: object = view.stdin
    for name in path:
        value = mapping(value).get(name)
    return value


def _count(view: View, most: float, *path: str) -> float | None:
    """Return one number of stdin (docs/claude-code.md 4.1), ``None`` for nonsense."""
    value = number(_at(view, *path))
    return value if value is not None and 0 <= value <= most else None


def _muted(text: str) -> list[Part]:
    return [("muted", text)] if text else []


def _tokens(*path: str) -> Callable[[View], list[Part]]:
    def show(view: View) -> list[Part]:
        tokens = _count(view, MAX_TOKENS, "context_window", *path)
        return [] if tokens is None else _muted(count(tokens))

    return show


def _tokens_in(view: View) -> list[Part]:
    """Return what was sent and not in the cache: new input, and what was written to the cache."""
    usage = ("context_window", "current_usage")
    fresh = _count(view, MAX_TOKENS, *usage, "input_tokens")
    written = _count(view, MAX_TOKENS, *usage, "cache_creation_input_tokens")
    return [] if fresh is None else _muted(count(fresh + (written or 0)))


def _context_bar(view: View) -> list[Part]:
    used_pct = context_pct(view)
    if used_pct is None:
        return []
    return bar(used_pct, view.settings, severity(used_pct, view.settings, "context"), remains=False)


def _context_left(view: View) -> list[Part]:
    used_pct = context_pct(view)
    if used_pct is None:
        return []
    return [(severity(used_pct, view.settings, "context"), f"{remaining(used_pct)} left")]


def _cache(view: View) -> list[Part]:
    """Return how long the prompt cache stays warm: the next answer costs more without it."""
    expires_at = number(_at(view, "prompt_cache", "expires_at"))
    if expires_at is None or expires_at - view.now > MAX_CACHE_S:
        return []
    left_s = expires_at - view.now
    return _muted(duration(left_s)) if left_s > 0 else [("warning", "cold")]


def _cache_hit(view: View) -> list[Part]:
    ratio = _count(view, 1, "prompt_cache", "hit_ratio")
    return [] if ratio is None else _muted(f"{int(ratio * 100 + 1e-9)}%")  # 0.29 * 100 is 28.999...


def _cost(view: View) -> list[Part]:
    cost_usd = _count(view, MAX_COST_USD, "cost", "total_cost_usd")
    return [] if cost_usd is None else _muted(dollars(cost_usd))


def _cost_rate(view: View) -> list[Part]:
    cost_usd = _count(view, MAX_COST_USD, "cost", "total_cost_usd")
    open_ms = _count(view, MAX_DURATION_MS, "cost", "total_duration_ms") or 0
    if not cost_usd or open_ms < MIN_RATE_MS:
        return []
    return _muted(f"{dollars(cost_usd * 3_600_000 / open_ms)}/h")


def _lines(view: View) -> list[Part]:
    added = int(_count(view, MAX_LINES, "cost", "total_lines_added") or 0)
    removed = int(_count(view, MAX_LINES, "cost", "total_lines_removed") or 0)
    return _muted(f"+{added} −{removed}" if added or removed else "")


def _time(key: str) -> Callable[[View], list[Part]]:
    def show(view: View) -> list[Part]:
        spent_ms = _count(view, MAX_DURATION_MS, "cost", key)
        return _muted(duration(spent_ms / 1000)) if spent_ms else []

    return show


def _directory(view: View) -> str:
    """Return where the session works, "" for what is no absolute path."""
    found = _at(view, "workspace", "current_dir") or _at(view, "cwd")
    return found if isinstance(found, str) and found.startswith("/") else ""


def _last_part(path: object, view: View) -> list[Part]:
    if not isinstance(path, str) or not path.startswith("/"):
        return []
    if view.env is not None and path.rstrip("/") == view.env.home:
        return [("", "~")]
    name = shown(path.rstrip("/").rpartition("/")[2])
    return [("", name or "/")]


def _path(view: View) -> list[Part]:
    path = _directory(view)
    home = None if view.env is None else view.env.home
    if home is not None and (path == home or path.startswith(f"{home}/")):
        path = f"~{path[len(home) :]}"
    text = shown(path, MAX_PATH, keep_end=True)
    return [("", text)] if text else []


def _branch(view: View) -> list[Part]:
    from statusline.segment.git_branch import branch  # reads files

    directory = _directory(view)
    name = branch(directory) if directory else ""
    return [("", name)] if name else []


def _worktree(view: View) -> list[Part]:
    name = shown(_at(view, "worktree", "name")) or shown(_at(view, "workspace", "git_worktree"))
    return [("", name)] if name else []


def _repo(view: View) -> list[Part]:
    owner, name = (shown(_at(view, "workspace", "repo", key)) for key in ("owner", "name"))
    return _muted(f"{owner}/{name}" if owner and name else name)


def _pull_request(view: View) -> list[Part]:
    asked = _count(view, MAX_LINES, "pr", "number")
    review = clean(_at(view, "pr", "review_state")).replace("_", " ")
    return [] if asked is None else _muted(f"#{int(asked)} {review}".rstrip())


def _style(view: View) -> list[Part]:
    name = clean(_at(view, "output_style", "name"))
    return [] if name == "default" else _muted(name)


def _text(*path: str, limit: int = 24) -> Callable[[View], list[Part]]:
    return lambda view: _muted(clean(_at(view, *path), limit))


def _flag(word: str, *path: str) -> Callable[[View], list[Part]]:
    return lambda view: _muted(word if _at(view, *path) is True else "")


VALUES: dict[str, Callable[[View], list[Part]]] = {
    "effort": _text("effort", "level", limit=12),
    "context.bar": _context_bar,
    "context.left": _context_left,
    "context.tokens": _tokens("total_input_tokens"),
    "context.size": _tokens("context_window_size"),
    "tokens.in": _tokens_in,
    "tokens.out": _tokens("current_usage", "output_tokens"),
    "tokens.cached": _tokens("current_usage", "cache_read_input_tokens"),
    "cache": _cache,
    "cache.hit": _cache_hit,
    "cost": _cost,
    "cost.rate": _cost_rate,
    "lines": _lines,
    "duration": _time("total_duration_ms"),
    "duration.api": _time("total_api_duration_ms"),
    "dir": lambda view: _last_part(_directory(view), view),
    "dir.path": _path,
    "project": lambda view: _last_part(_at(view, "workspace", "project_dir"), view),
    "branch": _branch,
    "worktree": _worktree,
    "repo": _repo,
    "pr": _pull_request,
    "session": lambda view: _muted(shown(_at(view, "session_name"))),
    "agent": _text("agent", "name"),
    "style": _style,
    "thinking": _flag("thinking", "thinking", "enabled"),
    "fast": _flag("fast", "fast_mode"),
    "vim": _text("vim", "mode", limit=12),
    "version": _text("version", limit=16),
}
