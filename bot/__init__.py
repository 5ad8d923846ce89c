"""Diting: news alerts from feeds, in two languages, to Telegram and Discord."""
