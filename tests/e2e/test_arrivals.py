"""The judge itself counts right what arrived, and the Discord on loopback drops a nonce that it knows."""

from __future__ import annotations

import aiohttp

from tests.support.arrivals import Arrival, Arrivals, killed_between, struck_meanwhile
from tests.support.recorded import RecordedDiscord


def arrivals(*told: tuple[str, int, str, float]) -> Arrivals:
    made = Arrivals()
    for chat, item, run, at in told:
        made.note(chat, f"Ferry {item} sails", run)
        made.log[-1] = Arrival(chat, item, run, at)
    return made


def test_what_is_due_and_did_not_arrive_is_missing():
    assert arrivals(("a", 1, "x", 0)).missing([("a", 1), ("a", 2)]) == {("a", 2)}


def test_a_first_arrival_after_a_later_item_has_crossed_and_a_repetition_has_not():
    made = arrivals(("a", 1, "x", 0), ("a", 3, "x", 1), ("a", 2, "x", 2), ("a", 1, "x", 3), ("b", 1, "x", 4))
    assert [(one.chat, one.item) for one in made.crossed()] == [("a", 2)]


def test_a_repetition_is_due_to_the_kill_of_the_run_that_sent_it_first():
    [pair] = arrivals(("a", 1, "x", 100), ("a", 2, "y", 150), ("a", 1, "y", 200)).repeats()
    assert killed_between({"x": 101.0})(*pair) == "x"
    assert killed_between({"y": 101.0})(*pair) == ""
    assert killed_between({"x": 300.0})(*pair) == ""


def test_a_repetition_is_due_to_the_blow_that_it_was_first_sent_in():
    [pair] = arrivals(("a", 1, "x", 100), ("a", 1, "x", 200)).repeats()
    assert struck_meanwhile([(10, 20), (99, 105)])(*pair) == "blow 1"
    assert struck_meanwhile([(10, 20), (199, 205)])(*pair) == ""


async def test_discord_answers_a_nonce_that_it_knows_with_the_first_message():
    seen = Arrivals()
    async with RecordedDiscord(seen, [5, 6], limits=True) as api, aiohttp.ClientSession() as http:

        async def post(channel: int, nonce: str, *, enforce: bool = True) -> tuple[int, str]:
            body = {"content": "Ferry 1 sails", "nonce": nonce, "enforce_nonce": enforce}
            url = f"{api.base}/run-1/api/v10/channels/{channel}/messages"
            async with http.post(url, json=body, headers={"Authorization": f"Bot {api.token}"}) as answer:
                return answer.status, (await answer.json(content_type=None)).get("id", "")

        first, again, other, elsewhere = [await post(*at) for at in ((5, "n"), (5, "n"), (5, "m"), (6, "n"))]
        forgotten = await post(5, "n", enforce=False)
        assert first == again
        assert len({first, other, elsewhere, forgotten}) == 4
        assert (await post(7, "n"))[0] == 404
        await post(5, "o")
        assert (await post(5, "p"))[0] == 429
    assert {one.run for one in seen.log} == {"run-1"}
