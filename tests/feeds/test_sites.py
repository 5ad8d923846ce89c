"""The conventions of sites, by address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import NotAFeed
from bot.feeds.sites import NEEDS_RSSHUB, account_address, feeds_told_in_page, known_feeds, web_address

HUB = "http://rsshub:1200"
CHANNEL = "UC" + "x1_-" * 5 + "ab"
YOUTUBE = "https://www.youtube.com/feeds/videos.xml?"


@pytest.mark.parametrize(
    ("url", "first"),
    [
        (f"https://www.youtube.com/channel/{CHANNEL}", f"{YOUTUBE}channel_id={CHANNEL}"),
        (f"https://m.youtube.com/channel/{CHANNEL}/videos", f"{YOUTUBE}channel_id={CHANNEL}"),
        ("https://youtube.com/user/Ada", f"{YOUTUBE}user=Ada"),
        ("https://www.youtube.com/playlist?list=PLabc-1", f"{YOUTUBE}playlist_id=PLabc-1"),
        ("https://www.youtube.com/watch?v=1&list=PLabc-1", f"{YOUTUBE}playlist_id=PLabc-1"),
        ("https://www.reddit.com/", "https://www.reddit.com/.rss"),
        ("https://old.reddit.com/r/worldnews/", "https://www.reddit.com/r/worldnews/.rss"),
        ("https://reddit.com/r/worldnews+china", "https://www.reddit.com/r/worldnews+china/.rss"),
        ("https://www.reddit.com/r/news/top/?t=week", "https://www.reddit.com/r/news/top/.rss?t=week"),
        ("https://www.reddit.com/r/news/comments/1abc/a_title/", "https://www.reddit.com/r/news/comments/1abc/.rss"),
        ("https://www.reddit.com/u/ada", "https://www.reddit.com/user/ada/.rss"),
        ("https://www.reddit.com/user/ada/m/papers/", "https://www.reddit.com/user/ada/m/papers/.rss"),
        ("https://github.com/ada/engine", "https://github.com/ada/engine/releases.atom"),
        ("https://github.com/ada/engine.js.git", "https://github.com/ada/engine.js/releases.atom"),
        ("https://github.com/ada/engine/releases/tag/v1", "https://github.com/ada/engine/releases.atom"),
        ("https://github.com/ada/engine/tags", "https://github.com/ada/engine/tags.atom"),
        ("https://github.com/ada/engine/commits", "https://github.com/ada/engine/commits.atom"),
        ("https://github.com/ada/engine/tree/feat/x", "https://github.com/ada/engine/commits/feat/x.atom"),
        ("https://github.com/ada", "https://github.com/ada.atom"),
        ("https://gitlab.com/group/sub/engine", "https://gitlab.com/group/sub/engine/-/releases.atom"),
        ("https://gitlab.com/g/engine/-/issues", "https://gitlab.com/g/engine/-/releases.atom"),
        ("https://gitlab.com/g/engine/-/tags", "https://gitlab.com/g/engine/-/tags?format=atom"),
        ("https://gitlab.com/g/engine/-/tree/main", "https://gitlab.com/g/engine/-/commits/main?format=atom"),
        ("https://gitlab.com/ada", "https://gitlab.com/ada.atom"),
        ("https://mastodon.social/@ada", "https://mastodon.social/@ada.rss"),
        ("https://mastodon.social/@ada/112233", "https://mastodon.social/@ada.rss"),
        ("https://mastodon.social/@ada@other.example", "https://other.example/@ada.rss"),
        ("https://bsky.app/profile/ada.bsky.social", "https://bsky.app/profile/ada.bsky.social/rss"),
        ("https://bsky.app/profile/did:plc:abc", "https://bsky.app/profile/did:plc:abc/rss"),
        ("https://medium.com/@ada/a-story-1", "https://medium.com/feed/@ada"),
        ("https://medium.com/a-publication", "https://medium.com/feed/a-publication"),
        ("https://medium.com/tag/china", "https://medium.com/feed/tag/china"),
        ("https://ada.medium.com/", "https://ada.medium.com/feed"),
        ("https://ada.substack.com/p/letter", "https://ada.substack.com/feed"),
        ("https://substack.com/@ada", "https://ada.substack.com/feed"),
        ("https://ada.tumblr.com/post/1", "https://ada.tumblr.com/rss"),
        ("https://ada.tumblr.com/tagged/art", "https://ada.tumblr.com/tagged/art/rss"),
        ("https://www.tumblr.com/ada", "https://ada.tumblr.com/rss"),
        ("https://ada.wordpress.com/2026/01/01/x/", "https://ada.wordpress.com/feed/"),
        ("https://ada.wordpress.com/category/news/", "https://ada.wordpress.com/category/news/feed/"),
        ("https://ada.blogspot.com/", "https://ada.blogspot.com/feeds/posts/default"),
        ("https://arxiv.org/list/cs.CL/recent", "https://rss.arxiv.org/rss/cs.CL"),
        ("https://stackoverflow.com/questions/tagged/python", "https://stackoverflow.com/feeds/tag/python"),
        ("https://news.google.com/search?q=ferry&hl=en", "https://news.google.com/rss/search?q=ferry&hl=en"),
        ("https://news.google.com/home?hl=zh-HK", "https://news.google.com/rss?hl=zh-HK"),
    ],
)
def test_a_page_has_its_feed_where_its_site_keeps_it(url, first):
    known = known_feeds(url)
    assert known.feeds[0] == first
    assert not known.alone
    assert known_feeds(first).feeds == ()  # a feed is left as it is


@pytest.mark.parametrize(
    ("url", "route"),
    [
        ("https://t.me/harbour_news", "telegram/channel/harbour_news"),
        ("https://t.me/s/harbour_news?before=9", "telegram/channel/harbour_news"),
        ("https://telegram.me/harbour_news/12", "telegram/channel/harbour_news"),
        ("https://x.com/ada/status/1", "twitter/user/ada"),
        ("https://space.bilibili.com/2267573/video", "bilibili/user/video/2267573"),
        ("https://weibo.com/u/1234567890", "weibo/user/1234567890"),
        ("https://www.weibo.com/1234567890", "weibo/user/1234567890"),
        ("https://m.weibo.cn/u/1234567890", "weibo/user/1234567890"),
        ("https://www.zhihu.com/hot", "zhihu/hot"),
        ("https://www.zhihu.com/people/ada-1/answers", "zhihu/people/activities/ada-1"),
        ("https://zhuanlan.zhihu.com/c_123", "zhihu/zhuanlan/c_123"),
        ("https://www.zhihu.com/column/pinyin", "zhihu/zhuanlan/pinyin"),
    ],
)
def test_a_site_without_feeds_has_an_rsshub_route(url, route):
    known = known_feeds(url, HUB + "/")
    assert known.feeds == (f"{HUB}/{route}",)
    assert known.alone
    with pytest.raises(NotAFeed) as refused:
        known_feeds(url)
    assert (refused.value.url, refused.value.reason) == (url, NEEDS_RSSHUB)


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/",
        "https://news.example/rss",
        "https://www.youtube.com/@ada",
        "https://www.youtube.com/watch?v=1&list=RDmix",
        "https://t.me/+invitation",
        "https://t.me/joinchat/abcdef",
        "https://weibo.com/ada",
        "https://zhuanlan.zhihu.com/p/12345",
        "https://github.com/topics/rss",
        "https://x.com/home",
        "https://user:secret@github.com/ada/engine",
        "http://[",
        "mailto:ada@example.org",
        "",
    ],
)
def test_other_addresses_are_left_alone(url):
    assert known_feeds(url).feeds == ()


@given(st.text(max_size=80))
def test_no_address_breaks_the_rules(text):
    for url in (text, f"https://{text}", f"https://github.com/{text}", f"https://t.me/{text}"):
        known_feeds(url, HUB)
        web_address(url, HUB)


def test_what_is_put_into_an_address_is_escaped():
    (feed,) = known_feeds("https://ada.tumblr.com/tagged/中 文#?x").feeds
    assert feed == "https://ada.tumblr.com/tagged/%E4%B8%AD%20%E6%96%87/rss"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("feed://news.example/rss", "http://news.example/rss"),
        ("feed:https://news.example/rss", "https://news.example/rss"),
        ("FEED:http://news.example/rss", "http://news.example/rss"),
        (" https://news.example/rss ", "https://news.example/rss"),
        ("rsshub://telegram/channel/x?limit=5", f"{HUB}/telegram/channel/x?limit=5"),
        ("rsshub:///telegram/channel/x", f"{HUB}/telegram/channel/x"),
        ("RSSHub://rsshub.app/zhihu/hot", f"{HUB}/zhihu/hot"),
        ("bbc-world", "bbc-world"),
    ],
)
def test_other_schemes_become_web_addresses(text, address):
    assert web_address(text, HUB) == address


def test_a_route_without_an_rsshub_is_refused():
    with pytest.raises(NotAFeed) as refused:
        web_address("rsshub://zhihu/hot")
    assert refused.value.reason == NEEDS_RSSHUB


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("@ada@social.example", "https://social.example/@ada"),
        ("@ada", ""),
        ("ada@social.example", ""),
        ("@ada@localhost", ""),
    ],
)
def test_a_handle_is_an_accounts_page(text, page):
    assert account_address(text) == page


@pytest.mark.parametrize(
    "html",
    [
        f'<link rel="canonical" href="https://www.youtube.com/channel/{CHANNEL}">',
        f'{{"channelId":"UC{"z" * 22}"}} {{"externalId":"{CHANNEL}"}}',
        f'<meta itemprop="identifier" content="{CHANNEL}">',
        f'x{{"channelId":"{CHANNEL}"}}',
    ],
)
def test_a_youtube_page_tells_its_channel(html):
    assert feeds_told_in_page(html, "https://www.youtube.com/@ada") == [f"{YOUTUBE}channel_id={CHANNEL}"]


def test_a_page_that_tells_nothing_has_no_feeds():
    assert feeds_told_in_page("<html>", "https://m.youtube.com/") == []
    assert feeds_told_in_page('<a href="rsshub://x/y">', "https://a.example/") == []


def test_a_page_of_very_many_tags_is_searched_all_the_same():
    deep = "<div>" * 100_000
    assert feeds_told_in_page(
        f'{deep[:50_000]}<meta name="rsshub" content="/a/b">{deep}', "https://a.example/", HUB
    ) == [f"{HUB}/a/b"]


def test_routes_are_told_by_links_and_meta_tags():
    html = (
        '<a href="rsshub://a/b">1</a><link rel="alternate" href="RSSHUB://c/d"><a href="rsshub://a/b">2</a>'
        '<meta name="rsshub-route" content="/e/f"><meta name="rsshub" content="javascript:x"><meta name="rsshub">'
    )
    assert feeds_told_in_page(html, "https://a.example/", HUB) == [f"{HUB}/a/b", f"{HUB}/c/d", f"{HUB}/e/f"]
