"""What those who run the bot see and do, and that nobody else does."""

from __future__ import annotations

import pytest

from bot.model import BroadcastState, ChatState
from bot.work.broadcast import Broadcaster
from tests.rights.conftest import at
from tests.support.fakes import FakeBell, actions, plain

OWNER = "1"


@pytest.mark.parametrize("line", ["/admin", "/admin chats", "/admin broadcast Hello", "/admin expel 1"])
async def test_to_everybody_else_there_is_no_such_command(stage, line):
    for who in ({"person": "7"}, {"person": OWNER, "chat": at(-5)}, {"person": "7", "chat": at(-5)}):
        assert "There is no command /admin." in plain(await stage.say(line, **who))
    assert await stage.storage.broadcasts.latest() is None


async def test_no_help_names_the_command(stage):
    assert "/admin" not in plain(await stage.say("/help", person=OWNER))


async def test_the_overview_names_chats_by_platform_and_state(stage):
    await stage.say("/start")
    await stage.say("/pause", person="8")
    said = plain(await stage.say("/admin", person=OWNER)).splitlines()
    assert said[0] == "The whole bot"
    assert "Telegram: 2 active, 1 paused" in said
    assert "Waiting to be sent: 0" in said


async def test_chats_are_listed_a_page_at_a_time(stage):
    for person in range(20, 32):
        await stage.say("/start", person=str(person), title=f"Person {person}")
    first = await stage.say("/admin chats", person=OWNER)
    assert plain(first).splitlines()[0] == "13 chats"
    assert "Telegram, private · active · 0 feeds · 0 keywords" in plain(first)
    assert actions(first)[0] == "/admin chats 2"
    assert all(button.in_place for row in first.buttons for button in row)
    assert "Person 20" in plain(await stage.say("/admin chats 2", person=OWNER))


async def test_feeds_in_trouble_are_none_at_first(stage):
    assert "Every feed can be read." in plain(await stage.say("/admin feeds", person=OWNER))


async def test_a_chat_is_paused_and_runs_again(stage):
    await stage.say("/start")
    number = (await stage.chat(at(7))).id
    said = await stage.say(f"/admin pause {number}", person=OWNER)
    assert (await stage.chat(at(7))).state is ChatState.PAUSED
    await stage.say(actions(said)[0], person=OWNER)
    assert (await stage.chat(at(7))).state is ChatState.ACTIVE


async def test_an_owner_does_not_expel_the_chat_that_they_speak_from(stage):
    await stage.say("/start", person=OWNER)
    assert "this chat itself" in plain(await stage.say("/admin expel telegram:1", person=OWNER))


@pytest.mark.parametrize("line", ["/admin expel", "/admin admit 99", "/admin pause telegram:99", "/admin expel x:1"])
async def test_a_chat_that_there_is_none_of_is_asked_for(stage, line):
    assert "Which chat?" in plain(await stage.say(line, person=OWNER))


# --- broadcasts --------------------------------------------------------------------------------------------


async def sent(stage, count=99):
    due = await stage.storage.outbox.claim_deliveries(
        platforms=[at(1).platform], now=stage.now, limit=count, lease=stage.now - stage.now.replace(hour=0)
    )
    for one in due:
        await stage.storage.outbox.delivery_sent(one, message="1", now=stage.now)
    return len(due)


async def test_a_text_is_looked_at_sent_with_a_button_and_followed(stage):
    await stage.say("/start")
    preview = await stage.say("/admin broadcast Back at noon.\nSorry!\n\nYours", person=OWNER)
    assert plain(preview).split("\n") == [
        "📣 From whoever runs this bot",
        "Back at noon.",
        "Sorry!",
        "Yours",
        "This is how it will look. Chats that are paused do not get it.",
    ]
    labels = [button.label for row in preview.buttons for button in row]
    assert labels == ["Send to 2 chats", "Throw away"]
    begun = await stage.say(actions(preview)[0], person=OWNER)
    assert plain(begun).splitlines()[:4] == [
        "Message to all chats: under way",
        "Sent: 0",
        "Not delivered: 0",
        "Still to go: 2",
    ]
    assert stage.bell.rung == ["broadcast"]
    broadcaster = Broadcaster(queue=stage.storage.broadcasts, bell=FakeBell(), clock=lambda: stage.now, most=1)
    while (await stage.storage.broadcasts.latest()).state is BroadcastState.SENDING:
        await broadcaster.step()
        await sent(stage)
    done = plain(await stage.say("/admin broadcast", person=OWNER)).splitlines()
    assert done[:4] == ["Message to all chats: sent to all", "Sent: 2", "Not delivered: 0", "Still to go: 0"]


async def test_pressing_send_twice_sends_once(stage):
    preview = await stage.say("/admin broadcast Hello", person=OWNER)
    for _ in range(2):
        await stage.say(actions(preview)[0], person=OWNER)
    assert await stage.storage.broadcasts.owe_more(most=9, now=stage.now) == 1
    assert await stage.storage.broadcasts.owe_more(most=9, now=stage.now) == 0
    assert "no such broadcast" not in plain(await stage.say(actions(preview)[1], person=OWNER))


async def test_it_is_stopped_with_a_button(stage):
    await stage.say("/start")
    preview = await stage.say("/admin broadcast Hello", person=OWNER)
    begun = await stage.say(actions(preview)[0], person=OWNER)
    await stage.storage.broadcasts.owe_more(most=1, now=stage.now)
    stop = actions(begun)[1]
    assert stop.startswith("/admin stop")
    said = plain(await stage.say(stop, person=OWNER)).splitlines()
    assert said[:4] == ["Message to all chats: stopped", "Sent: 0", "Not delivered: 1", "Still to go: 0"]
    assert await sent(stage) == 0


async def test_a_draft_is_thrown_away_and_reaches_nobody(stage):
    preview = await stage.say("/admin broadcast Hello", person=OWNER)
    assert "nobody got it" in plain(await stage.say(actions(preview)[1], person=OWNER))
    assert "no such broadcast" in plain(await stage.say(actions(preview)[0], person=OWNER))


async def test_what_is_too_long_for_one_message_is_refused(stage):
    assert "too long" in plain(await stage.say(f"/admin broadcast {'a' * 2501}", person=OWNER))
    assert "Send /admin broadcast …" in plain(await stage.say("/admin broadcast", person=OWNER))
