"""The file (JSON) that holds all a chat has: its shape, written for people to read and read with suspicion.

    {"diting": 1,
     "feeds": [{"url": "https://a.example/rss", "title": "A", "mode": "matching"}],
     "keywords": [{"query": "trilateral talks", "choice": {"urgency": "digest"}}],
     "settings": {"languages": ["zh", "en"], "timezone": "Asia/Hong_Kong", …}}

What a later version adds and this one does not know is overlooked. A settings' name is that of its field.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from typing import Any
from zoneinfo import available_timezones

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.errors import FeedListError
from bot.model import ChatSettings, Choice, Keyword, Mode, Subscription, Urgency

MAX_BYTES = 1_000_000
MAX_FEEDS = 5_000
MAX_KEYWORDS = 10_000
VERSION = 1

_LONGEST = 10_000  # of any text; what is too long for what it is for is refused there, with its reason
_BOM = b"\xef\xbb\xbf"
_SETTINGS: TypeAdapter[ChatSettings] = TypeAdapter(ChatSettings)
_OWN = {"hint", "managers", "role"}  # what is of the place: its app language, and who may change it


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


class ChoiceEntry(_Part):
    """When the alerts of a feed or keyword come."""

    urgency: Urgency = Urgency.USUAL
    muted_until: AwareDatetime | None = None

    def choice(self) -> Choice:
        """As the chat's own."""
        return Choice(urgency=self.urgency, muted_until=self.muted_until and self.muted_until.astimezone(UTC))


class FeedEntry(_Part):
    """A feed of the chat."""

    url: str = Field(min_length=1, max_length=_LONGEST)
    title: str = Field("", max_length=_LONGEST)
    site: str = Field("", max_length=_LONGEST)
    mode: Mode | None = None
    choice: ChoiceEntry | None = None


class KeywordEntry(_Part):
    """A keyword of the chat."""

    query: str = Field(min_length=1, max_length=_LONGEST)
    choice: ChoiceEntry | None = None


class ChatFile(_Part):
    """All that a chat has. `settings` stay as they are in the file, so that a wrong one costs nothing else."""

    diting: int
    feeds: tuple[FeedEntry, ...] = ()
    keywords: tuple[KeywordEntry, ...] = ()
    settings: dict[str, Any] | None = None


def read_chat_file(data: bytes) -> ChatFile:
    """What stands in a file. Raises FeedListError, whatever the file is; nothing of a wrong one is used."""
    if len(data) > MAX_BYTES:
        raise FeedListError("too-large")
    data = data.removeprefix(_BOM)
    if not data.strip():
        raise FeedListError("empty")
    try:
        file = ChatFile.model_validate_json(data)
    except ValidationError as error:
        raise FeedListError(_fault(error)) from None
    if not 1 <= file.diting <= VERSION:
        raise FeedListError("version")
    if len(file.feeds) > MAX_FEEDS or len(file.keywords) > MAX_KEYWORDS:
        raise FeedListError("too-many")
    return file


def _fault(error: ValidationError) -> str:
    """A file that is not ours at all, or one of ours with something wrong in it."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return "not-ours" if first["type"] == "json_invalid" or first["loc"][:1] in {(), ("diting",)} else "wrong"


def chat_file(
    feeds: Iterable[Subscription], keywords: Iterable[Keyword] = (), settings: ChatSettings | None = None
) -> ChatFile:
    """The file of a chat."""
    return ChatFile(
        diting=VERSION,
        feeds=tuple(
            FeedEntry(
                url=each.feed.url,
                title=each.feed.title,
                site=each.feed.site,
                mode=each.mode,
                choice=_entry(each.choice),
            )
            for each in feeds
        ),
        keywords=tuple(KeywordEntry(query=each.query, choice=_entry(each.choice)) for each in keywords),
        settings=None if settings is None else written_settings(settings),
    )


def _entry(choice: Choice) -> ChoiceEntry | None:
    if choice == Choice():
        return None
    return ChoiceEntry(urgency=choice.urgency, muted_until=choice.muted_until)


def written(file: ChatFile) -> bytes:
    """A file as bytes, indented for people."""
    return (file.model_dump_json(indent=2, exclude_none=True) + "\n").encode()


def kept(file: ChatFile) -> dict[str, Any]:
    """A file as a JSON object."""
    return file.model_dump(mode="json", exclude_none=True)


def written_settings(settings: ChatSettings) -> dict[str, Any]:
    """Settings by their names."""
    plain: dict[str, Any] = _SETTINGS.dump_python(settings, mode="json", exclude=_OWN)
    return plain


def read_settings(plain: dict[str, Any], former: ChatSettings) -> ChatSettings | None:
    """The settings that a file names, the former ones where it names none; None where one of them can't be read."""
    named = {name: value for name, value in plain.items() if name not in _OWN}
    now = _SETTINGS.dump_python(former, mode="json")
    try:
        settings = _SETTINGS.validate_python(now | named)
    except (ValidationError, RecursionError):
        return None
    languages = settings.languages
    fine = (
        settings.timezone in available_timezones()
        and 0 < len(languages) == len(set(languages))
        and settings.schedule.cap >= 0
    )
    return settings if fine else None
