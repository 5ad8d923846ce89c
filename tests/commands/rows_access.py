"""Rows of who may what: `/settings managers`, and a bot that is not open to strangers."""

from __future__ import annotations

from bot.chat.commands import Access
from bot.model import Managers, Platform
from tests.commands.row import Row
from tests.commands.situations import keyword
from tests.commands.situations_places import Named, expelled, guessed, in_alone, let, let_in, listed
from tests.commands.stage import CODE
from tests.support.driving import Role

CHATS = (Platform.TELEGRAM, Platform.DISCORD)
TELEGRAM, DISCORD = (Platform.TELEGRAM,), (Platform.DISCORD,)
WHO = "Who may change things here: {who}."
ROLES = "Only servers on Discord have roles."
TO_EVERYONE = let(Managers.EVERYONE)
TO_A_ROLE = let(Managers.ROLE)
CHOICES = ("/settings managers admins", "/settings managers everyone", "/settings")

MANAGERS = (
    Row(
        name="managers of a private chat",
        line="/settings managers admins",
        says=("This is a private chat: nobody but you changes anything here.",),
    ),
    Row(
        name="managers, without saying who",
        line="/settings managers",
        press=True,
        who=Role.ADMIN,
        says=("Who may change things", "Now: {who}.", "admins", "everyone who may write here"),
        buttons=CHOICES,
    ),
    Row(
        name="managers: everyone",
        line="/settings managers everyone",
        who=Role.ADMIN,
        says=(WHO, "everyone who may write here", "Admins alone change this setting, and what other places get."),
        buttons=("/settings managers admins", "/settings"),
        then={"managers": Managers.EVERYONE},
    ),
    Row(
        name="managers: admins again",
        line="/settings managers admins",
        who=Role.ADMIN,
        given=(TO_EVERYONE,),
        says=(WHO, "Everybody may look."),
        buttons=("/settings managers everyone",),
        then={"managers": Managers.ADMINS},
    ),
    Row(
        name="managers: what they are already",
        line="/settings managers admins",
        who=Role.ADMIN,
        says=(WHO, "Everybody may look."),
        without=("/settings managers admins",),
    ),
    Row(
        name="managers: a role",
        line="/settings managers role {role}",
        who=Role.ADMIN,
        on=DISCORD,
        says=(WHO, "admins, and {role}"),
        within=("@Desk",),
        buttons=("/settings managers admins",),
        then={"managers": Managers.ROLE, "role": Named("Desk")},
    ),
    Row(
        name="managers: from a role to admins",
        line="/settings managers admins",
        who=Role.ADMIN,
        on=DISCORD,
        given=(TO_A_ROLE,),
        says=(WHO,),
        buttons=("/settings managers role {role}",),
        then={"managers": Managers.ADMINS, "role": None},
    ),
    Row(
        name="managers: a role, by its name",
        line="/settings managers Desk",
        press=True,
        who=Role.ADMIN,
        on=DISCORD,
        says=(WHO,),
        within=("@Desk",),
        then={"managers": Managers.ROLE, "role": Named("Desk")},
    ),
    Row(
        name="managers: a role, without saying which",
        line="/settings managers role",
        press=True,
        who=Role.ADMIN,
        on=DISCORD,
        says=("Which role?", "admins, and who has a role"),
        buttons=CHOICES,
    ),
    Row(
        name="managers: a role there is none of",
        line="/settings managers role Nobodies",
        press=True,
        who=Role.ADMIN,
        on=DISCORD,
        says=("There is no role {role} here.",),
        within=("Nobodies",),
        buttons=CHOICES,
    ),
    Row(
        name="managers: a role, where there are none",
        line="/settings managers role Desk",
        who=Role.ADMIN,
        on=TELEGRAM,
        says=(ROLES,),
        buttons=CHOICES,
    ),
    Row(
        name="managers: everyone, in a channel",
        line="/settings managers everyone",
        who=Role.POSTER,
        alone=True,  # a channel's posts are in the language of the channel
        says=("In a channel only admins write, so only they change things.",),
        buttons=("/settings managers admins",),
    ),
    Row(
        name="managers are not for everyone to choose, whom everyone includes",
        line="/settings managers admins",
        who=Role.MEMBER,
        given=(TO_EVERYONE,),
        says=("Only admins choose who may change things here.",),
        private=True,
    ),
    Row(
        name="managers are not for those with the role to choose",
        line="/settings managers everyone",
        who=Role.HOLDER,
        given=(TO_A_ROLE,),
        says=("Only admins choose who may change things here.",),
        private=True,
    ),
    Row(
        name="who may not is told who may",
        line="/keyword add talks",
        who=Role.MEMBER,
        given=(TO_A_ROLE,),
        on=DISCORD,
        says=("Only {who} may use {command} here.", "admins, and {role}"),
        within=("@Desk", "/keyword add"),
        private=True,
    ),
    Row(
        name="everyone who presses a button in a channel is not everyone",
        line="/keyword remove {keyword}",
        press=True,
        who=Role.READER,
        given=(keyword, TO_EVERYONE),
        says=("Only admins of this chat may use {command}.",),
        private=True,
    ),
)

PRIVATE = "This bot is private, and does not know this chat."
ASK = "Or ask whoever runs it to let you in, with this number: {number}"
WITH_CODE = "With an invite code, send {example}."
STRANGERS = (
    *(
        Row(
            name=f"a stranger to a private bot: {line}",
            line=line,
            access=Access.INVITE,
            on=CHATS,
            says=(PRIVATE, WITH_CODE, "/start CODE", ASK),
            within=("{place.platform}:{place.chat}",),
        )
        for line in ("/start", "/help", "/feeds", "/keyword add talks", "/settings show")
    ),
    Row(
        name="a stranger who types no command",
        line="hello",
        access=Access.INVITE,
        on=TELEGRAM,
        says=(PRIVATE, WITH_CODE),
    ),
    Row(
        name="a stranger to a bot with a list",
        line="/start",
        access=Access.LIST,
        on=CHATS,
        says=(PRIVATE, ASK),
        never=(WITH_CODE,),
    ),
    Row(
        name="a group of strangers",
        line="/feeds",
        who=Role.MEMBER,
        access=Access.INVITE,
        on=CHATS,
        says=(PRIVATE,),
        private=True,
    ),
    Row(
        name="the code lets in",
        line=f"/start {CODE}",
        press=True,
        access=Access.INVITE,
        on=CHATS,
        never=(PRIVATE,),
        then={"admitted": True},
    ),
    Row(
        name="the code once more just starts",
        line=f"/start {CODE}",
        press=True,
        access=Access.INVITE,
        given=(let_in,),
        on=CHATS,
        never=(PRIVATE,),
    ),
    Row(
        name="a wrong code",
        line="/start guess",
        press=True,
        access=Access.INVITE,
        on=CHATS,
        says=("That is not the code.", "Ask whoever gave it to you for the right one."),
    ),
    Row(
        name="the right code after too many wrong ones",
        line=f"/start {CODE}",
        press=True,
        access=Access.INVITE,
        given=(guessed,),
        on=CHATS,
        says=("Too many wrong codes. Try again in an hour.",),
    ),
    Row(
        name="an admin lets a group in by the code",
        line=f"/start {CODE}",
        press=True,
        who=Role.ADMIN,
        access=Access.INVITE,
        on=CHATS,
        never=(PRIVATE,),
        then={"admitted": True},
    ),
    Row(
        name="a member lets no group in",
        line=f"/start {CODE}",
        press=True,
        who=Role.MEMBER,
        access=Access.INVITE,
        on=CHATS,
        says=("Only admins of this chat can invite me here.",),
        private=True,
    ),
    Row(
        name="who is on the list comes in",
        line="/feeds",
        access=Access.LIST,
        given=(listed,),
        on=CHATS,
        never=(PRIVATE,),
        then={"admitted": True},
    ),
    Row(
        name="who is on the list brings their group in",
        line="/feeds",
        who=Role.ADMIN,
        access=Access.LIST,
        given=(listed,),
        on=CHATS,
        never=(PRIVATE,),
        then={"admitted": True},
    ),
    Row(
        name="who is on the list brings no group in where they are no admin",
        line="/feeds",
        who=Role.MEMBER,
        access=Access.LIST,
        given=(listed,),
        on=CHATS,
        says=(PRIVATE,),
    ),
    Row(
        name="who is in brings their group in",
        line="/feeds",
        who=Role.ADMIN,
        access=Access.INVITE,
        given=(in_alone,),
        on=TELEGRAM,
        never=(PRIVATE,),
        then={"admitted": True},
    ),
    Row(
        name="who was shut out comes in by no code",
        line=f"/start {CODE}",
        press=True,
        access=Access.INVITE,
        given=(expelled,),
        on=CHATS,
        says=(PRIVATE, ASK),
        never=(WITH_CODE,),
    ),
    Row(
        name="who runs a private bot is in",
        line="/feeds",
        who=Role.OWNER,
        access=Access.LIST,
        never=(PRIVATE,),
        then={"admitted": True},
    ),
)

ROWS = (*MANAGERS, *STRANGERS)
