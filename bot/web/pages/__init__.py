"""The admin pages: what runs, what is wrong with it, and what can be done about it."""
