"""A story that a chat muted: nothing more of it comes there, until it is unmuted, and other chats hear of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from bot.model import Chat, ChatAddress, Item, NewItem, Pictures, Platform, Reports, SameStory, StoryKind, Trail
from bot.storage import Storage
from bot.storage.tables import deliveries, told
from tests.support.polls import record_poll


class Desk:
    """Chats that follow one feed, and what comes of one story."""

    def __init__(self, storage: Storage, world) -> None:
        self.storage = storage
        self.world = world

    async def begin(self, *numbers: int) -> list[Chat]:
        """Chats that were sent the alert of an item."""
        chats = [await self.world.chat(number) for number in numbers]
        for chat in chats:
            await self.world.follow(chat.id)
        await self.world.poll("told")
        await self.world.alert(*(chat.id for chat in chats))
        await self.send()
        return chats

    async def send(self) -> list[str]:
        """Whom the due alerts went to, and of what."""
        due = await self.world.claim_deliveries()
        for one in due:
            await self.storage.outbox.delivery_sent(one, message=f"m{one.id}", now=self.world.now)
        return sorted(f"{one.chat.address.chat}:{one.content.item.item.title}" for one in due)

    async def report(self, name: str, *chats: Chat, kind: StoryKind = StoryKind.EVENT, of: str = "told") -> list[str]:
        """Another item, of the story of the item `of` or going on from it, comes for the chats; who is sent it."""
        await self.world.poll(name)
        members = await self.storage.items.recent_stories(since=self.world.now)
        member = next(each for each in members if each.title == of)
        same = SameStory(story=member.story, item=member.item, kind=kind, score=0.75, reasons=())
        story = None if kind is StoryKind.DEVELOPMENT else member.story
        await self.world.alert(*(chat.id for chat in chats), story=story, same=same)
        return await self.send()

    async def item(self, name: str) -> int:
        """The id of an item that was told."""
        members = await self.storage.items.recent_stories(since=self.world.now)
        return next(each.item for each in members if each.title == name)

    async def mute(self, chat: Chat, name: str = "told") -> bool:
        return await self.storage.mutes.mute_story(chat.id, await self.item(name), now=self.world.now)

    async def unmute(self, chat: Chat, name: str = "told") -> bool:
        return await self.storage.mutes.unmute_story(chat.id, await self.item(name))

    async def edits(self) -> list[str]:
        """Whose messages are to be edited."""
        options = {"platforms": tuple(Platform), "limit": 9, "lease": self.world.lease}
        claimed = await self.storage.outbox.claim_edits(**options, now=self.world.now, since=self.world.now)
        return sorted(edit.chat.address.chat for edit in claimed)

    async def trail(self, chat: Chat, name: str) -> Trail:
        return await self.storage.trails.trail(chat.id, await self.item(name))


@pytest.fixture
def desk(storage, world) -> Desk:
    return Desk(storage, world)


async def test_no_report_and_no_edit_comes_to_a_chat_that_muted_the_story_but_to_the_others(desk):
    quiet, other = await desk.begin(1, 2)
    assert await desk.mute(quiet)
    assert await desk.report("more", quiet, other) == []
    assert await desk.edits() == ["2"]


async def test_an_edit_that_was_to_come_is_called_off(desk):
    quiet, _ = await desk.begin(1, 2)
    await desk.report("more", quiet, _)
    await desk.mute(quiet)
    assert await desk.edits() == ["2"]


async def test_a_chat_that_wants_each_report_has_no_more_of_them(desk, storage):
    [quiet] = await desk.begin(1)
    await storage.chats.save_settings(quiet.id, replace(quiet.settings, reports=Reports.EACH))
    assert await desk.report("second", quiet) == ["1:second"]
    await desk.mute(quiet)
    assert await desk.report("third", quiet) == []


async def test_a_development_does_not_come_either_nor_what_comes_of_it(desk):
    quiet, other = await desk.begin(1, 2)
    await desk.mute(quiet)
    assert await desk.report("update", quiet, other, kind=StoryKind.DEVELOPMENT) == ["2:update"]
    assert await desk.report("echo", quiet, other, of="update") == []
    assert await desk.report("end", quiet, other, kind=StoryKind.DEVELOPMENT, of="update") == ["2:end"]
    assert (await desk.trail(quiet, "end")).muted
    assert not (await desk.trail(other, "end")).muted


async def test_who_mutes_a_development_mutes_the_story_that_it_goes_on_from(desk):
    [quiet] = await desk.begin(1)
    assert await desk.report("update", quiet, kind=StoryKind.DEVELOPMENT) == ["1:update"]
    await desk.mute(quiet, "update")
    assert await desk.report("echo", quiet) == []
    assert await desk.report("end", quiet, kind=StoryKind.DEVELOPMENT) == []


async def test_other_stories_come_as_before(desk):
    [quiet] = await desk.begin(1)
    await desk.mute(quiet)
    await desk.world.poll("another")
    await desk.world.alert(quiet.id)
    assert await desk.send() == ["1:another"]


async def test_an_unmuted_story_goes_on_and_what_came_meanwhile_does_not_come_later(desk):
    [chat] = await desk.begin(1)
    await desk.mute(chat)
    await desk.report("missed", chat, kind=StoryKind.DEVELOPMENT)
    assert await desk.unmute(chat)
    assert not await desk.unmute(chat)
    assert await desk.send() == []
    assert await desk.report("heard", chat) == []  # it joins the alert
    assert await desk.edits() == ["1"]
    # Of what was never told here, the next report is news.
    assert await desk.report("echo", chat, of="missed") == ["1:echo"]
    assert not (await desk.trail(chat, "told")).muted


async def test_muting_twice_is_muting_and_an_item_without_a_story_has_none_to_mute(desk, storage, world):
    [chat] = await desk.begin(1)
    assert await desk.mute(chat)
    assert await desk.mute(chat)
    assert not await storage.mutes.mute_story(chat.id, 999, now=world.now)
    assert not await storage.mutes.unmute_story(chat.id, 999)
    async with storage._database.read() as connection:
        assert (await connection.execute(select(told.c.muted))).scalars().all() == [True]


async def test_what_waits_for_a_digest_is_left_out_of_it(desk, storage):
    quiet, _ = await desk.begin(1, 2)
    async with storage._database.write() as connection:
        await connection.execute(update(deliveries).values(state="held"))
    await desk.mute(quiet)
    async with storage._database.read() as connection:
        rows = await connection.execute(select(deliveries.c.state, deliveries.c.reason).order_by(deliveries.c.chat_id))
        assert [tuple(row) for row in rows] == [("failed", "muted"), ("held", "")]


async def test_a_group_that_moved_keeps_what_it_muted(desk, storage):
    [quiet] = await desk.begin(1)
    await desk.mute(quiet)
    await storage.outbox.move_chat(quiet.address, to="-100")
    moved = await storage.chats.find_chat(ChatAddress(Platform.TELEGRAM, "-100"))
    assert await desk.report("update", moved, kind=StoryKind.DEVELOPMENT) == []


async def test_the_choice_of_pictures_is_kept_and_an_item_keeps_its_picture(storage, world):
    chat = await world.chat()
    for size in Pictures:
        await storage.chats.save_settings(chat.id, replace(chat.settings, pictures=size))
        assert (await storage.chats.find_chat(chat.address)).settings.pictures is size
    await world.follow(chat.id)
    item = Item(guid="a", url="https://a.example/a", title="a", picture="https://a.example/a.jpg")
    due = await world.claim_feed()
    await record_poll(storage.feeds, world.change(due, NewItem(item=item, keys=("guid:a",))), now=world.now)
    [claimed] = await storage.items.claim_items(now=world.now, limit=1, lease=world.lease)
    assert claimed.item.picture == "https://a.example/a.jpg"
