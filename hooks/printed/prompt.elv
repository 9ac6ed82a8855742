# statusline at the right of the Elvish prompt, for Elvish 0.18 and later. In
# ~/.config/elvish/rc.elv:
#
#   eval (statusline init elvish | slurp)
#
# What it does: puts the segment before what edit:rprompt shows, by running `statusline plain` (or
# $E:STATUSLINE_BIN) for each prompt, which never waits for the network.
# What it never does: change the prompt on the left or what programs inherit.

use str

{
  var before = $edit:rprompt
  set edit:rprompt = {
    var program = statusline
    if (has-env STATUSLINE_BIN) { set program = $E:STATUSLINE_BIN }
    var ask = {
      tmp E:FORCE_COLOR = 1
      (external $program) plain </dev/null 2>/dev/null | slurp
    }
    var segment = ''
    try {
      set segment = (str:trim-right ($ask) "\n")
    } catch {
      nop
    }
    if (not-eq $segment '') { print $segment' ' }
    # Printed as well: what a prompt prints and the values that it puts come in no fixed order.
    for part [($before)] { print $part }
  }
}
