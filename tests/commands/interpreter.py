"""What translates while a table is played: nobody, unless a situation has a translator or a language model of loopback
do it."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import Any

from bot.app.briefing import glossary_for, texts_for, translators_for
from bot.briefs.glossary import Glossary
from bot.chat.nobody import NO_TRANSLATOR
from bot.model import Language, Translation
from bot.ports import TextTranslator
from bot.settings import load_settings
from tests.support.libretranslate_server import LibreTranslateServer, libretranslate_server
from tests.support.model_server import ModelServer, model_server


class Interpreter:
    """Implements bot.ports.TextTranslator by the real parts over HTTP. What they need is opened when it is first asked
    for, and closed with `stack`."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack
        self._by: TextTranslator = NO_TRANSLATOR
        self._glossary: Glossary | None = None
        self._machine: tuple[TextTranslator, LibreTranslateServer] | None = None
        self._model: tuple[TextTranslator, ModelServer] | None = None

    @property
    def is_set_up(self) -> bool:
        """See the port."""
        return self._by.is_set_up

    async def translate(self, text: str, *, otherwise: Language) -> Translation | None:
        """See the port."""
        return await self._by.translate(text, otherwise=otherwise)

    def is_nobody(self) -> None:
        """From now on nobody translates."""
        self._by = NO_TRANSLATOR

    async def is_machine(self) -> LibreTranslateServer:
        """From now on this server does, which answers well and knows no phrases."""
        if self._machine is None:
            server = await self._stack.enter_async_context(libretranslate_server())
            self._machine = await self._texts(libretranslate_url=server.url), server
        self._by, server = self._machine
        server.mode = "answer"
        server.phrases.clear()
        return server

    async def is_model(self) -> ModelServer:
        """From now on this model does."""
        if self._model is None:
            server = await self._stack.enter_async_context(model_server())
            self._model = await self._texts(model_url=server.url, model_name="m"), server
        self._by, server = self._model
        return server

    async def _texts(self, **settings: Any) -> TextTranslator:
        read = load_settings(_env_file=None, database_url="sqlite:///:memory:", **settings)
        self._glossary = self._glossary or glossary_for(read)
        translators = await translators_for(read, self._stack)
        return await self._stack.enter_async_context(texts_for(read, self._glossary, translators))
