"""The status bars of desktops and menus: what is known, in the form that each program reads."""
