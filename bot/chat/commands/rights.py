"""Who may change a chat: its admins, and whom its settings name."""

from __future__ import annotations

from bot.chat.catalogue import Catalogue, mark
from bot.model import ChatKind, ChatSettings, Managers, Person, Standing

LABELS = {
    Managers.ADMINS: mark("admins"),
    Managers.EVERYONE: mark("everyone who may write here"),
    Managers.ROLE: mark("admins, and who has a role"),
}


def is_admin(person: Person, kind: ChatKind) -> bool:
    """A private chat is its person's own."""
    return kind is ChatKind.PRIVATE or person.can_manage


def may_change(person: Person, kind: ChatKind, settings: ChatSettings) -> bool:
    """Whether a person who can write in a place may change it. In channels nobody writes but admins, though others
    can press buttons: there "everyone" is nobody more."""
    if is_admin(person, kind):
        return True
    match settings.managers:
        case Managers.EVERYONE:
            return kind is not ChatKind.CHANNEL
        case Managers.ROLE:
            return settings.role is not None and settings.role.id in person.roles
        case Managers.ADMINS:
            return False


def may_change_there(person: Person, standing: Standing, settings: ChatSettings) -> bool:
    """The same for a place that the person is not in at this moment."""
    return standing.is_admin or (standing.can_write and may_change(person, standing.kind, settings))


def who_may(settings: ChatSettings, t: Catalogue) -> str:
    """Who may change the chat, in words."""
    if settings.managers is Managers.ROLE and settings.role:
        return t("admins, and {role}", role=f"@{settings.role.name}")
    return t(LABELS[settings.managers])
