"""Who is signed in to Claude Code: the account, the token, and whether it has changed."""
