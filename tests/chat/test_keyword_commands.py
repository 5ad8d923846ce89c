"""Keywords from a chat: added with an outlook, listed, tested, removed with a way back."""

from datetime import timedelta

import pytest

from bot.chat.commands import Limits
from bot.errors import QueryError, QueryProblem
from bot.model import ChatId, ChatKind, Hit, Locale
from tests.support.fakes import NOW, actions, plain
from tests.support.news import stored

CHAT = ChatId(1)


def kept(desk) -> list[str]:
    return [each.query for each in desk.keywords.by_chat.get(CHAT, {}).values()]


def hits(count: int) -> list:
    return [(stored(f"Talks, part {n}"), Hit(canonical="talks", matched=("Talks", "talks"))) for n in range(count)]


@pytest.mark.parametrize("line", ["/keyword add trilateral talks", "/add  trilateral   talks"])
async def test_a_keyword_is_added_and_its_way_back_offered(desk, line: str) -> None:
    reply = await desk.say(line)
    assert kept(desk) == ["trilateral talks"]
    assert "Keyword trilateral talks added." in plain(reply)
    assert "/keyword remove 1" in actions(reply)


async def test_without_a_feed_the_next_step_is_one(desk) -> None:
    assert "No feed is watched here yet. Next, choose one: /subscribe" in plain(await desk.say("/add talks"))


async def test_the_outlook_says_what_the_last_week_would_have_brought(desk) -> None:
    await desk.say("/subscribe daily-globe")
    desk.preview.looked, desk.preview.hits = 40, hits(3)
    assert "would have found 3 of your 40 items" in plain(await desk.say("/add talks"))
    assert desk.preview.asked == [("talks", NOW - timedelta(days=7))]
    desk.preview.looked = 0
    assert "can't say how often" in plain(await desk.say("/add peace"))


async def test_a_keyword_that_would_flood_the_chat_is_warned_of_with_a_way_out(desk) -> None:
    await desk.say("/subscribe daily-globe")
    desk.preview.looked, desk.preview.hits = 900, hits(210)
    for said in ("/add the", "/keyword test the"):
        reply = plain(await desk.say(said))
        assert "about 30 alerts a day from this keyword alone" in reply
        assert "title:(the)" in reply
    desk.preview.hits = hits(209)
    assert "alone" not in plain(await desk.say("/keyword test the"))


async def test_a_query_that_leaves_out_what_it_looks_for_is_refused_with_a_mend(desk) -> None:
    reply = await desk.say("/add Gaza talks -gaza")
    assert "can never match" in plain(reply)
    assert "/keyword add Gaza talks" in actions(reply)
    assert kept(desk) == []


async def test_the_reading_of_a_keyword_is_said_where_it_is_news(desk) -> None:
    assert "I read it as" in plain(await desk.say("/add talks | peace"))
    assert "I read it as" not in plain(await desk.say("/add trilateral talks"))
    assert "I read it as" not in plain(await desk.say("/add 三方會談"))
    assert "I read it as" not in plain(await desk.say("/add AI"))


async def test_the_same_keyword_is_kept_once(desk) -> None:
    await desk.say("/add 三方會談")
    assert "is already here" in plain(await desk.say("/add 三方会谈"))
    assert len(kept(desk)) == 1


async def test_a_query_that_cannot_be_read_is_pointed_at_with_a_mend(desk) -> None:
    reply = await desk.say('/add talks AND "peace')
    assert "▶" in plain(reply)
    assert "You could type:" in plain(reply)
    assert not kept(desk)
    await desk.say(actions(reply)[0])
    assert len(kept(desk)) == 1


async def test_without_words_the_writing_of_keywords_is_explained(desk) -> None:
    assert "How to write keywords" in plain(await desk.say("/add"))
    assert "/keyword test trilateral talks" in plain(await desk.say("/keyword test"))


async def test_the_limit_is_named_and_holds_only_for_new_keywords(make_desk) -> None:
    desk = make_desk(limits=Limits(keywords=2))
    await desk.say("/add one")
    await desk.say("/add two")
    assert "has 2 keywords, the most" in plain(await desk.say("/add three"))
    assert "already here" in plain(await desk.say("/add two"))
    assert kept(desk) == ["one", "two"]


async def test_regular_expressions_have_a_limit_of_their_own(make_desk) -> None:
    desk = make_desk(limits=Limits(regexes=1))
    await desk.say("/add oil OR /ga[sz]/")
    assert "may have 1 keyword with a regular expression." in plain(await desk.say("/add /go+l/"))
    assert "already here" in plain(await desk.say("/add oil OR /ga[sz]/"))
    await desk.say("/add gold")
    for line in ("/keyword edit 2 /go+l/", "/keyword also 2 /go+l/"):
        assert "may have 1 keyword with a regular expression." in plain(await desk.say(line))
    await desk.say("/keyword edit 1 oil OR /ga[sz]/")
    assert kept(desk) == ["oil OR /ga[sz]/", "gold"]


@pytest.mark.parametrize("typed", ["1", "#1", "Trilateral Talks", "trilateral   talks"])
async def test_a_keyword_is_removed_by_number_or_text_and_comes_back(desk, typed: str) -> None:
    await desk.say("/add trilateral talks")
    await desk.say("/add peace")
    reply = await desk.say(f"/remove {typed}")
    assert "Keyword trilateral talks removed." in plain(reply)
    assert kept(desk) == ["peace"]
    await desk.say(actions(reply)[0])
    assert kept(desk) == ["trilateral talks", "peace"]


async def test_a_keyword_too_long_for_a_button_comes_back_by_one_all_the_same(desk) -> None:
    query = "negotiations OR " * 20 + "peace"
    await desk.say(f"/add {query}")
    undo, _ = actions(await desk.say("/remove 1"))
    assert f"Keyword {query[:20]}" in plain(await desk.say(undo))
    assert kept(desk) == [query]


async def test_removing_asks_where_nothing_fits(desk) -> None:
    assert "no keyword here yet" in plain(await desk.say("/remove 1"))
    await desk.say("/add talks")
    assert actions(await desk.say("/remove")) == ["/keyword remove 1"]
    assert "no such keyword here" in plain(await desk.say('/remove "open'))
    assert kept(desk) == ["talks"]


async def test_the_list_has_pages(desk) -> None:
    for n in range(45):
        await desk.say(f"/add word{n}")
    first = await desk.say("/keywords")
    assert plain(first).startswith("45 keywords\n1. word0\n")
    assert actions(first) == [*(f"/keyword show {n}" for n in range(1, 9)), "/keyword list 2", "/keyword add"]
    assert actions(await desk.say("/keyword list 2"))[8:10] == ["/keyword list 1", "/keyword list 3"]
    last = await desk.say("/keyword list 6")
    assert "45. word44" in plain(last)
    assert actions(last)[5:] == ["/keyword list 5", "/keyword add", "/keyword clear"]


async def test_a_test_lists_what_matched_and_how_often(desk) -> None:
    desk.preview.looked, desk.preview.hits = 700, hits(14)
    reply = await desk.say("/keyword test talks")
    text = plain(reply)
    assert "14 of your 700 items of the last 7 days match, about 2.0 a day." in text
    assert "Talks, part 0 · Daily Globe · 5 minutes ago · Talks · talks" in text
    assert text.count("part") == 10
    assert actions(reply) == ["/keyword add talks"]
    assert not kept(desk)


async def test_a_test_of_a_query_that_cannot_be_read_points_at_the_place(desk) -> None:
    desk.preview.refusal = QueryError(QueryProblem.ONLY_EXCLUDES, "-talks", 0, "peace -talks")
    reply = await desk.say("/keyword test -talks")
    assert "▶ -talks" in plain(reply)
    assert actions(reply) == ["/keyword add peace -talks"]
    assert not actions(await desk.say("/keyword test -talks", kind=ChatKind.GROUP, can_manage=False))


async def test_a_test_without_matches_or_items_says_what_to_do(desk) -> None:
    desk.preview.looked = 30
    assert "None of your 30 items" in plain(await desk.say("/keyword test talks"))
    desk.preview.looked = 0
    without_feed = plain(await desk.say("/keyword test talks"))
    assert "choose one: /subscribe" in without_feed
    assert "test again" not in without_feed
    await desk.say("/subscribe daily-globe")
    assert "test again in a few minutes" in plain(await desk.say("/keyword test talks"))


async def test_a_test_of_a_keyword_that_is_here_does_not_offer_to_add_it(desk) -> None:
    desk.preview.looked = 30
    await desk.say("/keyword add peace talks")
    assert not actions(await desk.say("/keyword test Peace talks"))


async def test_the_list_leads_on_for_those_who_may_change_it(desk) -> None:
    await desk.say("/keyword add talks")
    assert actions(await desk.say("/keyword list")) == ["/keyword show 1", "/keyword add", "/keyword clear"]
    looking = await desk.say("/keyword list", kind=ChatKind.GROUP, can_manage=False)
    assert actions(looking) == ["/keyword show 1"]
    assert "change" not in plain(looking)


async def test_titles_are_shown_in_the_characters_of_the_chat(desk) -> None:
    desk.preview.looked, desk.preview.hits = 1, [(stored("三方會談"), Hit(canonical="", matched=()))]
    assert "三方会谈" in plain(await desk.say("/keyword test 會談", locale=Locale.ZH_HANS))


async def test_words_without_a_subcommand_ask_what_to_do(desk) -> None:
    reply = await desk.say("/keyword trilateral talks")
    assert actions(reply) == ["/keyword add trilateral talks", "/keyword test trilateral talks", "/keyword list"]
    assert not kept(desk)
