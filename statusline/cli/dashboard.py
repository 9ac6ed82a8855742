"""The live dashboard of ``statusline watch``.

It reads what every surface reads and, like a render, starts the detached refresher when one is
due. Nothing here waits: the login is looked at in a thread, a refresh is a process of its own.
"""

from __future__ import annotations

import asyncio
import json
import signal
from typing import TYPE_CHECKING, ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import App
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Static

from statusline.cli.picture import Picture, shown
from statusline.login import credentials
from statusline.overview import changes
from statusline.overview.overview import Overview, look
from statusline.segment import spawn
from statusline.system import clock
from statusline.system.untrusted import mapping

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from statusline.login.credentials import Credentials
    from statusline.overview.profiles import Profile
    from statusline.system.environ import Environment

#: A login that is not looked at: a thread does that, and for the present profile alone.
UNREAD = credentials.Credentials(state="found")
#: Between two looks at the files, and between two looks at the login, which may be in a Keychain.
TICK_S, LOGIN_S = 1.0, 60.0
#: What the refresher's own limit and the start of a process may take together.
ANSWER_S = 25.0

#: In so high a terminal the first window's run is drawn beside the numbers of all.
DRAWN_FROM_ROWS = 22

HELP = (
    ("r", "ask the usage API now, at most once in 60 seconds"),
    ("5", "the 5-hour window alone, and back"),
    ("7", "the 7-day window alone, and back"),
    ("j", "the same as JSON, and back"),
    ("v", "sources, waits and files as well, and back"),
    ("a", "the next account"),
    ("?", "this help, and back"),
    ("Esc", "back to all windows"),
    ("q", "quit, as Ctrl+C does"),
    ("", "░ where the forecast leads, · an even pace"),
    ("", "The numbers come from the same cache as the prompt."),
)
KEYS_WIDE = "r refresh   5 7 window   j JSON   ? help   q quit"
KEYS_NARROW = "r refresh  5 7  j JSON  ? help  q quit"
#: The same where there are several accounts.
KEYS_WIDE_MANY = "r refresh   5 7 window   j JSON   a account   ? help   q quit"
KEYS_NARROW_MANY = "r  5 7  j  a account  ? help  q quit"
KEPT_ONLY = "Its Claude directory is unknown: it can only be looked at."


class Dashboard(App[None]):
    """One screen: the picture of ``show`` with running countdowns, a message, the keys."""

    ENABLE_COMMAND_PALETTE = False
    CSS = """
    Screen { background: ansi_default; color: ansi_default; }
    #body { background: ansi_default; height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
    #picture { background: ansi_default; height: auto; }
    #message, #keys { background: ansi_default; height: auto; padding: 0 1; }
    """
    BINDINGS: ClassVar = [
        Binding("r", "ask", "refresh"),
        Binding("5", "turn('five_hour')", "5-hour window"),
        Binding("7", "turn('seven_day')", "7-day window"),
        Binding("j", "turn('json')", "JSON"),
        Binding("v", "details", "details"),
        Binding("a", "next", "account"),
        Binding("question_mark", "turn('help')", "help"),
        Binding("escape", "turn('')", "back"),
        Binding("q,ctrl+c", "quit", "quit", priority=True),
    ]

    def __init__(self, profiles: list[Profile], *, colored: bool = True) -> None:
        """Show the first of these; a key goes on to the next."""
        super().__init__(ansi_color=True)
        self._profiles = profiles
        self._profile = profiles[0]
        self._colored = colored
        self._view = ""
        self._login: Credentials | None = None
        self._made_from: object = None
        self._known = look(self._env, UNREAD)
        self._asking = self._details = False

    @property
    def _env(self) -> Environment:
        return self._profile.env

    def compose(self) -> ComposeResult:
        """Yield the picture above, the message and the keys below."""
        with VerticalScroll(id="body"):
            yield Static(id="picture", markup=False)
        yield Static(id="message", markup=False)
        yield Static(id="keys", markup=False)

    def on_mount(self) -> None:
        """Start the clocks; a signal ends the program through Textual, which mends the screen."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            loop.add_signal_handler(number, self.exit)
        self.set_interval(TICK_S, self.tick)
        self.set_interval(LOGIN_S, self._look_at_login)
        self._look_at_login()
        self.tick()

    def on_resize(self) -> None:
        """Say the keys in the words that there is room for, and draw anew."""
        many = len(self._profiles) > 1
        wide = KEYS_WIDE_MANY if many else KEYS_WIDE
        narrow = KEYS_NARROW_MANY if many else KEYS_NARROW
        keys = wide if self.size.width > len(wide) + 2 else narrow
        for line in self.query("#keys").results(Static):
            line.update(Text(keys, style="dim"))
        self._draw()

    def _look_at_login(self) -> None:
        self.run_worker(self._find_login, thread=True, exclusive=True, group="login")

    def _find_login(self) -> None:
        """In a thread: the macOS Keychain takes its time."""
        profile = self._profile
        login = credentials.find(profile.env) if profile.is_present else None
        if profile is self._profile:
            self._login, self._made_from = login, None

    def tick(self) -> None:
        """Look whether a file has changed, let a refresh be started, draw."""
        made_from = changes.stamps(self._profile)
        if self._made_from != made_from:
            self._made_from = made_from
            self._known = look(self._env, self._login or UNREAD, with_history=True)
        changes.ask_if_due(self._profile, self._known)
        self._draw()

    def _draw(self) -> None:
        window = self._view if self._view not in ("json", "help") else ""
        overview = Overview(self._known, clock.now(), window)
        picture = next(iter(self.query("#picture").results(Static)), None)
        if picture is None:
            return  # the clock ticks while Textual puts the screen up or takes it down, too
        if self._view == "json":
            picture.update(Text(json.dumps(overview.to_json(), indent=2)))
        elif self._view == "help":
            is_ascii = self._known.settings.ascii
            picture.update(_help(self._profiles, is_ascii=is_ascii))
        else:
            name = self._profile.name if len(self._profiles) > 1 else ""
            drawing = self.size.height >= DRAWN_FROM_ROWS
            picture.update(
                Picture(
                    overview,
                    name,
                    ticking=True,
                    colored=self._colored,
                    drawing=drawing,
                    details=self._details,
                )
            )

    def action_turn(self, view: str) -> None:
        """Show another view; the same key again goes back to all windows."""
        self._view = "" if view == self._view else view
        self.query_one("#body", VerticalScroll).scroll_home(animate=False)
        self._draw()

    def action_details(self) -> None:
        """Show what the program does as well; the same key again leaves it out."""
        self._details = not self._details
        self._draw()

    def action_next(self) -> None:
        """Go on to the next profile, which has a cache, a login and a back-off of its own."""
        at = self._profiles.index(self._profile) + 1
        following = self._profiles[at % len(self._profiles)]
        if following is self._profile:
            return
        self._profile, self._login, self._made_from = following, None, None
        self._say("")
        self._look_at_login()
        self.tick()

    def action_ask(self) -> None:
        """Let a refresher have a look now, and show what it says."""
        if self._profile.claude_dir is None:
            self._say(KEPT_ONLY)
        elif not self._asking:
            self._asking = True
            self._say("Asking the usage API ...")
            self.run_worker(self._ask(), group="ask")

    async def _ask(self) -> None:
        asked = self._profile
        try:
            said = mapping(await self._answer()).get("sentence")
        except (OSError, TimeoutError, ValueError):
            said = None
        finally:
            self._asking = False
        if asked is not self._profile:
            return  # what it says is about another account than the one on the screen
        self._say(said if isinstance(said, str) else "The refresher did not answer.")
        self._made_from = None
        self.tick()

    async def _answer(self) -> object:
        """Return what a refresher in a process of its own says; it has its own time limit."""
        process = await asyncio.create_subprocess_exec(
            *spawn.command("refresh", "--force", "--json"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=self._env.inherited(),
            cwd="/",
            start_new_session=True,
        )
        output, _ = await asyncio.wait_for(process.communicate(), ANSWER_S)
        return json.loads(output)

    @property
    def failure(self) -> Exception | None:
        """What ended the program unexpectedly, ``None`` if nothing did."""
        return self._exception

    def _fatal_error(self) -> None:
        """Leave the report to whoever called: Textual's own prints every local variable."""
        self._close_messages_no_wait()

    def _say(self, sentence: str) -> None:
        safe = shown(sentence, self._known.settings)
        for message in self.query("#message").results(Static):  # none when we are leaving
            message.update(Text(safe))


def _help(profiles: list[Profile], *, is_ascii: bool) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    for key, meaning in HELP:
        if key == "a" and len(profiles) == 1:
            continue
        said = meaning.replace("░", "-").replace("·", ".") if is_ascii else meaning
        table.add_row(Text(key, style="bold"), Text(said))
    return table
