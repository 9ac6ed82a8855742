"""How the screen is laid out; only colours of the terminal's own, for light and dark ones."""

from __future__ import annotations

CSS = """
* { scrollbar-color: ansi_bright_black; scrollbar-color-hover: ansi_bright_black;
    scrollbar-color-active: ansi_bright_black; scrollbar-background: ansi_default;
    scrollbar-background-hover: ansi_default; scrollbar-background-active: ansi_default;
    scrollbar-corner-color: ansi_default; }
Screen { background: ansi_default; color: ansi_default; }
#file { height: 1; padding: 0 1; background: ansi_default; }
#pages, #states, #hints { height: 1; padding: 0 1; }
.link { width: auto; height: 1; }
.chosen { text-style: reverse; }
.wrong { color: ansi_red; text-style: bold; }
.wrong.chosen { text-style: bold reverse; }
.page { height: 1fr; padding: 0 1; background: ansi_default; scrollbar-size-vertical: 1; }
.row, .line { height: auto; }
.name { width: 18; height: 1; }
.-lines .name { width: 10; }
.-here .name { text-style: bold; }
.origin { width: 18; height: 1; padding: 0 0 0 1; text-align: right; }
.field { width: 1fr; height: 1; border: none; padding: 0; margin: 0;
         background: ansi_default; color: ansi_default; background-tint: ansi_default 0%; }
.field:focus { border: none; text-style: bold; background: ansi_default; }
Choice.field { width: 1fr; }
Choice.field:focus { text-style: reverse; }
Lines.field { height: auto; max-height: 6; scrollbar-size: 0 1; }
Input > .input--cursor, TextArea > .text-area--cursor {
  background: ansi_default; color: ansi_default; text-style: reverse; }
.mistake { display: none; height: auto; padding: 0 0 0 18; color: ansi_red; text-style: bold; }
.-lines .mistake { padding: 0 0 0 10; }
#help { height: auto; max-height: 2; min-height: 1; padding: 0 1; background: ansi_default; }
#preview { height: auto; max-height: 60%; background: ansi_default; }
.title { width: auto; text-style: bold; }
#surfaces { height: auto; background: ansi_default; scrollbar-size-vertical: 1; }
#lines { width: auto; height: auto; }
#diff { height: 1fr; padding: 0 1; background: ansi_default; }
#question { height: auto; padding: 0 1; text-style: bold; }
#keys { height: auto; padding: 0 1; text-style: dim; }
#search { border: none; height: 1; padding: 0 1; background: ansi_default; }
#placeholders { height: 1fr; padding: 0 1; background: ansi_default; scrollbar-size-vertical: 1; }
#names { width: auto; height: auto; }
"""
