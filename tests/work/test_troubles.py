"""What is wrong is kept in mind for as long as it lasts, and told to the owners once an hour at most."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import (
    AnotherPoller,
    ChatBlocked,
    MessageRefused,
    PlatformDown,
    RateLimited,
    StorageError,
    StorageFull,
    TokenRefused,
)
from bot.model import Platform, TroubleKind
from bot.work.troubles import AGAIN_AFTER, DOWN_FOR, FRESH, TOLD_FOR, Troubles

TELEGRAM = Platform.TELEGRAM
MINUTE = timedelta(minutes=1)


@pytest.fixture
def troubles(watch):
    return Troubles(watch)


def untold(troubles: Troubles) -> list[TroubleKind]:
    return [trouble.kind for trouble in troubles.untold()]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (TokenRefused("unauthorized"), TroubleKind.TOKEN_REFUSED),
        (AnotherPoller("conflict"), TroubleKind.SECOND_POLLER),
        (MessageRefused("message is too long"), TroubleKind.DELIVERY_FAULT),
        (ZeroDivisionError("what someone wrote"), TroubleKind.DELIVERY_FAULT),
    ],
)
def test_what_an_admin_can_mend_is_told_at_once_and_without_what_people_wrote(troubles, error, kind):
    troubles.ill(error, TELEGRAM)
    (trouble,) = troubles.untold()
    assert (trouble.kind, trouble.platform) == (kind, TELEGRAM)
    assert "someone" not in trouble.reason


def test_a_full_disk_is_a_trouble_of_the_database(troubles):
    troubles.ill(StorageFull("database or disk is full"))
    assert [one.kind for one in troubles.now()] == [TroubleKind.DISK_FULL]
    assert troubles.now(TELEGRAM) == []


@pytest.mark.parametrize("error", [ChatBlocked("kicked"), RateLimited(MINUTE), StorageError("locked")])
def test_what_passes_or_concerns_one_chat_is_none(troubles, error):
    troubles.ill(error, TELEGRAM)
    assert untold(troubles) == []


def test_a_platform_is_down_when_it_was_for_ten_minutes_on_end(troubles, watch):
    for _ in range(int(DOWN_FOR / MINUTE)):
        troubles.ill(PlatformDown("ConnectError"), TELEGRAM)
        assert untold(troubles) == []
        watch.forward(minutes=1)
    assert untold(troubles) == [TroubleKind.PLATFORM_DOWN]
    assert troubles.is_dead(TELEGRAM)
    troubles.well(TELEGRAM)
    assert untold(troubles) == []
    assert not troubles.is_dead(TELEGRAM)


def test_two_short_outages_are_no_long_one(troubles, watch):
    troubles.ill(PlatformDown("ConnectError"), TELEGRAM)
    watch.forward(seconds=DOWN_FOR.total_seconds())
    troubles.ill(PlatformDown("ConnectError"), TELEGRAM)
    assert untold(troubles) == []


def test_a_refused_token_stays_one_until_the_platform_answers(troubles, watch):
    troubles.ill(TokenRefused("unauthorized"), TELEGRAM)
    watch.forward(days=3)
    assert troubles.is_refused(TELEGRAM)
    assert [one.kind for one in troubles.now(TELEGRAM)] == [TroubleKind.TOKEN_REFUSED]
    troubles.well(TELEGRAM)
    assert troubles.now(TELEGRAM) == []


def test_a_second_poller_is_forgotten_when_it_shows_no_more_and_not_by_an_answer_between_its_own(troubles, watch):
    troubles.ill(AnotherPoller("conflict"), TELEGRAM)
    troubles.well(TELEGRAM)
    assert len(troubles.now(TELEGRAM)) == 1
    watch.forward(seconds=FRESH.total_seconds())
    assert troubles.now(TELEGRAM) == []


def test_the_same_trouble_is_told_once_an_hour(troubles, watch):
    told = 0
    for _ in range(150):
        troubles.ill(AnotherPoller("conflict"), TELEGRAM)
        for trouble in troubles.untold():
            troubles.told(trouble, reached=True)
            told += 1
        watch.forward(minutes=1)
    assert told == 3


def test_where_nobody_was_reached_it_is_told_again_soon(troubles, watch):
    troubles.ill(TokenRefused("unauthorized"), TELEGRAM)
    (trouble,) = troubles.untold()
    troubles.told(trouble, reached=False)
    assert untold(troubles) == []
    watch.forward(seconds=AGAIN_AFTER.total_seconds())
    assert untold(troubles) == [TroubleKind.TOKEN_REFUSED]


def test_an_outage_is_timed_anew_when_the_clock_was_set_back(troubles, watch):
    troubles.ill(PlatformDown("ConnectError"), TELEGRAM)
    watch.now -= timedelta(days=1)
    assert troubles.now(TELEGRAM) == []
    for _ in range(int(DOWN_FOR / MINUTE) + 1):
        troubles.ill(PlatformDown("ConnectError"), TELEGRAM)
        watch.forward(minutes=1)
    assert untold(troubles) == [TroubleKind.PLATFORM_DOWN]


def test_a_clock_that_is_set_back_keeps_nothing_quiet_for_longer(troubles, watch):
    troubles.ill(TokenRefused("unauthorized"), TELEGRAM)
    (trouble,) = troubles.untold()
    troubles.told(trouble, reached=True)
    watch.now -= 10 * TOLD_FOR
    assert untold(troubles) == [TroubleKind.TOKEN_REFUSED]
