"""Rows of when alerts come: `/settings schedule|quiet|cap`, `/mute`, and what is said of alerts that wait."""

from __future__ import annotations

from datetime import time, timedelta

from bot.model import Frequency, Hold, Quiet, Schedule
from tests.commands.row import Row
from tests.commands.situations import chose, watched
from tests.commands.situations_rhythm import (
    AFTERNOON,
    HONG_KONG,
    HOUR,
    MORNINGS,
    MUTED,
    came_together,
    held,
    scheduled,
)
from tests.commands.stage import NOW
from tests.support.driving import Role

PAGE = "When alerts come"
ZONE_ASKED = "These times are in UTC, where it is {time}. Which clock do you go by?"
NOT_READ, HOW = "I can't read {typed}.", "Type it as in {example}."
LOST = "Nothing is lost: what comes meanwhile is sent together then."
HOURLY, DAILY = Frequency.HOURLY, Frequency.DAILY
NIGHT = Quiet(time(23), time(7))
AT_HOME = chose(timezone=HONG_KONG)

SCHEDULE = (
    Row(
        name="when alerts come",
        line="/settings schedule",
        says=(PAGE, "each at once", "{name}: {value}"),
        buttons=(
            "/settings schedule instant",
            "/settings schedule hourly",
            "/settings schedule 08:00",
            "/settings schedule 08:00 18:00",
            "/settings quiet",
            "/settings cap",
            "/mute",
            "/settings",
        ),
        labels=("At once", "Every hour", "Each morning", "Morning and evening", "Other times", "All settings"),
    ),
    Row(
        name="a digest every hour",
        line="/settings schedule hourly",
        says=("Saved.", "a digest every hour"),
        then={"schedule": Schedule(frequency=HOURLY)},
        undone=True,
    ),
    Row(
        name="a digest in the morning",
        line="/settings schedule 08:00",
        given=(AT_HOME,),
        says=("Saved.", PAGE, "a digest at {times}"),
        never=(ZONE_ASKED,),
        within=("08:00",),
        then={"schedule": MORNINGS},
        undone=True,
    ),
    Row(
        name="a digest at several times of working days",
        line="/settings schedule 08:00 18:30 mon-fri",
        given=(AT_HOME,),
        says=("Saved.", "a digest at {times}"),
        within=("08:00, 18:30",),
        then={"schedule": Schedule(frequency=DAILY, times=(time(8), time(18, 30)), weekdays=(0, 1, 2, 3, 4))},
        undone=True,
    ),
    Row(
        name="a digest, typed in Chinese",
        line="/settings schedule 每小時",
        then={"schedule": Schedule(frequency=HOURLY)},
        undone=True,
    ),
    Row(
        name="a digest in a chat that said not where it is",
        line="/settings schedule 08:00",
        says=("Saved.", ZONE_ASKED),
        within=("12:00",),
        labels=("Another place", "UTC is right"),
        buttons=(f"/settings timezone {HONG_KONG}", "/settings schedule"),
        then={"schedule": MORNINGS},
        undone=True,
    ),
    Row(
        name="alerts at once again",
        line="/settings schedule instant",
        given=(scheduled(MORNINGS),),
        says=("Saved.", "each at once"),
        then={"schedule": Schedule()},
        undone=True,
    ),
    Row(
        name="a schedule that can't be read",
        line="/settings schedule sometimes",
        says=(NOT_READ, HOW, PAGE),
        within=("/settings schedule 08:00 18:30 mon-fri",),
        buttons=("/settings schedule hourly",),
    ),
    Row(
        name="the settings of a chat with a rhythm of its own",
        line="/settings show",
        given=(scheduled(Schedule(frequency=DAILY, times=(time(8),), quiet=NIGHT, cap=5, muted_until=NOW + HOUR)),),
        says=(PAGE, "a digest at {times}", "Quiet hours", "Most alerts", "{n} an hour", "Muted", "until {time}"),
        within=("23:00–07:00", "21:00"),
    ),
)

QUIET = (
    Row(
        name="quiet hours",
        line="/settings quiet",
        says=("Quiet hours", "Nothing comes in these hours; when they end, all of it is sent together."),
        buttons=("/settings quiet 23:00-07:00", "/settings quiet off", "/settings schedule"),
        labels=("Other hours", "No quiet hours", "Back"),
    ),
    Row(
        name="quiet at night",
        line="/settings quiet 23:00-07:00",
        given=(AT_HOME,),
        says=("Saved.", PAGE),
        within=("23:00–07:00",),
        then={"schedule": Schedule(quiet=NIGHT)},
        undone=True,
    ),
    Row(
        name="quiet at night in a chat that said not where it is",
        line="/settings quiet 23-7",
        says=("Saved.", ZONE_ASKED),
        then={"schedule": Schedule(quiet=NIGHT)},
        undone=True,
    ),
    Row(
        name="quiet no more",
        line="/settings quiet off",
        given=(scheduled(Schedule(quiet=NIGHT)),),
        says=("Saved.", "none"),
        then={"schedule": Schedule()},
        undone=True,
    ),
    Row(
        name="quiet hours that can't be read",
        line="/settings quiet always",
        says=(NOT_READ, HOW),
        within=("/settings quiet 23:00-07:00",),
    ),
)

CAP = (
    Row(
        name="most alerts an hour",
        line="/settings cap",
        says=("Most alerts", "any number", "What is more comes together with the next full hour."),
        buttons=("/settings cap 5", "/settings cap 20", "/settings cap off", "/settings schedule"),
        labels=("Another number", "Any number"),
    ),
    Row(
        name="ten alerts an hour",
        line="/settings cap 10",
        says=("Saved.", "{n} an hour"),
        then={"schedule": Schedule(cap=10)},
        undone=True,
    ),
    Row(
        name="any number of alerts again",
        line="/settings cap off",
        given=(scheduled(Schedule(cap=5)),),
        says=("Saved.", "any number"),
        then={"schedule": Schedule()},
        undone=True,
    ),
    Row(
        name="a cap that can't be read",
        line="/settings cap many",
        says=(NOT_READ, HOW),
        within=("/settings cap 10",),
    ),
)

MUTE = (
    Row(
        name="mute",
        line="/mute",
        given=(watched,),
        says=("Mute", "For how long?", LOST),
        buttons=("/mute 1h", "/mute 8h", "/mute 1d", "/mute 7d", "/settings schedule"),
    ),
    Row(
        name="mute for eight hours",
        line="/mute 8h",
        given=(AT_HOME,),
        says=("Muted {until}.", LOST),
        within=("04:00",),
        then={"schedule": Schedule(muted_until=NOW + 8 * HOUR)},
        undone=True,
    ),
    Row(
        name="mute for two hours, typed in Chinese",
        line="/mute 兩小時",
        says=("Muted {until}.",),
        within=("14:00 UTC",),
        then={"schedule": Schedule(muted_until=NOW + 2 * HOUR)},
        undone=True,
    ),
    Row(
        name="mute what is muted",
        line="/mute",
        given=(scheduled(MUTED),),
        says=("Muted {until}.",),
        labels=("End the mute",),
        buttons=("/mute off",),
    ),
    Row(
        name="mute longer",
        line="/mute 1d",
        given=(scheduled(MUTED),),
        then={"schedule": Schedule(muted_until=NOW + timedelta(days=1))},
        undone=True,
    ),
    Row(
        name="end a mute",
        line="/mute off",
        given=(scheduled(MUTED),),
        says=("Not muted: alerts come again.",),
        then={"schedule": Schedule()},
        undone=True,
    ),
    Row(
        name="end a mute that an alert waits for",
        line="/mute off",
        given=(held(Hold.MUTE), scheduled(MUTED)),
        says=("Not muted: alerts come again.", "{n} alert that waited comes now."),
        then={"schedule": Schedule()},
        undone=True,
    ),
    Row(name="a mute that can't be read", line="/mute a while", says=(NOT_READ, HOW), within=("/mute 8h",)),
    Row(
        name="alerts start again, and the mute ends",
        line="/resume",
        given=(scheduled(MUTED),),
        says=("Alerts come here again.",),
        then={"schedule": Schedule()},
    ),
)

WAITING = {
    Hold.DIGEST: "It comes with the next digest: {time}",
    Hold.QUIET: "It came in the quiet hours, and is sent when they end: {time}",
    Hold.MUTE: "This chat is muted; it is sent afterwards: {time}",
    Hold.ASIDE: "Its keyword or feed is muted; it is sent afterwards: {time}",
    Hold.CAP: "This chat had as many as it wants in that hour; it is sent with the rest: {time}",
}
HEADINGS = {
    Hold.DIGEST: "Your digest · {time}",
    Hold.QUIET: "While it was quiet",
    Hold.MUTE: "While it was muted",
    Hold.ASIDE: "While it was muted",
    Hold.CAP: "More alerts of the last hour",
}

SAID = (
    *(
        Row(
            name=f"why an alert waits: {by}",
            line="/why {link}",
            given=(held(by), AT_HOME),
            says=("Why no alert came yet", sentence),
            within=("21:00",),
        )
        for by, sentence in WAITING.items()
    ),
    *(
        Row(
            name=f"what came together: {by}",
            line="/latest #{delivery}",
            press=True,
            given=(came_together(by, heading),),
            within=("Trilateral talks begin", "Trilateral talks end"),
        )
        for by, heading in HEADINGS.items()
    ),
    Row(
        name="status with a digest to come",
        line="/status",
        given=(held(Hold.DIGEST), scheduled(MORNINGS)),
        says=("{n} alert waits for the next digest: {time}",),
    ),
    Row(
        name="status while muted",
        line="/status",
        given=(scheduled(MUTED),),
        says=("Muted {until}. {command} ends it.",),
        within=("21:00", "/mute off"),
    ),
    Row(
        name="status in quiet hours",
        line="/status",
        given=(scheduled(Schedule(quiet=AFTERNOON), "UTC"),),
        says=("These are quiet hours: {hours}.",),
        within=("11:00–14:00",),
        who=Role.MEMBER,
    ),
)

ROWS = (*SCHEDULE, *QUIET, *CAP, *MUTE, *SAID)
