"""tmux: ``status-right`` extended by the line that sources ``hooks/tmux.sh``."""

from __future__ import annotations

import os
import re
import shlex
import subprocess

from statusline.system.programs import which
from statusline.wiring import block, ours, pasted, running_tmux
from statusline.wiring.block_host import BlockHost, is_there
from statusline.wiring.installation import Installation, WiringError, check_printable

#: tmux cuts status-right at 40 columns by itself; ours and the usual clock need more.
LENGTH = 100
#: What decides which profile is shown; tmux has an environment of its own (docs/hosts.md 1).
_EXPORTED = (
    *("CLAUDE_SECURESTORAGE_CONFIG_DIR", "STATUSLINE_CONFIG", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"),
)

_HOOK_COMMAND = re.compile(
    r"(?:export .+; )?STATUSLINE_PROFILE=\S+ STATUSLINE_BIN=\S+; (?P<source>\. \S+)"
)
#: What docs/surfaces.md tells people to put before the line.
_LENGTH_LINE = "set -g status-right-length 60"
_JOB = re.compile(r'\bset -a?g status-right "(?P<text>(?:[^"\\]|\\.)*)"')
#: What may set status-right when the whole file has been read.
_LATER = re.compile(
    rb"^\s*(?:(?:run|run-shell|if|if-shell)\s+-b\s|run(?:-shell)?\b.*\btpm\b)", re.MULTILINE
)


def path(here: Installation) -> str:
    """Return the file that tmux reads last of those that exist; ~/.tmux.conf if there is none.

    oh-my-tmux is not to be changed: its users' own file stands beside it.
    """
    first = conf(here)
    return f"{first}.local" if _is_oh_my_tmux(first) else first


def conf(here: Installation) -> str:
    """Return the file that tmux itself reads."""
    candidates = [f"{here.home}/.config/tmux/tmux.conf", f"{here.home}/.tmux.conf"]
    if here.env.config_home:
        candidates.insert(0, f"{here.env.config_home}/tmux/tmux.conf")
    return next((each for each in candidates if os.path.lexists(each)), candidates[-1])


def _is_oh_my_tmux(path: str) -> bool:
    """Tell whether a configuration is oh-my-tmux, which reads itself as a shell script too."""
    try:
        with open(path, "rb") as file:
            return b"_apply_configuration" in file.read(1 << 20)
    except OSError:
        return False


def place(data: bytes) -> tuple[int, int] | None:
    """Return where in a file of oh-my-tmux's our lines go, ``None`` for its end.

    What follows ``# EOF`` there is read as a shell script.
    """
    found = re.search(rb'^(?:# # [^\n]*\n)?# EOF\n(?=(?:.*\n)*?# "\$@")', data, re.MULTILINE)
    return None if found is None else (found.start(), found.start())


def lines(here: Installation) -> tuple[str, ...]:
    """Return the commands; read again (``source-file``) they add nothing a second time.

    Nor to an older line of ours: no command of tmux takes a part out of an option, so ``install``
    brings that one up to date by itself.
    tmux is asked for the global options: formats tell those of the session that is attached.
    oh-my-tmux repeats, after its theme, the lines of one command that end in ``#!important``.
    """
    job = _quoted(f"{running_tmux.BEFORE}{_job(here)}{running_tmux.BEHIND}")
    has_none = "'! tmux show -gv status-right | grep -q hooks/tmux.sh'"
    is_short = f"'[ $(tmux show -gv status-right-length) -lt {LENGTH} ]'"
    add = f"set -ag status-right {job}"
    lengthen = f"set -g status-right-length {LENGTH}"
    if _is_oh_my_tmux(conf(here)):
        both = f"if {has_none} {{ {add} }} ; if {is_short} {{ {lengthen} }}"
        return (f"set -g @statusline on ; {both} #!important",)
    return (
        *(f"if {has_none} {{", f"  {add}", "}"),
        *(f"if {is_short} {{", f"  {lengthen}", "}"),
    )


def lines_instead(here: Installation) -> tuple[str, ...]:
    """Return the commands that leave nothing but the segment in status-right."""
    return (f"set -g status-right-length {LENGTH}", f"set -g status-right {_quoted(_job(here))}")


def command(here: Installation) -> str:
    """Return what the shell runs, with the directories of this profile."""
    env = here.env
    claude = env.claude_config_dir_raw
    if claude is None:
        first = "unset CLAUDE_CONFIG_DIR"
        exported = {}
    else:
        first = ""
        exported = {"CLAUDE_CONFIG_DIR": claude}
    exported["STATUSLINE_CACHE_DIR"] = env.cache_root or ""
    exported |= {name: value for name in _EXPORTED if (value := env.get(name))}
    for name, value in exported.items():
        check_printable(name, value)
    own = {"STATUSLINE_PROFILE": env.login_profile_dir or "", "STATUSLINE_BIN": here.launcher}
    steps = (
        first,
        "export " + " ".join(f"{name}={shlex.quote(value)}" for name, value in exported.items()),
        " ".join(f"{name}={shlex.quote(value)}" for name, value in own.items()),
        here.become("tmux.sh", "tmux"),
    )
    return "; ".join(filter(None, steps))


def _job(here: Installation) -> str:
    """Return the ``#()`` that runs the command; raise ``WiringError`` where tmux cannot.

    It counts parentheses to find the end.
    """
    text = command(here)
    depth = 0
    for char in text:
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth < 0:
            break
    if depth:
        raise WiringError("A path holds parentheses that do not match; tmux cannot run it.")
    return running_tmux.job(text)


def _quoted(text: str) -> str:
    """Return ``text`` as one word of a tmux configuration file."""
    for char in '\\"$':
        text = text.replace(char, f"\\{char}")
    return f'"{text}"'


def version(here: Installation) -> tuple[int, int] | None:
    """Return tmux's version; ``None`` where there is no tmux or it does not say."""
    program = which("tmux", here.env)
    if program is None:
        return None
    try:
        done = subprocess.run([program, "-V"], capture_output=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(rb"(\d+)\.(\d+)", done.stdout) if done.stdout.startswith(b"tmux") else None
    return None if found is None else (int(found[1]), int(found[2]))


def check(data: bytes, here: Installation) -> list[str]:  # noqa: ARG001
    """Return what to know; raise ``WiringError`` for a tmux that cannot read our lines."""
    number = version(here)
    if number is None:
        return []
    if number < (3, 0):
        raise WiringError("tmux before 3.0 cannot read these lines.", "Install tmux 3.2 or later.")
    warning = (
        "WARNING: tmux before 3.2 expands the output of #() a second time and may run what it"
        " finds there (fixed in 3.2); upgrade tmux."
    )
    return [warning] if number < (3, 2) else []


def apply(data: bytes, here: Installation) -> list[str]:
    """Show the segment in the servers that run; return what to say of them and of themes."""
    is_whole = b"\nset -g status-right " in data
    ours_now = lines_instead(here) if is_whole else lines(here)
    shown, running = running_tmux.add(here, _job(here), ours_now)
    file = shlex.quote(path(here))
    if not running:
        notes = [f"In a running tmux: tmux source-file {file}"]
    elif shown == running:
        notes = ["The running tmux shows it."]
    else:
        notes = [f"The running tmux does not show it; try: tmux source-file {file}"]
    if _LATER.search(data) and not _is_oh_my_tmux(conf(here)):
        notes.append(
            "A plugin may set status-right after these lines; if the segment is missing when tmux"
            " starts the next time, `statusline doctor` says what to do."
        )
    return notes


def ends(here: Installation) -> list[str]:
    """Take the segment out of the servers that run; return what became of it."""
    gone, left = running_tmux.remove(here)
    notes = ["The segment was taken out of the running tmux."] if gone else []
    still = "A running tmux still shows the segment: tmux -S {} set -gu status-right"
    return notes + [still.format(shlex.quote(socket)) for socket in left]


def _is_pasted(text: str, here: Installation) -> bool:
    found = re.fullmatch(r'set -(g|ag|ga) status-right (?:"((?:[^"\\]|\\.)*)"|\'([^\']*)\')', text)
    if found is None:
        return False
    job = _bare(re.sub(r"\\(.)", r"\1", found[2]) if found[2] is not None else found[3])
    if not (job.startswith("#(") and job.endswith(")")):
        return False
    command = job[2:-1].replace("##", "#").replace("%%", "%")
    hook = _HOOK_COMMAND.fullmatch(command)
    if hook is not None:
        return ours.sources(hook["source"], "tmux.sh", here)
    return ours.runs(command, "tmux", here)


def _bare(text: str) -> str:
    """Return a ``#()`` without what stands around it, in this version or an older one."""
    return text.strip().removeprefix(running_tmux.BEFORE.strip()).lstrip()


def _argv(data: bytes) -> tuple[str, ...]:
    """Return what is inside ``#()``, as tmux hands it to the shell."""
    found = _JOB.search(block.text_of(data, "tmux"))
    if found is None:
        return ()
    job = _bare(re.sub(r"\\(.)", r"\1", found["text"]))
    return ("/bin/sh", "-c", job[2:-1].replace("##", "#").replace("%%", "%"))


HOST = BlockHost(
    name="tmux",
    title="tmux",
    shown="at once, also where it runs",
    hooks=("tmux.sh",),
    file=path,
    found=is_there("tmux", path),
    lines=lines,
    instead=lines_instead,
    place=place,
    apply=apply,
    ends=ends,
    usual=conf,
    check=check,
    find_pasted=pasted.lines_like(_is_pasted, after=_LENGTH_LINE),
    argv=_argv,
)
