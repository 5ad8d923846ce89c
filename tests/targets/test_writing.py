"""Messages as places take them that only receive: within limits, and with nothing in them that a feed had made work."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.chat.blocks import entry, note, text, title
from bot.chat.content import content_message
from bot.chat.targets.inert import JOINER, PARTED, inert, written_link
from bot.chat.targets.writing import NOTHING, Form, Takes, words
from bot.model import ChatSettings, Message, Platform, Span
from tests.support import hostile
from tests.support.fakes import NOW
from tests.support.news import alert, chat, crowded

TAKES = st.builds(
    Takes,
    form=st.sampled_from(Form),
    title=st.sampled_from([0, 20, 60, 250]),
    body=st.sampled_from([67, 160, 280, 1000, 2000, 4096, 32_768]),
    in_bytes=st.booleans(),
    together=st.booleans(),
)
LINK = re.compile(r"https?://[^\s<>\"]+")
TAG = re.compile(r"</?(?:b|a|br)(?: href=\"https?://[^\"<>]*\")?/?>")
HTML = Takes(form=Form.HTML)
OUR_LINK = re.compile(r"\[[^\[\]]*\]\((https?://[^\s()\[\]]+)\)")
# Signs that are markup, or begin a mention, in any service that we know of.
MARKUP = re.compile(r"[*_~`|\[\]<>\\]|@(?!\u200b)|&#?\w+;|[\ud800-\udfff]|[\u202a-\u202e\u2066-\u2069]")


def bare(body: str, form: Form) -> str:
    """What is left of a body without our own links and markup: the feed's words, and ours."""
    if form is Form.HTML:
        assert "<" not in TAG.sub("", body)
        body = re.sub(r"&(?:amp|lt|gt|quot|#x27);", "+", TAG.sub("", body))
    if form is Form.MARKDOWN:
        body = re.sub(r"(?m)^\*\*(.*)\*\*(?=  $|$)", r"\1", OUR_LINK.sub("", body))
    return LINK.sub("", body)


@settings(max_examples=300)
@given(content=hostile.CONTENTS, to=hostile.chats(Platform.TARGET), takes=TAKES)
def test_any_message_keeps_the_limits_and_nothing_of_a_feeds_making_works(content, to, takes):
    message = content_message(content, to, now=NOW)
    said = words(message, takes)
    assert said.body.strip()
    together = takes.measure(said.title) if takes.together and said.title else 0
    assert takes.measure(said.title) <= takes.title
    assert takes.measure(said.body) + together <= max(takes.body, together + 3)
    assert not MARKUP.search(said.title)
    assert not LINK.search(said.title)
    assert not MARKUP.search(bare(said.body, takes.form))
    # Whatever a service makes a link of by itself is a link of ours.
    links = {written_link(span.url) for block in message.blocks for span in block.spans if span.url}
    for found in LINK.findall(said.body if takes.form is not Form.HTML else said.body.replace("&amp;", "&")):
        assert any(found.rstrip(")") == link or found == link for link in links), found


@given(said=hostile.WORDS)
@example('<!channel> <@U123> <users/all> <at user_id="all">')
@example("@everyone @here @channel @all @room @所有人 @13800138000")
@example("# head\n- list\n> quote\n=====\n/quit")
@example("**b** _i_ ~~s~~ `c` ||s|| [x](https://evil.example) ![x](y)")
@example("&lt;!channel&gt; &#60;b&#62;")
@example("see evil.com, www.evil.com, 1.2.3.4 or https://evil.example")
def test_inert_texts_hold_no_markup_mention_or_link(said):
    clean = inert(said)
    assert not MARKUP.search(clean)
    assert "://" not in clean
    assert not re.search(r"(?m)^\s*[#+\-=/!]", clean)
    assert not re.search(r"[a-z]\.(?:com|tk|example)\b", clean)


def test_what_is_no_markup_stays_as_it_is():
    for said in ("Rates rise 3.5% to 4.25%", "三方會談（第二輪）", "AT&T, Q3 (2026): “up”", "at 12:30:45, a/b - c"):
        assert inert(said) == said


def test_inert_texts_are_the_same_made_inert_again():
    once = inert("<!here> a@b.example *x*")
    assert inert(once).replace(PARTED, "").replace(JOINER, "") == once.replace(PARTED, "").replace(JOINER, "")


def test_an_alert_has_its_title_its_words_and_its_link_once():
    said = words(content_message(alert(), chat(), now=NOW), Takes())
    assert said.title == "三方會談在阿布扎比舉行"
    assert said.body.startswith("Trilateral talks held in Abu Dhabi")
    assert said.body.count("https://globe.example/news/1") == 1
    assert "Daily Globe" in said.body


def test_where_there_is_no_title_it_stands_first_in_the_body():
    message = content_message(alert(), chat(), now=NOW)
    for form, first in (
        (Form.TEXT, "三方會談在阿布扎比舉行"),
        (Form.HTML, "三方會談在阿布扎比舉行"),
        (Form.MARKDOWN, "三方會談在阿布扎比舉行"),
    ):
        said = words(message, Takes(form=form, title=0))
        assert said.title == ""
        assert first in said.body.splitlines()[0]


def test_a_short_message_has_the_title_and_the_link():
    said = words(content_message(alert(), chat(), now=NOW), Takes(title=0, body=160))
    assert said.body.startswith("三方會談在阿布扎比舉行")
    assert said.body.endswith("https://globe.example/news/1")


def test_a_link_that_would_leave_no_room_is_left_out():
    linked = Message(blocks=(title((Span("News", url="https://a.example/" + "a" * 200),)),))
    assert words(linked, Takes(title=0, body=160)).body == "News"


def test_the_longest_alert_is_cut_between_words_and_keeps_its_link():
    said = words(content_message(crowded(), chat(ChatSettings()), now=NOW), Takes(body=2000, in_bytes=True))
    assert len(said.body.encode()) <= 2000
    assert "…" in said.body
    for line in said.body.splitlines():
        if line.endswith("…") and "They met" in line:
            assert line.removesuffix("…").split()[-1] in {"They", "met", "［there］", "＊again＊."}


def test_lists_have_their_links_beside_the_names():
    listed = Message(
        blocks=(title("Two"), entry((Span("One", url="https://a.example/1"), Span(" · Wire"))), note("small"))
    )
    assert words(listed, Takes()).body == "• One https://a.example/1 · Wire\n\nsmall"
    markdown = words(listed, Takes(form=Form.MARKDOWN)).body
    assert markdown == "• [One](https://a.example/1) · Wire\n\nsmall"
    assert '• <a href="https://a.example/1">One</a> · Wire<br/>' in words(listed, Takes(form=Form.HTML)).body


def test_html_is_well_formed_whatever_stands_in_it():
    said = words(Message(blocks=(text('AT&T "up" <b>'), entry((Span("x", url="https://a.example/?a=1&b=2"),)))), HTML)
    assert said.body.startswith("AT&amp;T &quot;up&quot; ＜b＞")
    assert '<a href="https://a.example/?a=1&amp;b=2">x</a>' in said.body


def test_a_message_of_nothing_still_says_something():
    assert words(Message(blocks=()), Takes()).body == NOTHING
    assert words(Message(blocks=(title("Only a title"),)), Takes()).body == "Only a title"
    assert words(Message(blocks=(text("  "),)), Takes()).body == NOTHING


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("https://a.example/@user/(x)_*y*[z]", "https://a.example/%40user/%28x%29_%2Ay%2A%5Bz%5D"),
        ("https://a.example/?a=1&b=2#c", "https://a.example/?a=1&b=2#c"),
        ("javascript:alert(1)", ""),
        ("https://u:p@evil.example/", ""),
    ],
)
def test_links_hold_no_markup(url, written):
    assert written_link(url) == written
