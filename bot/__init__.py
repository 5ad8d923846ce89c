"""Diting: news alerts from feeds, in two languages, to Telegram and Discord."""

from bot.lean import absent

# Where it finds rich, structlog loads it for tracebacks, which `bot.log` has plain.
with absent("rich"):
    import structlog  # noqa: F401 - whoever imports it next gets this one

__version__ = "0.1.0"
