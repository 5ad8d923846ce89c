"""The admin pages without a browser's help: what they show, to whom, in which language, and what they refuse."""

from __future__ import annotations

import base64
import hmac
import json
import re
from hashlib import sha256
from itertools import product
from urllib.parse import quote

import pytest
from selectolax.lexbor import LexborHTMLParser

from bot.app.clock import utc_now
from bot.errors import StorageError
from bot.model import ChatId, ChatState, DeliveryFilter
from bot.web.pages.routes import ACTING
from tests.support.house import ADMIN, OWNER, TELEGRAM, VIEWER
from tests.support.ledger import Ledger

PAGES = (
    "/admin/",
    "/admin/feeds",
    "/admin/feeds?only=troubled&search=e",
    "/admin/feeds/1",
    "/admin/chats",
    "/admin/chats?platform=telegram&state=active&search=h",
    "/admin/chats/2",
    "/admin/keywords",
    "/admin/stories",
    "/admin/deliveries",
    "/admin/deliveries?only=failed&platform=discord",
    "/admin/deliveries?only=waiting",
    "/admin/models",
    "/admin/log?level=debug",
)
# What is not ours to translate: titles, addresses, keywords, entries of the log, and our sentences beside them.
_OF_OTHERS = "a, code, .log, .address, td .note, .lines, h1, option, .ranks, dd, .stories, th .note"
ENGLISH = re.compile(r"\b(?:the|and|of|in|is|not|all|none|chats|feeds|alerts|since)\b", re.IGNORECASE)


def tree(page: str) -> LexborHTMLParser:
    return LexborHTMLParser(page)


def said(page: str) -> str:
    return " ".join(tree(page).css_first("main").text(separator=" ").split())


async def form_token(house, client, path: str = "/admin/models") -> str:
    return tree(await house.look(client, path)).css_first("input[name=form_token]").attributes["value"]


async def act(house, client, path: str, **fields: str):
    """Send the form; answers the status and where it leads."""
    data = {"form_token": await form_token(house, client), "back": "/admin/feeds", **fields}
    async with client.post(path, data=data, allow_redirects=False) as answer:
        return answer.status, answer.headers.get("Location", ""), await answer.text()


# --- every page -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", [ADMIN, VIEWER])
async def test_every_page_is_whole_in_every_language(house, token):
    async with house.visitor(token) as client:
        for path, language in product(PAGES, ("en", "zh-Hant-HK", "zh-Hans")):
            client.headers["Accept-Language"] = language
            page = await house.look(client, path)
            there = tree(page)
            assert there.css_first("html").attributes["lang"].startswith(language[:2]), path
            assert there.css_first("h1").text(strip=True), path
            assert len(there.css("main form button:not(form[method=get] button)")) == 0 or token == ADMIN, path
            for secret in (ADMIN, VIEWER, TELEGRAM):
                assert secret not in page, path


async def test_what_the_pages_say_is_chinese_for_who_reads_chinese(house):
    ours = re.compile("|".join(re.escape(word) for word in ("Diting", "Telegram", "Discord")))
    async with house.visitor(ADMIN, **{"Accept-Language": "zh-TW,zh;q=0.9,en;q=0.5"}) as client:
        for path in PAGES:
            there = tree(await house.look(client, path))
            for names in there.css(_OF_OTHERS):
                names.decompose()
            text = ours.sub("", " ".join(there.body.text(separator=" ").split()))
            assert not ENGLISH.search(text), (path, ENGLISH.search(text), text)


async def test_what_feeds_and_people_wrote_never_becomes_markup(house):
    async with house.visitor(ADMIN) as client:
        seen = 0
        for path in (*PAGES, "/admin/feeds/5", "/admin/chats/4"):
            page = await house.look(client, path)
            seen += page.count("onerror=")
            there = tree(page)
            assert not there.css("img, b, script:not([src]), [onerror], [style], iframe"), path
            assert "49" not in [one.text() for one in there.css("h1, a, code")], path
        assert seen > 5  # it stands there, as text


async def test_the_first_page_tells_how_it_goes(house):
    async with house.visitor(VIEWER) as client:
        text = said(await house.look(client, "/admin/"))
    assert "All is well" in text
    assert "2 in trouble" in text
    assert "Evening Post not there any more" in text
    assert "gave up after 5 attempts: too slow" in text


async def test_a_feed_tells_its_health_and_who_takes_it(house):
    async with house.visitor(VIEWER) as client:
        text = said(await house.look(client, f"/admin/feeds/{house.rows.dead_feed}"))
        assert "failed 9 times" in text
        assert "港聞組 Harbour desk" in text
        page = await house.look(client, f"/admin/feeds/{house.rows.feed}")
        assert len(tree(page).css("rect.heat")) == 7 * 24


async def test_lists_are_searched_and_turned(house):
    async with house.visitor(VIEWER) as client:
        text = said(await house.look(client, "/admin/feeds?search=" + quote("港灣")))
        assert "港灣日報" in text
        assert "Market Hours" not in text
        assert "There is none." in said(await house.look(client, "/admin/feeds?search=%00%ff_%25"))
        assert "There is none." in said(await house.look(client, "/admin/chats?page=99999999999999999999&search=x'--"))
        assert (await house.look(client, "/admin/deliveries?before=2")).count("<tr>") == 2


async def test_many_deliveries_are_turned_over_to_the_last(house):
    there_before = len(await house.core.storage.delivery_sheets.delivery_lines(only=DeliveryFilter.ALL, limit=100))
    async with house.visitor(VIEWER) as client:
        ledger = Ledger(house.core.storage, utc_now())
        for _ in range(130):
            await ledger.delivery(house.rows.chat, None)
        path, shown = "/admin/deliveries", 0
        while path:
            there = tree(await house.look(client, path))
            shown += len(there.css("tbody tr"))
            more = there.css_first("a[rel=next]")
            path = more.attributes["href"] if more else ""
    assert shown == 130 + there_before


async def test_what_is_not_there_is_said_to_be(house):
    async with house.visitor(VIEWER) as client:
        for path in ("feeds/999", "chats/999", "nothing", "feeds/99999999999999999999", "x/y"):
            assert "Nothing here" in await house.look(client, f"/admin/{path}", 404)


async def test_when_the_database_does_not_answer_the_page_says_so(house, monkeypatch):
    async def broken(**_):
        raise StorageError("disk I/O error")

    monkeypatch.setattr(house.core.storage.feed_sheets, "feed_lines", broken)
    async with house.visitor(VIEWER) as client:
        assert "The database does not answer" in await house.look(client, "/admin/feeds", 503)


async def test_a_fault_of_ours_is_said_to_be_one_and_stands_in_the_log(house, monkeypatch):
    async def broken(**_):
        raise ZeroDivisionError("a secret of ours")

    monkeypatch.setattr(house.core.storage.story_sheets, "stories", broken)
    async with house.visitor(VIEWER) as client:
        page = await house.look(client, "/admin/stories", 500)
    assert "A fault of mine" in page
    assert "secret of ours" not in page


# --- logging in -------------------------------------------------------------------------------------------


async def test_who_is_not_logged_in_is_led_to_the_login_and_back(house):
    async with house.visitor() as client:
        async with client.get("/admin/feeds?search=a", allow_redirects=False) as answer:
            assert answer.status == 303
            login = answer.headers["Location"]
        assert login == "/admin/login?next=%2Fadmin%2Ffeeds%3Fsearch%3Da"
        wanted = tree(await house.look(client, login)).css_first("input[name=next]").attributes["value"]
        data = {"token": f"  {VIEWER}\n", "next": wanted}
        async with client.post("/admin/login", data=data, allow_redirects=False) as answer:
            assert answer.headers["Location"] == "/admin/feeds?search=a"
            cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Path=/admin/" in cookie
        assert "Secure" not in cookie  # this is plain HTTP, on the machine itself
        await house.look(client, "/admin/feeds?search=a")


async def test_behind_https_the_cookie_is_for_https_alone(house):
    data = {"token": ADMIN}
    async with (
        house.visitor(**{"X-Forwarded-Proto": "https"}) as client,
        client.post("/admin/login", data=data, allow_redirects=False) as answer,
    ):
        assert "Secure" in answer.headers["Set-Cookie"]


async def test_the_login_leads_nowhere_else(house):
    others = (
        "https://evil.example/",
        "//evil.example/admin/",
        "/\\evil.example",
        "/admin/../../x",
        "/metrics",
        "data:1",
    )
    for there in others:
        await _leads_home(house, there)


async def _leads_home(house, there: str) -> None:
    async with house.visitor() as client:
        data = {"token": ADMIN, "next": there}
        async with client.post("/admin/login", data=data, allow_redirects=False) as answer:
            assert answer.headers["Location"] == "/admin/"
        async with client.get("/admin/login?next=" + quote(there), allow_redirects=False) as answer:
            assert answer.headers["Location"] == "/admin/"


async def test_logging_out_ends_it(house):
    async with house.visitor(ADMIN) as client:
        status, where, _ = await act(house, client, "/admin/logout")
        assert (status, where) == (303, "/admin/login?done=out")
        assert "You are logged out." in await house.look(client, where)
        await house.look(client, "/admin/", 303)


async def test_who_guesses_has_to_wait(house):
    async with house.visitor() as client:
        for number in range(5):
            async with client.post("/admin/login", data={"token": f"guess {number}"}) as answer:
                assert answer.status == 403
                assert "That is not the token" in await answer.text()
        async with client.post("/admin/login", data={"token": ADMIN}) as answer:
            assert answer.status == 429
            assert int(answer.headers["Retry-After"]) > 200


async def test_an_owner_logs_in_with_telegram(house):
    fields = {"id": OWNER, "auth_date": str(int(utc_now().timestamp())), "first_name": "美"}
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    fields["hash"] = hmac.new(sha256(TELEGRAM.encode()).digest(), lines.encode(), sha256).hexdigest()
    told = {"id": int(OWNER), **{name: value for name, value in fields.items() if name != "id"}}
    word = base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")
    async with house.visitor() as client:
        assert "oauth.telegram.org/auth?bot_id=123456" in await house.look(client, "/admin/login")
        async with client.post("/admin/login", data={"telegram": word}, allow_redirects=False) as answer:
            assert answer.status == 303
        assert "Read now" in await house.look(client, "/admin/feeds")
    for wrong in ("", "x", word[:-6], base64.b64encode(b"[1]").decode(), base64.b64encode(b"[" * 3000).decode()):
        async with house.visitor() as client, client.post("/admin/login", data={"telegram": wrong}) as answer:
            assert answer.status in {403, 429}


async def test_the_language_that_is_chosen_stays(house):
    async with house.visitor(VIEWER) as client:
        data = {"to": "zh-Hant", "next": "/admin/feeds"}
        async with client.post("/admin/language", data=data, allow_redirects=False) as answer:
            assert answer.headers["Location"] == "/admin/feeds"
        assert 'lang="zh-Hant"' in await house.look(client, "/admin/feeds")
        async with client.post("/admin/language", data={"to": "xx<b>"}, allow_redirects=False):
            pass
        assert 'lang="zh-Hant"' in await house.look(client, "/admin/feeds")


# --- acting -----------------------------------------------------------------------------------------------


async def test_a_feed_is_polled_paused_and_resumed(house):
    feed = house.rows.feed
    async with house.visitor(ADMIN) as client:
        status, where, _ = await act(house, client, f"/admin/feeds/{feed}/pause", back=f"/admin/feeds/{feed}")
        assert (status, where) == (303, f"/admin/feeds/{feed}?done=paused")
        text = said(await house.look(client, where))
        assert "Paused." in text
        assert "Go on" in text
        assert "Paused" in said(await house.look(client, "/admin/feeds?only=paused"))
        await act(house, client, f"/admin/feeds/{feed}/resume")
        assert "There is none." in said(await house.look(client, "/admin/feeds?only=paused"))
        status, where, _ = await act(house, client, f"/admin/feeds/{house.rows.dead_feed}/poll", back="//evil.example")
        assert (status, where) == (303, "/admin/?done=polled")
        assert (await act(house, client, "/admin/feeds/999/poll"))[0] == 404


async def test_a_chat_is_paused_put_out_and_let_in(house):
    chat = house.rows.chat
    async with house.visitor(ADMIN) as client:
        for action, state, admitted in (
            ("pause", ChatState.PAUSED, True),
            ("resume", ChatState.ACTIVE, True),
            ("expel", None, False),
            ("admit", None, True),
        ):
            status, _, _ = await act(house, client, f"/admin/chats/{chat}/{action}")
            found = await house.core.storage.places.chat(ChatId(chat))
            assert (status, found.admitted) == (303, admitted), action
            assert state in {None, found.state}, action
        assert (await act(house, client, "/admin/chats/999/pause"))[0] == 404


async def test_what_failed_is_sent_again(house):
    async with house.visitor(ADMIN) as client:
        path = f"/admin/deliveries/{house.rows.failed}/retry"
        assert (await act(house, client, path))[1] == "/admin/feeds?done=again"
        assert (await act(house, client, path))[1] == "/admin/feeds?done=same"
        _, where, _ = await act(house, client, "/admin/deliveries/retry", back="/admin/deliveries?only=failed")
        assert where == "/admin/deliveries?only=failed&done=again-1"
        assert "1 goes out again." in said(await house.look(client, where))


async def test_an_address_is_tested_as_the_bot_would_look_at_it(house, tmp_path):
    from tests.support.feed_host import FeedHost

    async with FeedHost() as feed, house.visitor(ADMIN) as client:
        feed.add("one", "Envoys meet <again>", "For talks.")
        _, _, page = await act(house, client, "/admin/feeds/test", address=feed.url)
        assert "Envoys meet <again>" in said(page)
        assert "1 item" in said(page)
        _, _, page = await act(house, client, "/admin/feeds/test", address="http://10.0.0.1/feed")
        assert tree(page).css_first("[role=alert]").text(strip=True)
        _, _, page = await act(house, client, "/admin/feeds/test", address="<b>no such name\x00")
        assert tree(page).css_first("[role=alert]").text(strip=True)


async def test_a_viewer_changes_nothing(house):
    async with house.visitor(VIEWER) as client:
        for path in ACTING:
            one = re.sub(r"\{\w+:int\}", "1", path)
            status, _, page = await act(house, client, one, address="https://a.example/")
            assert status == 403, path
            assert "You may only look" in page


async def test_a_form_of_another_site_does_nothing(house):
    async with house.visitor(ADMIN) as client, house.visitor(ADMIN) as other:
        ours, theirs = await form_token(house, client), await form_token(house, other)
        for headers, token in (
            ({}, "no"),
            ({}, ""),
            ({}, theirs),
            ({"Origin": "https://evil.example"}, ours),
            ({"Sec-Fetch-Site": "cross-site"}, ours),
        ):
            data, path = {"form_token": token}, f"/admin/chats/{house.rows.chat}/expel"
            async with client.post(path, data=data, headers=headers) as answer:
                assert answer.status == 403, (headers, token)
    assert (await house.core.storage.places.chat(ChatId(house.rows.chat))).admitted


async def test_a_form_without_end_is_not_read_to_it(house):
    async with house.visitor(ADMIN) as client:
        async with client.post("/admin/feeds/1/poll", data=b"a=" + b"x" * 300_000) as answer:
            assert answer.status == 403
        async with client.post("/admin/feeds/1/poll", data=b"\xff\xfe" * 10) as answer:
            assert answer.status == 403


async def test_no_page_may_be_framed_kept_or_run_scripts_of_others(house):
    async with house.visitor(ADMIN) as client, client.get("/admin/") as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
