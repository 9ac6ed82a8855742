"""Everything there is to say about a profile, before anybody decides how it looks."""
