"""Diting: news alerts from feeds, in two languages, to Telegram and Discord."""

__version__ = "0.1.0"
