"""Slash commands, the same on every platform: one folder, a module a topic."""

from bot.chat.commands.call import Limits, Office, Parts, Places
from bot.chat.commands.dispatch import Commands
from bot.chat.commands.gate import Access, Gate, Policy
from bot.chat.commands.greeting import greeting

__all__ = ["Access", "Commands", "Gate", "Limits", "Office", "Parts", "Places", "Policy", "greeting"]
