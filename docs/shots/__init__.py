"""The pictures of the walk-through, made from what the bot really sends: `make docs-shots`."""
