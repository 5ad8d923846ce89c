"""What holds for every command: it answers in the person's language, never raises, and asks for rights."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.chat.blocks import MESSAGE_LIMIT
from bot.chat.clip import utf16_len
from bot.chat.commands import greeting
from bot.chat.commands.dispatch import HANDLERS
from bot.chat.menu import ALIASES, MENU
from bot.model import ChatKind, FoundFeed, Locale, Message, Mode
from tests.support.fakes import ADDRESS, BROKEN_DATABASE, NOW, actions, plain, request

LINES = [
    *HANDLERS,
    *ALIASES,
    "nonsense",
    "subscribe daily-globe",
    "subscribe daily-globe everything",
    "subscribe world",
    "subscribe world all",
    "subscribe science all everything",
    "unsubscribe world all",
    "start words",
    "start look",
    "start kw_nothing",
    "keyword add one\ntwo\n-three",
    "share keywords",
    "share stop",
    "copy nothing",
    "undo 17",
    "subscribe daily-glob",
    "subscribe https://nowhere.example",
    "unsubscribe 1",
    "unsubscribe globe",
    "unsubscribe 99",
    "feeds 7",
    "feed 1",
    "feed show 1",
    "feed show nothing",
    "feed mode 1",
    "feed mode 1 everything",
    "feed mode 1 digest",
    "feed mode 1 hourly",
    "feed mute 1",
    "feed mute 1 8h",
    "feed mute 1 for ever",
    "feed clear yes",
    "unsubscribe undo 0000000000000001",
    "export all",
    "import take 0000000000000001",
    "keyword 1",
    "keyword show 1",
    "keyword show nothing",
    "keyword mode 1",
    "keyword mode 1 instant",
    "keyword mode 1 hourly",
    "keyword mute 1",
    "keyword mute 1 3d",
    "keyword mute 1 for ever",
    "keyword clear yes",
    "keyword remove undo 1",
    "keyword add trilateral talks",
    'keyword add "trilateral',
    "keyword trilateral talks",
    "keyword remove 1",
    "keyword remove nothing",
    "keyword test trilateral talks",
    "keyword test -talks",
    "keyword list 3",
    "settings language zh-Hans",
    "settings language klingon",
    "settings languages en, zh",
    "settings script hant",
    "settings reports each",
    "settings timezone asia/hong kong",
    "settings timezone Hongkong",
    "settings timezone ../etc/passwd",
    "settings pictures large",
    "settings pause on",
    "settings pause maybe",
    "settings schedule 08:00 mon-fri",
    "settings schedule sometimes",
    "settings quiet 23:00-07:00",
    "settings cap 10",
    "mute 8h",
    "mute",
    "settings colour",
    "latest 3",
    "latest many",
]
ADMIN = [
    "subscribe",
    "unsubscribe",
    "import",
    "keyword add",
    "keyword edit",
    "keyword also",
    "keyword remove",
    "keyword move",
    "keyword mode",
    "keyword mute",
    "keyword clear",
    "feed mode",
    "feed mute",
    "feed clear",
    "add",
    "also",
    "remove",
    "pause",
    "resume",
    *(f"settings {name}" for name in ("language", "languages", "script", "reports", "timezone", "managers", "pause")),
    *(f"settings {name}" for name in ("pictures", "schedule", "quiet", "cap")),
    "less",
    "mute",
    "share",
    "copy",
    "undo",
]
FREE = [
    "start",
    "search",
    "trend",
    "stats",
    "help",
    "feeds",
    "feed",
    "feed show",
    "export",
    "manage",
    "keyword",
    "keyword list",
    "keyword show",
    "keyword test",
    "keywords",
    "settings",
    "settings show",
    "latest",
    "full",
    "status",
    "translate",
    "why",
]


def has_chinese(message: Message) -> bool:
    return bool(re.search("[\u4e00-\u9fff]", plain(message)))


def checked(message: Message) -> Message:
    """The message, if it keeps the limits of every platform."""
    assert message.blocks
    assert utf16_len(plain(message)) <= MESSAGE_LIMIT + 10
    assert len(message.buttons) <= 5
    for row in message.buttons:
        assert 1 <= len(row) <= 5
        for button in row:
            assert 1 <= utf16_len(button.label) <= 80
            assert bool(button.action) is not bool(button.url)
            assert len(button.action.encode()) <= 64
    return message


@pytest.mark.parametrize("locale", list(Locale))
@pytest.mark.parametrize("line", LINES)
async def test_every_command_answers_in_the_persons_language(desk, line: str, locale: Locale) -> None:
    with capture_logs() as logs:
        first = checked(await desk.say(f"/{line}", locale=locale))
        await desk.say("/subscribe daily-globe")
        await desk.say("/keyword add trilateral talks")
        desk.preview.looked = 12
        second = checked(await desk.say(f"/{line}", locale=locale))
    assert not [entry for entry in logs if entry["log_level"] == "error"]
    if line != "settings language zh-Hans":
        assert locale is Locale.EN or (has_chinese(first) and has_chinese(second))


@pytest.mark.parametrize("line", LINES)
async def test_every_button_is_a_command_that_works(desk, line: str) -> None:
    await desk.say("/subscribe daily-globe")
    await desk.say("/keyword add trilateral talks")
    for action in actions(await desk.say(f"/{line}")):
        with capture_logs() as logs:
            answer = plain(checked(await desk.say(action)))
        assert not logs
        assert "There is no command" not in answer, action


async def test_the_chosen_language_comes_before_the_persons(desk) -> None:
    await desk.say("/settings language zh-Hant")
    assert "關鍵字" in plain(await desk.say("/help", locale=Locale.EN))
    await desk.say("/settings language auto")
    assert "keyword" in plain(await desk.say("/help", locale=Locale.EN))


@pytest.mark.parametrize("kind", [ChatKind.GROUP, ChatKind.CHANNEL])
@pytest.mark.parametrize("line", ADMIN)
async def test_only_admins_change_things_in_groups(desk, line: str, kind: ChatKind) -> None:
    refused = await desk.say(f"/{line}", kind=kind, can_manage=False)
    assert refused.private
    assert "Only admins" in plain(refused)
    allowed = await desk.say(f"/{line}", kind=kind, can_manage=True)
    assert "Only admins" not in plain(allowed)


async def test_a_refused_command_changes_nothing(desk) -> None:
    await desk.say("/subscribe daily-globe", kind=ChatKind.GROUP, can_manage=False)
    await desk.say("/add talks", kind=ChatKind.GROUP, can_manage=False)
    assert not desk.subscriptions.by_chat
    assert not desk.keywords.by_chat
    assert not desk.bell.rung


@pytest.mark.parametrize("line", FREE)
async def test_everyone_may_look(desk, line: str) -> None:
    reply = await desk.say(f"/{line}", kind=ChatKind.GROUP, can_manage=False)
    assert "Only admins" not in plain(reply)


async def test_who_may_not_change_is_offered_no_buttons_that_do(desk) -> None:
    reply = await desk.say("/settings", kind=ChatKind.GROUP, can_manage=False)
    assert not reply.buttons


async def test_everyone_manages_a_private_chat(desk) -> None:
    assert "Only admins" not in plain(await desk.say("/pause", kind=ChatKind.PRIVATE, can_manage=False))


def test_every_command_of_the_menu_is_either_free_or_for_admins() -> None:
    paths = {
        path for command in MENU for path in (command.name, *(f"{command.name} {s.name}" for s in command.subcommands))
    }
    assert paths | set(ALIASES) == set(ADMIN) | set(FREE)


async def test_an_unexpected_fault_answers_with_a_reference_that_the_log_has(desk) -> None:
    desk.chats.broken = RuntimeError("secret words of a person")
    with capture_logs() as logs:
        reply = await desk.say("/keyword add secret words of a person")
    (entry,) = logs
    assert re.fullmatch("[0-9a-f]{8}", entry["reference"])
    assert entry["reference"] in plain(reply)
    assert entry["command"] == "keyword"
    assert entry["chat"] == "4711"
    assert "open_chat" in entry["traceback"]
    assert "RuntimeError" in entry["traceback"]
    assert "secret" not in str(entry)
    assert reply.private


async def test_the_causes_of_a_fault_stand_in_the_log(desk) -> None:
    desk.chats.broken = RuntimeError("outer")
    desk.chats.broken.__cause__ = KeyError("inner")
    with capture_logs() as logs:
        await desk.say("/help")
    assert "KeyError" in logs[0]["traceback"]


async def test_what_is_no_command_is_not_logged(desk) -> None:
    desk.chats.broken = BROKEN_DATABASE
    with capture_logs() as logs:
        reply = await desk.say("/mysecret word")
    assert logs[0]["command"] == "unknown"
    assert "secret" not in str(logs)
    assert "Nothing was changed" in plain(reply)
    assert logs[0]["reference"] in plain(reply)


async def test_a_mistyped_command_names_the_near_ones(desk) -> None:
    reply = await desk.say("/fedes")
    assert "There is no command /fedes." in plain(reply)
    assert "/feeds" in actions(reply)


@pytest.mark.parametrize("locale", list(Locale))
def test_the_greeting_says_what_to_do(locale: Locale) -> None:
    message = checked(greeting(locale))
    assert "/start" in actions(message)
    assert "/feeds" in plain(message)
    assert "Ada" in plain(checked(greeting(locale, by="Ada")))
    assert "Wire" in plain(checked(greeting(locale, elsewhere="Wire")))
    assert "/help" in actions(message)


async def test_start_offers_topics_and_the_next_step(desk) -> None:
    reply = await desk.say("/start")
    assert {"/subscribe world all", "/subscribe science all", "/start words", "/help"} <= set(actions(reply))


hostile = st.text(max_size=300) | st.text(st.sampled_from('"()*-|:#@ \n\x00\ud800會談andORNOTtile'), max_size=60)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    command=st.sampled_from(sorted({*HANDLERS, *ALIASES})) | hostile,
    arguments=hostile,
    who=st.fixed_dictionaries(
        {"locale": st.sampled_from(Locale), "kind": st.sampled_from(ChatKind), "can_manage": st.booleans()}
    ),
)
async def test_nothing_that_people_type_brings_a_fault(make_desk, command, arguments, who) -> None:
    desk = make_desk()
    with capture_logs() as logs:
        for _ in range(2):
            checked(await desk.say(f"{command} {arguments}", **who))
        await desk.commands.complete(request(command), "zone", arguments)
    assert not logs


async def test_long_lists_fit_into_one_message(desk) -> None:
    chat = await desk.chats.open_chat(
        ADDRESS,
        kind=ChatKind.PRIVATE,
        title="",
        hint=Locale.EN,
        now=NOW,
    )
    for n in range(60):
        found = FoundFeed(url=f"https://{n}.example/{'x' * 1500}", title="A long name of a feed " * 20)
        await desk.subscriptions.subscribe(chat.id, found, mode=Mode.MATCHING, now=NOW)
        await desk.keywords.add_keyword(chat.id, query="word " * 190 + str(n), canonical=str(n), now=NOW)
    for line in (
        "/feeds",
        "/feeds 6",
        "/keywords",
        "/keywords 3",
        "/unsubscribe",
        "/remove",
        "/remove 5",
        "/unsubscribe 7",
    ):
        checked(await desk.say(line))
