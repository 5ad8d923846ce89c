"""Slash commands, the same on every platform: one folder, a module a topic."""

from bot.chat.commands.call import Limits
from bot.chat.commands.dispatch import Commands
from bot.chat.commands.start import greeting

__all__ = ["Commands", "Limits", "greeting"]
