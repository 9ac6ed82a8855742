#!/bin/sh
# Installs statusline for one user from this checkout: a venv, the wheel in it, a launcher.
# Everything runs from main(), called on the last line: a copy cut short does nothing.
set -eu

usage() {
  cat <<'END'
usage: ./install.sh [--prefix DIR] [--uninstall [--purge]] [--help]

  Installs statusline into ~/.local (no root): the program under share/statusline,
  the launcher bin/statusline, the man page. Running it again upgrades or repairs.

  --prefix DIR  install under DIR instead of ~/.local; nothing is written elsewhere
  --uninstall   undo every surface, then remove exactly what was installed
  --purge       with --uninstall: remove configuration and cache too
  PYTHON=...    the interpreter to use, 3.11 or later (default: the newest on PATH)
END
}

say() { printf '%s\n' "$*"; }

die() {
  printf 'install.sh: %s\n' "$*" >&2
  exit 1
}

# Prints the newest usable interpreter's real path, or says in one sentence what is missing.
# The probe prints the version first: a Python without venv still gets that far.
find_python() {
  probe='import sys
if sys.version_info < (3, 11):
    sys.exit(1)
print("%d.%d" % sys.version_info[:2])
import ensurepip, venv
print(sys.executable)'
  set -- ${PYTHON:+"$PYTHON"}
  [ $# -gt 0 ] || set -- python3.15 python3.14 python3.13 python3.12 python3.11 python3
  no_venv=
  for name; do
    if answer=$("$name" -I -c "$probe" 2>/dev/null); then
      say "$answer" | tail -n +2
      return
    fi
    no_venv=${no_venv:-$answer}
  done
  [ -z "$no_venv" ] || die "Python $no_venv has no venv module;" \
    "install it (Debian, Ubuntu: sudo apt install python$no_venv-venv) and run this again."
  die "${PYTHON:-no python3 on PATH} is${PYTHON:+ not} Python 3.11 or later;" \
    "install one, or set PYTHON= to its path."
}

# Sets $prefix to an absolute, physical path; $1 says whether it may be created.
settle_prefix() {
  case $prefix in /*) ;; *) prefix=$PWD/$prefix ;; esac
  missing_count=0
  directory=$prefix/share/statusline
  while [ -n "$directory" ] && [ ! -d "$directory" ]; do
    directory=${directory%/*}
    missing_count=$((missing_count + 1))
  done
  if [ "$1" = create ]; then
    # sudo may keep HOME: what root leaves in a user's home, its owner cannot remove.
    [ "$(id -u)" != 0 ] || [ -n "$(find "${directory:-/}" -prune -user 0)" ] ||
      die "${directory:-/} belongs to another user; run this as that user, without sudo."
    mkdir -p -- "$prefix"
  fi
  if [ -d "$prefix" ]; then
    prefix=$(cd -- "$prefix" && pwd -P && echo .)
    prefix=${prefix%??}
  fi
  share=$prefix/share/statusline
  launcher=$prefix/bin/statusline
  page=$prefix/share/man/man1/statusline.1
  # A link, so that an upgrade brings the new one along.
  page_target=../../statusline/venv/share/man/man1/statusline.1
}

page_is_ours() { [ "$(readlink "$page" || :)" = "$page_target" ]; }

is_free() { [ ! -e "$1" ] && [ ! -L "$1" ]; } # a link that leads nowhere is somebody's
may_write() { is_free "$1" || grep -q '^# made by install.sh of usage-statusline$' "$1"; }

# The manifest holds what uninstall may remove, one "kind path" a line, in that order.
# Directories are listed only if install made them; an earlier manifest keeps its say.
write_manifest() {
  manifest=$(
    printf '%s\n' "file bin/statusline" "file share/statusline/launch.py" \
      "file share/statusline/venv" "tree share/statusline/venv.a" "tree share/statusline/venv.b" \
      "file share/man/man1/statusline.1" "file share/statusline/manifest"
    for directory in bin share/man/man1 share/man; do
      { [ -d "$prefix/$directory" ] && ! grep -Fqx "directory $directory" "$share/manifest"; } \
        2>/dev/null || say "directory $directory"
    done
    grep -E '^parents ' "$share/manifest" 2>/dev/null || say "parents $missing_count"
  )
  mkdir -p -- "$prefix/bin" "$share"
  say "$manifest" >"$share/manifest"
}

# Builds the wheel and installs it into the generation that is not in use.
build_generation() {
  new=$share/venv.a
  [ "$(readlink "$share/venv" || :)" != venv.a ] || new=$share/venv.b
  rm -rf -- "$new"
  half_made=$new
  "$python" -I -m venv "$new" >"$log" 2>&1 || explain "the venv could not be made"
  (cd -- "$source" && "$new/bin/python" -m pip install '.[watch,prometheus]') >"$log" 2>&1 ||
    explain "pip could not install the package"
  # One name for site-packages, whatever the Python version: the launcher need not change.
  site=$("$new/bin/python" -I -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  ln -s "${site#"$new"/}" "$new/site"
  "$new/bin/python" -IS -c 'import sys
sys.path.insert(0, sys.argv[1])
import statusline.entry' "$new/site" >"$log" 2>&1 || explain "the installed package does not start"
}

explain() {
  tail -n 15 "$log" >&2
  die "$1 (see above); nothing that was installed before has changed."
}

# Swaps to the new generation and writes the launcher, each by one rename.
activate() {
  "$new/bin/python" -IS -c 'import sys
sys.path.insert(0, sys.argv[1])
from statusline.wiring.launcher import activate
activate(*sys.argv[2:])' "$new/site" "$share" "${new##*/}" "$launcher"
  half_made=
  # Made under the name that the launcher uses; a render in between does without.
  "$share/venv/bin/python" -IS -c 'import sys
sys.path.insert(0, sys.argv[1])
from statusline.segment.bundle import make
make()' "$share/venv/site" || say "Note: the bundle could not be made; renders are a little slower."
  for old in "$share/venv.a" "$share/venv.b"; do
    [ "$old" = "$new" ] || rm -rf -- "$old"
  done
}

# A page of somebody else's stays; where the link cannot be made, the program is there all the same.
link_page() {
  page_is_ours ||
    { [ ! -e "$page" ] && mkdir -p -- "${page%/*}" && ln -s "$page_target" "$page"; } ||
    say "Note: the man page could not be put at $page."
}

# Prints $1 as one word of a shell.
quoted() {
  case $1 in
  *[!A-Za-z0-9_./-]*) say "'$(say "$1" | sed "s/'/'\\\\''/g")'" ;;
  *) say "$1" ;;
  esac
}

# One next step, as it can be typed here and now.
say_next() {
  shell=${SHELL:-}
  case ":$PATH:" in
  *":$prefix/bin:"*) say "Next:  statusline install --all" ;;
  *)
    line="export PATH=$(quoted "$prefix/bin"):\"\$PATH\""
    [ "${shell##*/}" != fish ] || line="fish_add_path $(quoted "$prefix/bin")"
    say "Next:  $(quoted "$launcher") install --all"
    say "To type just \`statusline\`, add this line to your shell's startup file:"
    say "  $line"
    ;;
  esac
}

show_segment() {
  if [ -n "${CLAUDE_CODE_OAUTH_TOKEN:-}" ] ||
    [ -f "${CLAUDE_CONFIG_DIR:-${HOME:-}/.claude}/.credentials.json" ] ||
    security find-generic-password -s "Claude Code-credentials" >/dev/null 2>&1; then
    "$launcher" refresh </dev/null >/dev/null 2>&1 || :
    say "Your prompt will show:  $("$launcher" plain </dev/null 2>/dev/null || :)"
  else
    say "No Claude account is signed in here; this is what a day could look like:"
    "$launcher" demo --once </dev/null 2>/dev/null || :
  fi
}

install() {
  python=$(find_python)
  settle_prefix create
  may_write "$launcher" || die "$launcher is another program's; move it away or choose a --prefix."
  log=$(mktemp)
  half_made=
  trap 'rm -rf -- "$log" ${half_made:+"$half_made"}' EXIT
  trap 'exit 130' HUP INT TERM
  say "Installing statusline under $prefix ..."
  write_manifest
  build_generation
  activate
  link_page
  say
  show_segment
  say_next
}

# Only what write_manifest may have listed: a damaged line must not become another path.
remove_listed() {
  say "$(cat -- "$share/manifest")" | while read -r kind path; do
    case "$kind $path" in
    "file bin/statusline" | "file share/statusline/"[lvm]*) rm -f -- "$prefix/$path" ;;
    "file share/man/man1/statusline.1") ! page_is_ours || rm -f -- "$page" ;;
    "tree share/statusline/venv."[ab]) rm -rf -- "${prefix:?}/$path" ;;
    "directory bin" | "directory share/man"*) rmdir -- "$prefix/$path" 2>/dev/null || : ;;
    "parents "[0-9] | "parents "[0-9][0-9])
      directory=$share
      while [ "$path" -gt 0 ] && rmdir -- "$directory" 2>/dev/null; do
        directory=${directory%/*}
        path=$((path - 1))
      done
      ;;
    esac
  done
}

# Calls "$1 DIRECTORY KIND" for configuration, cache and record, where they are there. As the
# program reads them, a variable that is empty or relative counts as unset.
each_place() {
  for place in "${XDG_CONFIG_HOME:-}|.config" "${XDG_CACHE_HOME:-}|.cache" \
    "${XDG_DATA_HOME:-}|.local/share"; do
    base=${place%|*}
    case $base in /*) ;; *) base=${HOME:-.}/${place##*|} ;; esac
    case $base in /*) [ ! -d "$base/statusline" ] || "$1" "$base/statusline" "${place##*|}" ;; esac
  done
}

# Removes what the program writes, by name; the record stays while it lists surfaces to bring back.
forget() {
  [ ! -L "$1" ] || { say "Kept, since it is a link:  $1" && return; }
  [ -e "$1/installed.json" ] || {
    rm -f -- "$1/config.toml" "$1"/chain-????????????????
    [ "$2" != .local/share ] || [ ! -d "$1/hooks" ] || (cd -- "$1/hooks" && rm -f -- version \
      claude-code.sh claude-code-chain.sh tmux.sh starship.sh prompt.bash prompt.zsh prompt.fish \
      rprompt.zsh p10k.zsh)
  }
  for profile in "$1"/*; do
    say "${profile##*/}" | grep -Eqx '[0-9a-f]{16}(-env-[0-9a-f]{8})?' || continue
    { [ -d "$profile" ] && [ ! -L "$profile" ]; } || continue
    (cd -- "$profile" && rm -f -- usage.json state.json plan.json notices.json sent.json \
      settings.json config lock now history.sqlite3* tokens.sqlite3* segment.* line.claude-* \
      spawn.* above.* .tmp-*) || :
    rmdir -- "$profile" 2>/dev/null || :
  done
  rmdir -- "$1/backups" "$1/hooks" "$1" 2>/dev/null || :
  if [ -d "$1" ]; then say "Kept, in use or with others' files:  $1"; else say "Removed:  $1"; fi
}

keep() { [ "$2" = .local/share ] || say "Kept, --uninstall --purge removes it too:  $1"; }

uninstall() {
  settle_prefix keep
  if [ ! -f "$share/manifest" ]; then
    say "Nothing is installed under $prefix."
  else
    may_write "$launcher" || die "$launcher is another program's; nothing was removed."
    # Surfaces first: a status line that points at a removed program would be blank.
    if "$launcher" uninstall --help </dev/null 2>/dev/null | grep -q -e --all; then
      "$launcher" uninstall --all --yes </dev/null ||
        die "a surface could not be undone (see above); nothing was removed."
    fi
    remove_listed
    say "Removed statusline from $prefix."
  fi
  if [ -n "$purge" ]; then each_place forget; else each_place keep; fi
}

main() {
  task=install purge=
  case ${HOME:-} in /*) prefix=$HOME/.local ;; *) prefix= ;; esac
  while [ $# -gt 0 ]; do
    case $1 in
    --prefix)
      [ $# -ge 2 ] || die "--prefix needs a directory"
      prefix=$2
      shift
      ;;
    --prefix=*) prefix=${1#--prefix=} ;;
    --uninstall) task=uninstall ;;
    --purge) purge=yes ;;
    --help | -h) task=usage ;;
    *) die "unknown argument $1; see --help" ;;
    esac
    shift
  done
  [ -z "$purge" ] || [ "$task" = uninstall ] || die "--purge goes with --uninstall"
  [ -n "$prefix" ] || [ "$task" = usage ] ||
    die "HOME is not an absolute path, or the argument of --prefix is empty; use --prefix DIR."
  source=$(cd -- "$(dirname -- "$0")" && pwd -P)
  # Other people's settings must not redirect this venv.
  unset PYTHONPATH PYTHONHOME PIP_TARGET PIP_PREFIX PIP_ROOT
  export PIP_USER=0 PIP_NO_INPUT=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
  umask 022
  "$task"
}

{ main "$@"; }
