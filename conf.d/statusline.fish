# statusline for fish's plug-in managers: the segment before what else is in the right prompt. The
# program has to be on PATH, or named by STATUSLINE_BIN.

status is-interactive; or exit
source (status dirname)/../functions/_statusline_hook.fish

# A right prompt of the user's may be defined after this file is read.
function _statusline_add_to_prompt --on-event fish_prompt
    functions --erase _statusline_add_to_prompt
    functions fish_right_prompt | string match -q '*STATUSLINE_SEGMENT*'
    and return
    functions -q fish_right_prompt
    and functions --copy fish_right_prompt _statusline_other_right_prompt
    set -g _statusline_wraps
    function fish_right_prompt
        printf %s "$STATUSLINE_SEGMENT"
        functions -q _statusline_other_right_prompt; or return
        printf ' '
        _statusline_other_right_prompt
    end
end

function _statusline_uninstall --on-event statusline_uninstall
    set -q _statusline_wraps
    and functions --erase fish_right_prompt
    functions -q _statusline_other_right_prompt
    and functions --copy _statusline_other_right_prompt fish_right_prompt
    functions --erase (functions --all --names | string match '_statusline_*')
    set --erase -g (set --names -g | string match '_statusline_*') STATUSLINE_SEGMENT
end
