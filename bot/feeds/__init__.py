"""Feeds: the address guard, fetching, parsing, what is new, when to look again, and finding feeds."""
