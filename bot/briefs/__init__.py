"""Briefs: an item's title and summary in Chinese and in English, and the guard that keeps them true to the source."""
