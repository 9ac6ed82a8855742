# statusline in the fish prompt, for fish 3.1 and later. In ~/.config/fish/config.fish:
#
#   source /path/to/prompt.fish
#   function fish_right_prompt; printf %s "$STATUSLINE_SEGMENT"; end
#
# What it does: before each prompt it sets STATUSLINE_SEGMENT. While the segment file that
# statusline keeps is true, it reads that file with builtins and starts no process; else it asks
# `statusline fish` (or $STATUSLINE_BIN), which never waits for the network.
# What it never does: define a prompt, run or export what it reads, change $status, read your
# input.

# _statusline_ask WORD: what the program prints; nothing, silently, where there is none.
function _statusline_ask
    builtin set -l program statusline
    builtin test -n "$STATUSLINE_BIN"; and builtin set program $STATUSLINE_BIN
    builtin command -sq -- $program; or builtin set program statusline # it may have moved since
    builtin command -sq -- $program; or return 0
    COLUMNS="$COLUMNS" command $program $argv[1] </dev/null 2>/dev/null
end

# After a change of the environment: which segment counts here? None does without colours, on a
# terminal that knows none or outside UTF-8, since segments are not made for that; none in a
# directory that is a link or not ours, or where the clock file is anything but a plain file. A
# token in the environment is a profile of its own: the program tells which, at each prompt.
function _statusline_look
    builtin set _statusline_file ''
    builtin test -z "$CLAUDE_CODE_OAUTH_TOKEN"; or return
    builtin set -l key "$CLAUDE_CONFIG_DIR:$STATUSLINE_CACHE_DIR:$XDG_CACHE_HOME:$HOME"
    if builtin test -z "$_statusline_dir" -o "$key" != "$_statusline_profile"
        builtin set _statusline_dir (_statusline_ask profile | builtin string collect)
        builtin set _statusline_profile $key
    end
    builtin set _statusline_now "$_statusline_dir/now"
    builtin set _statusline_usage "$_statusline_dir/usage.json"
    builtin set _statusline_settings "$_statusline_dir/settings.json"
    builtin set -l claude "$HOME/.claude"
    builtin test -n "$CLAUDE_CONFIG_DIR"; and builtin set claude $CLAUDE_CONFIG_DIR
    builtin set _statusline_account $claude/.claude.json
    builtin set _statusline_other $_statusline_account # the default directory may have it in HOME
    builtin test "$claude" = "$HOME/.claude"; and builtin set _statusline_other $HOME/.claude.json
    builtin set _statusline_login $claude/.credentials.json
    builtin test -e $claude/.config.json; and builtin set _statusline_account $claude/.config.json
    builtin set _statusline_config "$HOME/.config/statusline/config.toml"
    builtin test -n "$XDG_CONFIG_HOME"
    and builtin set _statusline_config $XDG_CONFIG_HOME/statusline/config.toml
    builtin test -n "$STATUSLINE_CONFIG"; and builtin set _statusline_config $STATUSLINE_CONFIG
    builtin test -O "$_statusline_dir" -a ! -L "$_statusline_dir"; or return
    builtin test -f $_statusline_now -a ! -L $_statusline_now; or return
    builtin test -z "$NO_COLOR" -a "$TERM" != dumb; or return
    builtin set -l locale "$LANG"
    builtin test -n "$LC_CTYPE"; and builtin set locale $LC_CTYPE
    builtin test -n "$LC_ALL"; and builtin set locale $LC_ALL
    switch "$locale"
        case '' '*UTF-8*' '*utf8*' '*utf-8*' '*UTF8*'
            builtin set _statusline_file $_statusline_dir/segment.fish
    end
end

# A new text in the segment file: is it one to show here? Its second line is the width in cells.
# Only colours may steer the terminal, and the direction of writing may not change.
function _statusline_check --argument-names line cells
    builtin string match -qr '^[0-9]{1,4}$' -- "$cells"; or return
    if builtin string match -qr '^[1-9][0-9]{0,4}$' -- "$COLUMNS"
        builtin test $cells -le $COLUMNS; or return
    end
    builtin string match -qr '^(\e\[[0-9;]*m|[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}])*+$' -- "$line"
    or return
    builtin set _statusline_text "$COLUMNS:$cells:$line"
end

# The segment counts if it is ours, no link, made for this configuration and this login, and its
# time has not come yet. The last test of a time notices a clock that was set back: usage.json
# cannot be younger than now. Whether a file can be opened is tested first: fish prints a warning
# where it cannot.
function _statusline_read
    builtin test -f "$_statusline_file" -a -O "$_statusline_file" -a ! -L "$_statusline_file" \
        -a -r "$_statusline_file" -a -f "$_statusline_usage"
    or return
    if builtin test -e "$_statusline_config" -o -e "$_statusline_settings"
        builtin test -e "$_statusline_settings" \
            -a "$_statusline_config" -ef "$_statusline_dir/config"
        or return
        builtin test "$_statusline_config" -nt "$_statusline_settings"; and return 1
        builtin test "$_statusline_settings" -nt "$_statusline_config"; and return 1
    end
    builtin test -f $_statusline_now -a -w $_statusline_now; or return
    builtin true >$_statusline_now
    builtin test $_statusline_file -nt $_statusline_now \
        -a ! $_statusline_usage -nt $_statusline_now \
        -a ! $_statusline_login -nt $_statusline_usage \
        -a ! $_statusline_account -nt $_statusline_usage \
        -a ! $_statusline_other -nt $_statusline_usage
    or return
    builtin read --local --line line cells more <$_statusline_file
    builtin test -z "$more"; or return
    builtin test "$COLUMNS:$cells:$line" = "$_statusline_text"
    or _statusline_check "$line" "$cells"
    or return
    builtin set STATUSLINE_SEGMENT $line
end

function _statusline_prompt --on-event fish_prompt
    builtin set -q CLAUDE_CODE_OAUTH_TOKEN
    builtin set -l new "$status:$CLAUDE_CONFIG_DIR:$STATUSLINE_CACHE_DIR:$XDG_CACHE_HOME:$HOME" \
        "$STATUSLINE_CONFIG:$XDG_CONFIG_HOME" "$NO_COLOR:$TERM:$LC_ALL:$LC_CTYPE:$LANG"
    if builtin test -z "$_statusline_file" -o "$new" != "$_statusline_key"
        _statusline_look
        builtin set _statusline_key $new
    end
    _statusline_read; or builtin set STATUSLINE_SEGMENT (_statusline_ask fish)
end

builtin set -gu STATUSLINE_SEGMENT ''
for name in dir file now usage settings config login account other profile key text
    builtin set -gu _statusline_$name ''
end
