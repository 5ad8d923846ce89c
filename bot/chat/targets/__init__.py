"""Places that only receive: webhooks, and the services that Apprise reaches.

Nothing here loads Apprise but `services`: a bot that needs none of it has the memory for itself.
"""

from bot.chat.targets.messenger import Place, TargetMessenger

__all__ = ["Place", "TargetMessenger"]
