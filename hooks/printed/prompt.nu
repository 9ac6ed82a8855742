# statusline at the right of the Nushell prompt, for Nushell 0.100 and later:
#
#   statusline init nu | save -f ($nu.default-config-dir | path join autoload statusline.nu)
#
# What it does: puts the segment before what PROMPT_COMMAND_RIGHT shows, by running `statusline
# plain` (or $env.STATUSLINE_BIN) for each prompt, which never waits for the network. Loaded again
# it adds nothing a second time.
# What it never does: change the prompt on the left, $env.LAST_EXIT_CODE or what programs inherit.

if '_statusline_before' not-in $env {
    # A closure, so that no program inherits it.
    $env._statusline_before = if 'PROMPT_COMMAND_RIGHT' in $env {
        let before = $env.PROMPT_COMMAND_RIGHT
        if ($before | describe) == closure { $before } else { {|| $before } }
    } else {
        {|| '' }
    }
    $env.PROMPT_COMMAND_RIGHT = {||
        let program = $env.STATUSLINE_BIN? | default statusline
        let segment = try {
            let around = {FORCE_COLOR: 1, COLUMNS: (term size | get columns)}
            with-env $around { ^$program plain | complete } | get stdout | str trim --right
        } catch { '' }
        # The colour that Nushell gives to its right prompt is for what else is there.
        let shown = if $segment == '' { '' } else { $"(ansi reset)($segment)" }
        [$shown (do $env._statusline_before | default '' | into string)]
        | where {|part| $part != '' }
        | str join ' '
    }
}
