"""What chats share stays until it is ended, the newest of each chat, and comes back as it was."""

from __future__ import annotations

from datetime import timedelta

from bot.model import ChatSettings, Language, Locale, Mode, Reports, Script, Share, SharedFeed

SHARE = Share(
    keywords=("trilateral talks", "阿布扎比"),
    feeds=(SharedFeed(url="https://a.example/rss", title="A", mode=Mode.EVERYTHING),),
)


async def keep(storage, world, chat, token: str, share: Share = SHARE, *, most: int = 9, later: int = 0) -> None:
    now = world.now + timedelta(minutes=later)
    await storage.shares.keep_share(chat.id, token, share, most=most, now=now)


async def test_a_share_comes_back_as_it_was(storage, world):
    await keep(storage, world, await world.chat(1), "t")
    assert await storage.shares.find_share("t") == SHARE
    assert await storage.shares.find_share("other") is None


async def test_settings_come_back_without_the_peoples_app_language(storage, world):
    settings = ChatSettings(
        locale=Locale.ZH_HANT,
        hint=Locale.ZH_HANS,
        languages=(Language.EN,),
        script=Script.HK,
        reports=Reports.EACH,
        timezone="Asia/Hong_Kong",
    )
    await keep(storage, world, await world.chat(1), "t", Share(settings=settings))
    found = await storage.shares.find_share("t")
    assert (found.settings.hint, found.settings.locale) == (Locale.EN, Locale.ZH_HANT)
    assert found.settings.timezone == "Asia/Hong_Kong"
    assert (found.settings.script, found.settings.languages) == (Script.HK, (Language.EN,))
    assert found.settings.reports is Reports.EACH


async def test_settings_that_were_never_chosen_come_back_so(storage, world):
    await keep(storage, world, await world.chat(1), "t", Share(settings=ChatSettings()))
    assert (await storage.shares.find_share("t")).settings == ChatSettings()


async def test_only_the_newest_of_a_chat_stay(storage, world):
    one, other = await world.chat(1), await world.chat(2)
    await keep(storage, world, other, "theirs")
    for n in range(4):
        await keep(storage, world, one, f"t{n}", most=2, later=n)
    kept = [token for token in ("t0", "t1", "t2", "t3", "theirs") if await storage.shares.find_share(token)]
    assert kept == ["t2", "t3", "theirs"]


async def test_a_chat_ends_its_own(storage, world):
    one, other = await world.chat(1), await world.chat(2)
    await keep(storage, world, one, "a")
    await keep(storage, world, one, "b")
    await keep(storage, world, other, "theirs")
    assert await storage.shares.drop_shares(one.id) == 2
    assert await storage.shares.drop_shares(one.id) == 0
    assert await storage.shares.find_share("theirs") == SHARE


async def test_the_briefs_of_items_are_found_again(storage, world):
    chat = await world.chat()
    await world.follow(chat.id)
    await world.poll("a", "b")
    await world.alert(chat.id, items=1)
    items = await storage.history.recent_items(chat.id, since=world.now - timedelta(days=1), limit=9)
    found = await storage.briefs.briefs([item.id for item in items])
    assert list(found.values()) == [world.brief]
    assert await storage.briefs.briefs([]) == {}
