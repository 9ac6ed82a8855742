"""One render: read, lay out, print, and start the refresher if something is due."""

from __future__ import annotations

import posix

from statusline.login import identity
from statusline.segment import active_settings, escaping, layout, prerendered
from statusline.segment.view import View
from statusline.surfaces import KEPT, SURFACES
from statusline.system import bounded_read, environ
from statusline.system.clock import TOLERANCE_S, now
from statusline.system.untrusted import mapping
from statusline.usage.messages import NO_LOGIN
from statusline.usage.snapshot import FILE_NAME, MAX_BYTES, Snapshot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from statusline.settings.settings import Settings
    from statusline.system.environ import Environment

#: Claude Code cuts a line that is wider than COLUMNS less two cells on each side (seen with
#: 2.1.328); before 2.1.153 it set no COLUMNS, and cut by itself.
CLAUDE_MARGIN, CLAUDE_COLUMNS = 4, 200
#: A next refresh further away than any back-off means that the clock was set back since.
MAX_AHEAD_S = 7 * 3600
#: What agents like Claude Code say on stdin, and it does not (docs/sources.md 5).
FOREIGN = (
    *("product", "quota", "ai_used", "allow_all_enabled", "metrics", "render_width_chars"),
    "maxContextTokens",
)
#: Where some of them say how many cells there are, which they set no COLUMNS for.
FOREIGN_WIDTHS = ("render_width_chars", "terminal_width")


def run(args: list[str]) -> None:
    """Print the line for ``args`` (one surface name, or nothing); never raises, never fails.

    A status line that exits non-zero or prints nothing goes blank (docs/claude-code.md 3.3).
    """
    surface_name = args[0] if args else "plain"
    try:
        follow_up = _show(surface_name, asked=bool(args))
    except Exception:  # noqa: BLE001  # a prompt shows a word, never a traceback
        _print(b"claude")
        return
    try:
        follow_up()
    except Exception:  # noqa: BLE001  # the line is out; a second one would be a lie
        return


def _show(surface_name: str, *, asked: bool) -> Callable[[], None]:
    """Print the line, and return what is to be done after it."""
    env = environ.current()
    stdin, other, document, fresh = None, None, b"", b""
    # A script's stdin may be what its loop reads: without a word, only Claude Code's is ours.
    if surface_name == "claude" or (not asked and env.in_claude_code and not posix.isatty(0)):
        found, document = _show_above(env) if asked and env.chain else bounded_read.read_stdin()
        surface_name, stdin, other = _heard(surface_name, found)
    moment = now()
    directory = env.profile_dir
    made_from = None if directory is None else prerendered.usage_stamp(directory)
    snapshot = load(env)
    configured_by = active_settings.config_stamp(env)
    settings = active_settings.settings(env)
    if stdin is not None or "antigravity" in settings.sources:
        snapshot, fresh = _take_in(env, snapshot, stdin, other, moment)
    line, cells = draw(env, snapshot, stdin, settings, moment, surface_name, _columns(other))
    _print(line)

    def follow_up() -> None:
        if fresh or is_due(snapshot, moment):
            _start(env, fresh)
        elif directory and snapshot and is_neutral(env, surface_name):
            until_s = prerendered.until(snapshot, settings, moment, surface_name)
            if until_s - moment <= prerendered.MIN_LIFETIME_S:
                return
            kept = line, cells
            if env.columns is not None:  # a narrow terminal's line may lack something
                kept = draw(environ.Environment({}), snapshot, None, settings, moment, surface_name)
            prerendered.write(directory, surface_name, *kept, until_s, made_from)
            is_edited = active_settings.config_stamp(env) != configured_by
            if is_edited or not active_settings.is_in_force(directory, configured_by):
                prerendered.remove(prerendered.path_of(directory, surface_name))
        elif snapshot and stdin and env.get("STATUSLINE_KEY"):
            _leave_line(env, snapshot, settings, (document, line, moment, made_from, configured_by))

    return follow_up


def _leave_line(
    env: Environment,
    snapshot: Snapshot,
    settings: Settings,
    made: tuple[bytes, bytes, float, tuple[int, int, int] | None, list[int] | None],
) -> None:
    """Leave a line to Claude Code's hook, which asks for it and may print it again.

    ``made`` is the document, its line, the moment of both, and the stamps of ``usage.json`` and
    ``config.toml`` from before that.
    """
    from statusline.segment import shortcut  # only that hook pays for it

    document, line, moment, made_from, configured_by = made
    until_s = prerendered.until(snapshot, settings, moment, "claude")
    nodes = settings.format_of("claude")
    directory = env.profile_dir
    if directory is None or not document or snapshot.is_newer_than_us():
        return

    def is_latest() -> bool:
        return (
            active_settings.config_stamp(env) == configured_by
            and prerendered.is_latest(directory, made_from)
            and active_settings.is_in_force(directory, configured_by)
        )

    shortcut.leave(env, nodes, document, line, until_s, moment, is_latest)


def _show_above(env: Environment) -> tuple[dict[str, object] | None, bytes]:
    """Print the lines of the status line before ours; return what Claude Code says on stdin.

    With no bytes: what ran before is no part of what the hook could print again.
    """
    from statusline.segment import chained_line  # few have one

    stdin, data = bounded_read.read_stdin_to_hand_on()
    lines = chained_line.lines(env, env.chain or "", stdin, data.rstrip(b"\n") + b"\n")
    if lines:
        _print(lines[:-1])
    return stdin, b""


def _heard(
    surface_name: str, said: dict[str, object] | None
) -> tuple[str, dict[str, object] | None, dict[str, object] | None]:
    """Return whose line it is, what Claude Code says, and what another agent says in its place."""
    if said is None:
        return surface_name, None, None
    return ("claude", None, said) if is_foreign(said) else ("claude", said, None)


def _take_in(
    env: Environment,
    snapshot: Snapshot | None,
    stdin: dict[str, object] | None,
    other: dict[str, object] | None,
    moment: float,
) -> tuple[Snapshot | None, bytes]:
    """Take in what whoever speaks says of its limits; return what the refresher is to know."""
    if stdin is not None and (stdin.get("rate_limits") or _lacks_login(snapshot)):
        from statusline.usage import rate_limits

        return rate_limits.take_stdin(snapshot, stdin, moment, env.claude_pid)
    if other is not None and snapshot is not None:
        from statusline.usage import agent_quota

        return snapshot, agent_quota.take_stdin(snapshot, other, moment)
    return snapshot, b""


def _columns(said: dict[str, object] | None) -> int | None:
    """Return how many cells another agent has for the line, where it tells."""
    for name in FOREIGN_WIDTHS if said else ():
        columns = mapping(said).get(name)
        if type(columns) is int and 1 <= columns <= 10_000:
            return columns
    return None


def is_foreign(stdin: dict[str, object]) -> bool:
    """Tell whether another agent speaks: its windows, model and session are not Claude's.

    Claude Code has always told what a session costs in dollars, which none of the others does.
    """
    cost = mapping(stdin.get("cost"))
    if "total_cost_usd" in cost:
        return False
    return "total_premium_requests" in cost or any(name in stdin for name in FOREIGN)


def _lacks_login(snapshot: Snapshot | None) -> bool:
    """Tell whether a session without limits is news: it explains why there is no login."""
    return snapshot is not None and snapshot.state in NO_LOGIN


def load(env: Environment) -> Snapshot | None:
    """Return what the cache of this profile holds of the present login, or ``None``."""
    if env.profile_dir is None:
        return None
    data = bounded_read.read_file(f"{env.profile_dir}/{FILE_NAME}", MAX_BYTES)
    snapshot = None if data is None else Snapshot.from_json(bounded_read.parse(data))
    if snapshot is not None:
        identity.reconcile(env, snapshot)
    return snapshot


def draw(
    env: Environment,
    snapshot: Snapshot | None,
    stdin: object,
    settings: Settings,
    moment: float,
    surface_name: str,
    columns: int | None = None,
) -> tuple[bytes, int]:
    """Return the finished line of one surface, without a newline, and its width in cells.

    Claude Code's may be several lines, with newlines in between; ``columns`` is how wide its
    terminal is where the environment does not tell.
    """
    if surface_name == "claude":
        width = max((env.columns or columns or CLAUDE_COLUMNS) - CLAUDE_MARGIN, 1)
    else:
        width = min(env.columns or settings.width, settings.width)
    if env.ascii_locale:
        settings.ascii = True
    colored = _wants_color(env, surface_name)
    if not colored:
        settings.capsule = ()  # they are nothing but colour
    view = View(snapshot, stdin, settings, moment)
    view.billing, view.env = env.billing, env
    view.is_chained = surface_name == "claude" and env.chain is not None
    lines = layout.lay_out(view, surface_name, width)
    encoded = [
        escaping.encode(parts, surface_name, settings.styles, colored=colored) for parts in lines
    ]
    return b"\n".join(encoded), max(map(layout.cells, lines))


def is_neutral(env: Environment, surface_name: str) -> bool:
    """Tell whether others would print the same as this environment does, but for its width."""
    if surface_name not in KEPT or env.no_color or env.ascii_locale:
        return False
    return not env.dumb_terminal


def _wants_color(env: Environment, surface_name: str) -> bool:
    if env.no_color:
        return False
    if surface_name == "plain":
        return env.force_color or (posix.isatty(1) and not env.dumb_terminal)
    return SURFACES[surface_name].has_colors or not env.dumb_terminal


def is_due(snapshot: Snapshot | None, moment: float) -> bool:
    """Tell whether the refresher should have a look."""
    if snapshot is None:
        return True
    if snapshot.is_newer_than_us():
        return False
    if snapshot.written_at > moment + TOLERANCE_S:
        return True  # the clock was set back: its times are no longer ours (G02)
    return not moment < snapshot.next_refresh_at < moment + MAX_AHEAD_S


def print_profile() -> bool:
    """Print the cache directory of this profile, for hooks; an empty line if there is none.

    Returns whether it could be written.
    """
    return _print((environ.current().profile_dir or "").encode("utf-8", "surrogateescape"))


def _start(env: Environment, fresh: bytes) -> None:
    from statusline.segment import spawn  # most renders start nothing

    if env.profile_dir is not None:
        spawn.start(env, env.profile_dir, fresh)


def _print(data: bytes) -> bool:
    """Write one line in one call; a reader that has gone is not a segment's trouble."""
    left = data + b"\n"
    try:
        while left:  # another one's lines may not fit into a pipe
            left = left[posix.write(1, left) :]
    except OSError:
        return False
    return True
