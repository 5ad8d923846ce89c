"""All that a chat has as a file: out with `/export all`, in again with `/import`, whatever stands in it."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.commands import Limits
from bot.errors import FeedListError
from bot.model import ChatId, Choice, KeywordId, Locale, Managers, Message, Mode, Urgency
from bot.work.chatfile import read_chat_file
from tests.support.fakes import ADDRESS, actions, plain, request

CHAT = ChatId(1)


async def give(desk, content: Any, line: str = "/import", **who: object) -> Message:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    sent = replace(request(line, **who), file=data, file_name="diting.json", file_size=len(data))
    return await desk.commands.handle(sent)


def keywords(desk) -> list[tuple[str, Choice]]:
    return [(each.query, each.choice) for each in desk.keywords.by_chat.get(CHAT, {}).values()]


def feeds(desk) -> list[tuple[str, Mode, Choice]]:
    mine = desk.subscriptions.by_chat.get(CHAT, {}).values()
    return [(each.feed.url, each.mode, each.choice) for each in mine]


def settings(desk):
    return desk.chats.by_address[ADDRESS].settings


async def furnish(desk) -> None:
    await desk.say("/subscribe daily-globe everything")
    await desk.say("/subscribe lab-notes")
    await desk.say("/feed mode 2 digest")
    await desk.say("/add trilateral talks")
    await desk.say("/add 三方會談")
    await desk.say("/keyword mute 2 7d")
    await desk.say("/settings timezone Asia/Hong_Kong")
    await desk.say("/settings languages en")


async def test_a_chat_goes_out_as_a_file_and_comes_in_as_it_was(desk, make_desk) -> None:
    await furnish(desk)
    reply = await desk.say("/export all")
    name, data = reply.file
    assert name == "diting-2026-03-14.json"
    assert "2 feeds" in plain(reply)
    other = make_desk()
    said = plain(await give(other, data, "/import settings"))
    assert feeds(other) == feeds(desk)
    assert keywords(other) == keywords(desk)
    assert settings(other) == settings(desk)
    assert "2 feeds were added" in said
    assert "2 keywords were added" in said
    assert "Its settings hold here" in said
    assert other.bell.rung == ["poll"]


async def test_the_file_reads_as_it_is_documented(desk) -> None:
    await furnish(desk)
    content = json.loads((await desk.say("/export all")).file[1])
    assert content["diting"] == 1
    assert content["feeds"][1] == {
        "url": "https://lab.example/atom",
        "title": "Lab Notes",
        "site": "",
        "mode": "matching",
        "choice": {"urgency": "digest"},
    }
    assert content["keywords"][0] == {"query": "trilateral talks"}
    assert (content["settings"]["timezone"], content["settings"]["languages"]) == ("Asia/Hong_Kong", ["en"])
    assert "hint" not in content["settings"]


async def test_what_is_here_stays_and_what_is_new_is_added(desk) -> None:
    await desk.say("/add talks")
    await desk.say("/keyword mode 1 digest")
    reply = plain(await give(desk, {"diting": 1, "keywords": [{"query": "TALKS"}, {"query": "peace"}]}))
    assert keywords(desk) == [("talks", Choice(urgency=Urgency.DIGEST)), ("peace", Choice())]
    assert reply == "1 keyword was added\n1 was here already."


async def test_an_import_is_undone_with_its_keywords_and_takes_nothing_else_along(desk) -> None:
    undo = actions(
        await give(
            desk, {"diting": 1, "feeds": [{"url": "https://a.example/rss"}], "keywords": [{"query": "peace"}] * 2}
        )
    )[0]
    desk.keywords.by_chat[CHAT][KeywordId(9)] = replace(
        desk.keywords.by_chat[CHAT][KeywordId(1)],
        id=KeywordId(9),
        query="mine",
        created=desk.keywords.by_chat[CHAT][KeywordId(1)].created.replace(year=2025),
    )
    assert plain(await desk.say(undo)) == "1 feed is watched no more.\n1 keyword was removed."
    assert feeds(desk) == []
    assert keywords(desk) == [("mine", Choice())]


async def test_settings_are_taken_by_a_button_and_given_back_by_another(desk) -> None:
    offered = await give(desk, {"diting": 1, "settings": {"timezone": "Asia/Taipei", "locale": "zh-Hant"}})
    former = settings(desk)
    assert former.timezone == "UTC"
    take = next(each for each in actions(offered) if "take" in each)
    taken = await desk.say(take)
    assert (settings(desk).timezone, settings(desk).locale) == ("Asia/Taipei", Locale.ZH_HANT)
    assert len(desk.held.asked) == 1
    assert "已儲存" in plain(taken)
    await desk.say(actions(taken)[0])
    assert settings(desk) == former
    assert "沒有改變" in plain(await desk.say(take, locale=Locale.ZH_HANT))


async def test_who_may_change_the_chat_is_not_taken_from_a_file(desk) -> None:
    taken = await give(
        desk, {"diting": 1, "settings": {"managers": "everyone", "timezone": "Asia/Taipei"}}, "/import settings"
    )
    assert "hold here from now on" in plain(taken)
    assert (settings(desk).timezone, settings(desk).managers) == ("Asia/Taipei", Managers.ADMINS)


@pytest.mark.parametrize(
    "wrong",
    [
        {"timezone": "Moon/Sea"},
        {"timezone": 7},
        {"languages": []},
        {"languages": ["zh", "zh"]},
        {"languages": ["fr"]},
        {"locale": "no language"},
        {"reports": None},
        {"schedule": {"cap": "many"}},
        {"schedule": {"cap": -5}},
        {"schedule": {"frequency": "yearly"}},
    ],
)
async def test_wrong_settings_are_told_and_cost_nothing_else(desk, wrong: dict[str, Any]) -> None:
    content = {"diting": 1, "keywords": [{"query": "talks"}], "settings": wrong}
    reply = plain(await give(desk, content, "/import settings"))
    assert "Its settings can't be read" in reply
    assert keywords(desk) == [("talks", Choice())]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{", "none of mine"),
        (b'{"a": 1}', "none of mine"),
        (b'{"diting": "one"}', "none of mine"),
        (b'\xef\xbb\xbf{"diting": 2}', "newer version"),
        (b'{"diting": 0}', "newer version"),
        (b'{"diting": 1, "keywords": "talks"}', "not as it should be"),
        (b'{"diting": 1, "keywords": [{"query": "talks"}, {"query": 7}]}', "not as it should be"),
        (b'{"diting": 1, "keywords": [{"query": "talks", "choice": {"urgency": "now"}}]}', "not as it should be"),
        (b'{"diting": 1, "keywords": [{"query": "talks"}], "feeds": [{}]}', "not as it should be"),
        (b'{"diting": 1, "keywords": [{"query": "talks"}], "settings": []}', "not as it should be"),
        (b'{"diting": 1, "keywords": ' + b"[" * 100_000, "none of mine"),
        (b'{"diting": 1, "keywords": [{"query": "\xff"}]}', "none of mine"),
        (json.dumps({"diting": 1, "feeds": [{"url": "x"}] * 5001}).encode(), "more feeds or keywords"),
        (json.dumps({"diting": 1, "keywords": [{"query": "x"}] * 10_001}).encode(), "more feeds or keywords"),
    ],
)
async def test_of_a_wrong_file_nothing_is_used(desk, data: bytes, said: str) -> None:
    reply = plain(await give(desk, data))
    assert said in reply
    assert "Nothing was changed." in reply
    assert (keywords(desk), feeds(desk)) == ([], [])


async def test_ten_thousand_keywords_fill_the_chat_and_no_more(make_desk) -> None:
    desk = make_desk(limits=Limits(keywords=20))
    content = {"diting": 1, "keywords": [{"query": f"word{n}"} for n in range(10_000)]}
    reply = plain(await give(desk, content))
    assert len(keywords(desk)) == 20
    assert "20 keywords were added\n9,980 were too many." in reply.replace("9980", "9,980")
    assert "A chat may have 20 keywords." in reply


async def test_keywords_that_cannot_be_read_are_told_with_their_fault(make_desk) -> None:
    desk = make_desk(limits=Limits(regexes=1))
    queries = ['"open', "talks", "-only", "/[ab]x/", "/[cd]y/", "w" * 5000]
    reply = plain(await give(desk, {"diting": 1, "keywords": [{"query": each} for each in queries]}))
    assert [query for query, _ in keywords(desk)] == ["talks", "/[ab]x/"]
    assert "3 can't be read by me:" in reply
    assert '"open · A quotation mark opens here' in reply
    assert "1 was one too many." in reply


async def test_addresses_of_a_file_are_judged_as_any(desk) -> None:
    urls = ["http://10.0.0.1/", "ftp://a.example/", "https://ok.example/rss"]
    reply = plain(await give(desk, {"diting": 1, "feeds": [{"url": url, "mode": "everything"} for url in urls]}))
    assert feeds(desk) == [("https://ok.example/rss", Mode.EVERYTHING, Choice())]
    assert "private network" in reply


async def test_a_chat_without_feeds_can_still_have_all_it_has(desk) -> None:
    reply = await desk.say("/export")
    assert reply.file is None
    assert "/export all" in actions(reply)


@given(
    st.one_of(
        st.binary(max_size=60),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["diting", "feeds", "keywords", "settings", "url", "query", "choice"]), inner
                )
            ),
            max_leaves=8,
        ).map(lambda value: json.dumps(value).encode()),
    )
)
def test_any_file_is_read_or_refused(data: bytes) -> None:
    try:
        file = read_chat_file(data)
    except FeedListError:
        return
    assert file.diting == 1
