"""Files of the Bot API on loopback: those that people send, and those that the bot does."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from aiohttp import web

from tests.support.bot_api_shapes import (
    BOT_ID,
    ApiFault,
    Json,
    Place,
    Read,
    Sent,
    as_int,
    check_buttons,
    person,
    readable,
)

MOST_CAPTION = 1024


class BotApiFiles:
    """The part of the server that stores files. `broken_files`: they can be named, but not had."""

    token: str

    def __init__(self) -> None:
        self.broken_files = False
        self.downloads: list[str] = []
        self._files: dict[str, bytes] = {}

    @abstractmethod
    def say(self, chat_id: int, text: str, **more: Any) -> None: ...

    @abstractmethod
    def _open(self, params: Json) -> Place: ...

    @abstractmethod
    def _thread(self, place: Place, params: Json) -> int | None: ...

    @abstractmethod
    def _record(self, sent: Sent) -> None: ...

    @abstractmethod
    def _stub(self, place: Place, thread: int | None = None) -> Json: ...

    @abstractmethod
    def _me(self) -> Json: ...

    def upload(self, name: str, content: bytes, *, size: int | None = None) -> Json:
        """A file as a message has it."""
        file = f"file{len(self._files) + 1}"
        self._files[file] = content
        return {"file_id": file, "file_unique_id": file, "file_name": name, "file_size": size or len(content)}

    def send_file(
        self,
        chat_id: int,
        name: str,
        content: bytes,
        *,
        caption: str = "",
        answers: str = "",
        size: int | None = None,
        **who: Any,
    ) -> None:
        """Someone sends a file; with `answers`, as the answer to a message of "bot" or of "someone"."""
        extra: Json = {"document": self.upload(name, content, size=size)}
        if caption:
            extra["caption"] = caption
        if answers:
            extra["reply_to_message"] = self.message(chat_id, text="Hello", by=BOT_ID if answers == "bot" else 99)
        self.say(chat_id, "", extra=extra, **who)

    def answer_file(self, chat_id: int, text: str, name: str, content: bytes, **who: Any) -> None:
        """Someone answers a message that has a file."""
        answered = self.message(chat_id, by=99, document=self.upload(name, content))
        self.say(chat_id, text, extra={"reply_to_message": answered}, **who)

    def message(self, chat_id: int, *, by: int, **content: Any) -> Json:
        """A message that stands in a chat."""
        return {**self._stub(self._open({"chat_id": chat_id})), "from": person(by, "en"), **content}

    async def _serve_file(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        self.downloads.append(path)
        content = self._files.get(path.removeprefix("documents/"))
        if request.match_info["token"] != self.token or content is None or self.broken_files:
            return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)
        return web.Response(body=content)

    async def _do_getfile(self, params: Json) -> Json:
        file = str(params.get("file_id"))
        if file not in self._files:
            raise ApiFault(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        size = len(self._files[file])
        return {"file_id": file, "file_unique_id": file, "file_size": size, "file_path": f"documents/{file}"}

    async def _do_senddocument(self, params: Json) -> Json:
        stub, name, content, read = self._sent_file(params, "document")
        return {**stub, "from": self._me(), "document": self.upload(name, content), "caption": read.text}

    async def _do_sendphoto(self, params: Json) -> Json:
        stub, _, content, read = self._sent_file(params, "photo")
        size = {**self.upload("", content), "width": 1, "height": 1}
        size.pop("file_name")
        return {**stub, "from": self._me(), "photo": [size], "caption": read.text}

    def _sent_file(self, params: Json, kind: str) -> tuple[Json, str, bytes, Read]:
        """Keep what is sent with a caption."""
        place = self._open(params)
        thread = self._thread(place, params)
        read = readable(params, "caption", MOST_CAPTION)
        check_buttons(params.get("reply_markup"))
        name, content = params[kind]
        if not content:
            raise ApiFault(400, "Bad Request: file must be non-empty")
        stub = self._stub(place, thread)
        sent = Sent(
            chat_id=place.id,
            thread=thread,
            text=read.text,
            entities=read.entities,
            source=str(params.get("caption", "")),
            parse_mode=str(params.get("parse_mode", "")),
            reply_markup=params.get("reply_markup"),
            preview=None,
            message_id=as_int(stub["message_id"]) or 0,
            file=(name, content),
        )
        self._record(sent)
        return stub, name, content, read
