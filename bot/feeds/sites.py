"""Where well-known sites keep the feeds of their pages, told by the address alone.

The conventions are those that the sites document or show in their pages. A site that has no feeds is read through an
RSSHub (https://docs.rsshub.app), where one is set up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlencode, urlsplit

from bot.errors import NotAFeed
from bot.feeds.page import tree_of

NEEDS_RSSHUB = "needs rsshub"
"""The reason of an error for a site that can be read through an RSSHub only, while none is set up."""

_FEED_SCHEME = re.compile(r"feed:(?://)?(?=https?://)|feed(?=://)", re.IGNORECASE)
_HANDLE = re.compile(r"@([\w.-]+)@((?:[\w-]+\.)+[^\W\d_][\w-]+)")
_ROUTE = re.compile(r"rsshub://(?:rsshub(?:\.app)?(?=/))?/?(.+)", re.IGNORECASE | re.DOTALL)
# Addresses that are feeds already.
_IS_FEED = re.compile(
    r"\.(?:rss|atom|rdf|xml|json)\Z|(?:\A|/)(?:feed|feeds|rss|atom)(?:/|\Z)|[?&](?:format|alt|feed)=(?:atom|rss|json|feed)",
    re.IGNORECASE,
)

_GITHUB = "https://github.com/{0}/{1}/releases.atom https://github.com/{0}/{1}/commits.atom"
_GITLAB = "https://gitlab.com/{0}/-/releases.atom https://gitlab.com/{0}.atom"

# host/path without `www.`, slashes at the end and query → the addresses of feeds, best first. The first rule that
# fits counts. `{rsshub}` is the RSSHub's address.
_RULES: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), tuple(feeds.split()))
    for pattern, feeds in (
        # YouTube (m. and music. are stripped, too): the handle's id stands in its page.
        (r"youtube\.com/channel/(UC[\w-]{22})(?:/.*)?", "https://www.youtube.com/feeds/videos.xml?channel_id={0}"),
        (r"youtube\.com/user/([\w.-]+)(?:/.*)?", "https://www.youtube.com/feeds/videos.xml?user={0}"),
        # Reddit
        (r"reddit\.com", "https://www.reddit.com/.rss"),
        (r"reddit\.com/r/([\w+]+)", "https://www.reddit.com/r/{0}/.rss"),
        (r"reddit\.com/r/([\w+]+)/(hot|new|rising|top|controversial|best)", "https://www.reddit.com/r/{0}/{1}/.rss"),
        (r"reddit\.com/r/(\w+)/comments/(\w+)(?:/.*)?", "https://www.reddit.com/r/{0}/comments/{1}/.rss"),
        (r"reddit\.com/u(?:ser)?/([\w-]+)/m/(\w+)(?:/.*)?", "https://www.reddit.com/user/{0}/m/{1}/.rss"),
        (r"reddit\.com/u(?:ser)?/([\w-]+)(?:/.*)?", "https://www.reddit.com/user/{0}/.rss"),
        # GitHub; without a branch, commits are those of the default one.
        (r"github\.com/([\w-]+)/([\w.-]+)/releases(?:/.*)?", "https://github.com/{0}/{1}/releases.atom"),
        (r"github\.com/([\w-]+)/([\w.-]+)/tags", "https://github.com/{0}/{1}/tags.atom"),
        (r"github\.com/([\w-]+)/([\w.-]+)/commits", "https://github.com/{0}/{1}/commits.atom"),
        (r"github\.com/([\w-]+)/([\w.-]+)/(?:commits|tree)/(.+)", "https://github.com/{0}/{1}/commits/{2}.atom"),
        (r"github\.com/([\w-]+)/([\w.-]+)/wiki(?:/.*)?", "https://github.com/{0}/{1}/wiki.atom"),
        (r"github\.com/(?!(?:orgs|topics|collections|sponsors|features)/)([\w-]+)/([\w.-]+?)(?:\.git)?", _GITHUB),
        (r"github\.com/([\w-]+)", "https://github.com/{0}.atom"),
        # GitLab
        (r"gitlab\.com/([\w./-]+)/-/(?:commits|tree)/([^?]+)", "https://gitlab.com/{0}/-/commits/{1}?format=atom"),
        (r"gitlab\.com/([\w./-]+)/-/tags(?:/.*)?", "https://gitlab.com/{0}/-/tags?format=atom"),
        (r"gitlab\.com/([\w./-]+)/-/releases(?:/.*)?", "https://gitlab.com/{0}/-/releases.atom"),
        (r"gitlab\.com/(?!explore|help|users/)([\w.][\w.-]*(?:/[\w.][\w.-]*)+)(?:/-/.*)?", _GITLAB),
        (r"gitlab\.com/([\w.-]+)", "https://gitlab.com/{0}.atom"),
        # Networks
        (r"bsky\.app/profile/([\w.:-]+)(?:/.*)?", "https://bsky.app/profile/{0}/rss"),
        (r"medium\.com/tag/([\w-]+)(?:/.*)?", "https://medium.com/feed/tag/{0}"),
        (r"medium\.com/(@?[\w.-]+)(?:/.*)?", "https://medium.com/feed/{0}"),
        (r"([\w-]+)\.medium\.com(?:/.*)?", "https://{0}.medium.com/feed"),
        (r"substack\.com/@([\w-]+)(?:/.*)?", "https://{0}.substack.com/feed"),
        (r"(?!open\.)([\w-]+)\.substack\.com(?:/.*)?", "https://{0}.substack.com/feed"),
        (r"([\w-]+)\.tumblr\.com/tagged/([^/]+)(?:/.*)?", "https://{0}.tumblr.com/tagged/{1}/rss"),
        (r"([\w-]+)\.tumblr\.com(?:/.*)?", "https://{0}.tumblr.com/rss"),
        (r"tumblr\.com/(?:blog/(?:view/)?)?([\w-]+)(?:/.*)?", "https://{0}.tumblr.com/rss"),
        (r"([\w-]+)\.wordpress\.com/((?:category|tag|author)/.+)", "https://{0}.wordpress.com/{1}/feed/"),
        (r"([\w-]+)\.wordpress\.com(?:/.*)?", "https://{0}.wordpress.com/feed/"),
        (r"([\w-]+)\.blogspot\.com(?:/.*)?", "https://{0}.blogspot.com/feeds/posts/default"),
        # Papers and questions
        (r"(?:export\.)?arxiv\.org/list/([\w.-]+)(?:/.*)?", "https://rss.arxiv.org/rss/{0}"),
        (r"stackoverflow\.com/questions/tagged/([^/]+)", "https://stackoverflow.com/feeds/tag/{0}"),
        # Sites without feeds: RSSHub's routes
        (r"(?:t|telegram)\.(?:me|dog)/(?:s/)?([A-Za-z]\w{3,31})(?:/\d+)?", "{rsshub}/telegram/channel/{0}"),
        (r"(?:x|twitter)\.com/(?!(?:home|search|explore|hashtag|i)\b)(\w{1,15})(?:/.*)?", "{rsshub}/twitter/user/{0}"),
        (r"space\.bilibili\.com/(\d+)(?:/.*)?", "{rsshub}/bilibili/user/video/{0}"),
        (r"(?:m\.)?weibo\.c(?:om|n)/(?:u/)?(\d{5,})(?:/.*)?", "{rsshub}/weibo/user/{0}"),
        (r"zhihu\.com/(?:hot|billboard)", "{rsshub}/zhihu/hot"),
        (r"zhihu\.com/people/([\w-]+)(?:/.*)?", "{rsshub}/zhihu/people/activities/{0}"),
        (r"(?:zhihu\.com/column|zhuanlan\.zhihu\.com)/(?!p/)([\w-]+)(?:/.*)?", "{rsshub}/zhihu/zhuanlan/{0}"),
        # Mastodon and its kin, on any host
        (r"[\w.-]+/@([\w.-]+)@([\w-]+\.[\w.-]+)", "https://{1}/@{0}.rss"),
        (
            r"(?!youtube\.|tiktok\.|threads\.)([\w.-]+(?::\d+)?)/@([\w.-]+)(?:/\d+|/with_replies|/media)?",
            "https://{0}/@{1}.rss",
        ),
    )
)
# A YouTube page names other channels too; these forms, the surest first, are its own.
_CHANNEL_IDS = tuple(
    re.compile(pattern)
    for pattern in (
        r"<link[^<>]{0,99}rel=\"canonical\"[^<>]{0,99}/channel/(UC[\w-]{22})",
        r"\"externalId\":\"(UC[\w-]{22})\"",
        r"<meta[^<>]{0,99}itemprop=\"(?:channelId|identifier)\"[^<>]{0,99}\"(UC[\w-]{22})\"",
        r"\"channelId\":\"(UC[\w-]{22})\"",
    )
)
_MOST_TAGGED = 3


@dataclass(frozen=True, slots=True)
class Known:
    """The feeds that an address means. `alone`: no page need be asked where they don't answer."""

    feeds: tuple[str, ...] = ()
    alone: bool = False


def web_address(text: str, rsshub: str = "") -> str:
    """What people and lists write for a feed's address as an http(s) one: `feed:` schemes, `rsshub://` routes.

    Anything else comes back stripped. Raises NotAFeed for a route while no RSSHub is set up.
    """
    address = _FEED_SCHEME.sub(lambda match: "http" if match[0].lower() == "feed" else "", text.strip())
    route = _ROUTE.fullmatch(address)
    return _through(rsshub, route[1], address) if route else address


def account_address(text: str) -> str:
    """The page of a fediverse account written as `@name@host`, or an empty string."""
    found = _HANDLE.fullmatch(text.strip())
    return f"https://{found[2]}/@{found[1]}" if found else ""


def known_feeds(url: str, rsshub: str = "") -> Known:
    """The feeds of a page by its site's convention; none where no convention is known or it is a feed already.

    `rsshub` is the address of an RSSHub. Raises NotAFeed for a site that needs one while there is none.
    """
    try:
        parts = urlsplit(url)
        host = (parts.netloc or "").lower()
    except ValueError:
        return Known()
    path = parts.path.rstrip("/")
    if not host or _IS_FEED.search(path + ("?" + parts.query if parts.query else "")):
        return Known()
    if by_query := _by_query(host, parts):
        return Known((by_query,))
    return _by_rule(url, re.sub(r"^(?:www|m|music|old|new|np|sh)\.(?=[\w-]+\.\w)", "", host) + path, parts, rsshub)


def _by_rule(url: str, place: str, parts: SplitResult, rsshub: str) -> Known:
    for pattern, feeds in _RULES:
        found = pattern.fullmatch(place)
        if found is None:
            continue
        groups = [quote(unquote(group or ""), safe="/+@:~") for group in found.groups()]
        if any(feed.startswith("{rsshub}") for feed in feeds):
            return Known(tuple(_through(rsshub, feed.format(*groups, rsshub=""), url) for feed in feeds), alone=True)
        query = f"?{parts.query}" if parts.query.startswith("t=") and place.startswith("reddit.com/") else ""
        return Known(tuple(feed.format(*groups) + query for feed in feeds))
    return Known()


def _by_query(host: str, parts: SplitResult) -> str:
    """Feeds of pages whose address says what they show in its query."""
    host, query = host.removeprefix("www.").removeprefix("m."), parse_qs(parts.query)
    if host in {"youtube.com", "music.youtube.com"} and (playlist := query.get("list", [""])[0]).startswith(
        ("PL", "UU", "OL")
    ):
        return f"https://www.youtube.com/feeds/videos.xml?{urlencode({'playlist_id': playlist})}"
    if host == "news.google.com" and parts.path.startswith(("/search", "/topics/", "/home", "/publications/")):
        path = "" if parts.path.startswith("/home") else parts.path
        return f"https://news.google.com/rss{path}" + (f"?{parts.query}" if parts.query else "")
    return ""


def feeds_told_in_page(html: str, url: str, rsshub: str = "") -> list[str]:
    """The feeds that a page tells in its site's own way: a YouTube channel's id, or an RSSHub route.

    Routes are left out while no RSSHub is set up.
    """
    host = (urlsplit(url).hostname or "").removeprefix("www.").removeprefix("m.")
    if host == "youtube.com":
        found = next((match for pattern in _CHANNEL_IDS if (match := pattern.search(html))), None)
        return [f"https://www.youtube.com/feeds/videos.xml?channel_id={found[1]}"] if found else []
    routes = _routes_in(html) if rsshub and "rsshub" in html.lower() else ()
    return [_through(rsshub, route, url) for route in dict.fromkeys(routes)][:_MOST_TAGGED]


def _routes_in(html: str) -> Iterator[str]:
    """The routes of links to `rsshub://…`, and of `<meta name="rsshub" content="/route">`."""
    tree = tree_of(html)
    for node in tree.css("a[href^='rsshub:' i], link[href^='rsshub:' i]"):
        if found := _ROUTE.fullmatch((node.attributes.get("href") or "").strip()):
            yield found[1]
    for node in tree.css("meta[name^='rsshub' i][content]"):
        content = (node.attributes.get("content") or "").strip()
        yield from _path_only([_ROUTE.sub(r"/\1", content)])


def _path_only(routes: Iterable[str]) -> Iterator[str]:
    yield from (route.lstrip("/") for route in routes if route.startswith("/") and len(route) > 1)


def _through(rsshub: str, route: str, url: str) -> str:
    if not rsshub:
        raise NotAFeed(url, NEEDS_RSSHUB)
    return f"{rsshub.rstrip('/')}/{route.lstrip('/')}"
