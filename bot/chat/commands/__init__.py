"""Slash commands, the same on every platform: one folder, a module a topic."""

from bot.chat.commands.call import Limits
from bot.chat.commands.dispatch import Commands
from bot.chat.commands.greeting import greeting

__all__ = ["Commands", "Limits", "greeting"]
