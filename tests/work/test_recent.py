"""The stories told lately are read once, and then only what is new."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.model import Brief, ItemId, MadeBy, StoryId, StoryMember
from bot.ports.alert import NOTHING_KNOWN
from bot.stories.index import StoryIndex
from bot.work.recent import LOOK_BACK, OVERLAP, RecentStories

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)
AGE = timedelta(hours=72)


class Log:
    """Members by the time they were told."""

    def __init__(self) -> None:
        self.told: list[tuple[datetime, StoryMember]] = []
        self.asked: list[datetime] = []
        self.read: list[str] = []

    def tell(self, number: int, at: datetime) -> None:
        member = StoryMember(
            story=StoryId(number), item=ItemId(number), url="", title=str(number), text="", language="en", seen=at
        )
        self.told.append((at, member))

    async def recent_stories(self, *, since: datetime, known=NOTHING_KNOWN) -> list[StoryMember]:
        self.asked.append(since)
        new = [(at, member) for at, member in reversed(self.told) if at >= since and known.get(member.item) != at]
        self.read += [member.title for _, member in new]
        return [replace(member, told=at) for at, member in new]


async def titles(recent: RecentStories, now: datetime) -> list[str]:
    """Those remembered, the last to come in first."""
    return [member.title for member in (await recent.follow(now)).members()][::-1]


async def test_all_are_read_at_first_and_only_the_newest_after_that():
    log = Log()
    log.tell(1, NOW - AGE - timedelta(seconds=1))
    log.tell(2, NOW - timedelta(hours=1))
    recent = RecentStories(log, AGE, StoryIndex())
    assert await titles(recent, NOW) == ["2"]
    log.tell(3, NOW)
    later = NOW + timedelta(hours=2)
    log.tell(4, later)
    assert await titles(recent, later) == ["4", "3", "2"]
    assert log.asked == [NOW - AGE, NOW - OVERLAP]


async def test_what_shows_late_is_not_missed_and_nothing_is_told_twice():
    log = Log()
    log.tell(1, NOW)
    recent = RecentStories(log, AGE, StoryIndex())
    await titles(recent, NOW)
    log.tell(2, NOW - timedelta(seconds=30))
    assert sorted(await titles(recent, NOW + LOOK_BACK)) == ["1", "2"]
    assert log.read == ["1", "2"]


async def test_between_two_looks_back_only_the_newest_are_asked_for():
    log = Log()
    recent = RecentStories(log, AGE, StoryIndex())
    await titles(recent, NOW)
    soon = NOW + LOOK_BACK / 2
    log.tell(1, NOW)
    assert await titles(recent, soon) == ["1"]
    await titles(recent, NOW + LOOK_BACK)
    assert log.asked == [NOW - AGE, NOW - LOOK_BACK, soon - OVERLAP]
    assert log.read == ["1"]


async def test_the_old_are_forgotten():
    log = Log()
    log.tell(1, NOW)
    recent = RecentStories(log, AGE, StoryIndex())
    await titles(recent, NOW)
    assert await titles(recent, NOW + AGE + timedelta(seconds=1)) == []


async def test_a_brief_that_came_later_is_followed():
    log = Log()
    log.tell(1, NOW)
    recent = RecentStories(log, AGE, StoryIndex())
    await titles(recent, NOW)
    brief = Brief(title_zh="一", title_en="One", summary_zh="", summary_en="", made_by=MadeBy.MODEL)
    log.told.append((NOW + timedelta(seconds=40), replace(log.told[0][1], brief=brief)))
    (member,) = (await recent.follow(NOW + timedelta(seconds=50))).members()
    assert member.brief == brief


async def test_what_this_process_told_is_known_at_once_and_never_read():
    log = Log()
    recent = RecentStories(log, AGE, StoryIndex())
    await titles(recent, NOW)
    log.tell(1, NOW)
    recent.tell(replace(log.told[0][1], told=NOW))
    assert await titles(recent, NOW + LOOK_BACK / 2) == ["1"]
    assert await titles(recent, NOW + LOOK_BACK) == ["1"]
    assert log.read == []


async def test_who_is_alone_looks_once_in_a_while_and_finds_what_it_did_not_hear_the_end_of():
    log = Log()
    recent = RecentStories(log, AGE, StoryIndex(), alone=True)
    await titles(recent, NOW)
    log.tell(1, NOW)
    assert await titles(recent, NOW + LOOK_BACK / 2) == []
    assert len(log.asked) == 1
    assert await titles(recent, NOW + LOOK_BACK) == ["1"]


async def test_who_is_alone_forgets_the_old_and_looks_again_after_a_clock_was_set_back():
    log = Log()
    log.tell(1, NOW)
    recent = RecentStories(log, timedelta(seconds=0.3), StoryIndex(), alone=True)
    assert await titles(recent, NOW) == ["1"]
    assert await titles(recent, NOW + LOOK_BACK / 2) == []
    await titles(recent, NOW - timedelta(hours=1))
    assert len(log.asked) == 2
