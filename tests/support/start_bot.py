"""`python -m bot`, with discord.py pointed at a Discord on loopback: `python -m tests.support.start_bot run`.

discord.py takes no address of a server. `DISCORD_API_URL` is that of the REST calls, `DISCORD_GATEWAY_URL` that of the
gateway.
"""

from __future__ import annotations

import os

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.cli import main

if __name__ == "__main__":
    Route.BASE = os.environ["DISCORD_API_URL"]
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["DISCORD_GATEWAY_URL"])
    main()
