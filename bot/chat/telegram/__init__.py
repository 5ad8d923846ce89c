"""Telegram by python-telegram-bot: one connection, a messenger for alerts, and the bot that answers people."""

from bot.chat.telegram.adapter import TelegramBot
from bot.chat.telegram.connection import Client, Patience, connected
from bot.chat.telegram.limiter import Pace
from bot.chat.telegram.messenger import TelegramMessenger
from bot.chat.telegram.webhook import Webhook

__all__ = ["Client", "Pace", "Patience", "TelegramBot", "TelegramMessenger", "Webhook", "connected"]
