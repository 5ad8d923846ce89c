"""`/settings managers`: who may change a chat beside its admins. Only admins may say so."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.blocks import bold, buttons, code, entry, note, one_line, text, title
from bot.chat.commands.call import Call, Parts
from bot.chat.commands.rights import LABELS, who_may
from bot.model import ChatKind, ChatSettings, Managers, Message, Platform, Role, Span

_NAME = 60
_LINE = "/settings managers"
_WORDS = {
    **dict.fromkeys(("admins", "admin", "管理員", "管理员"), Managers.ADMINS),
    **dict.fromkeys(("everyone", "everybody", "all", "所有人", "大家"), Managers.EVERYONE),
}


async def managers(parts: Parts, call: Call) -> Message:
    """`admins`, `everyone`, or `role` with one of the server's roles."""
    t = call.t
    if call.chat.kind is ChatKind.PRIVATE:
        return Message(blocks=(text(t("This is a private chat: nobody but you changes anything here.")),))
    if not call.is_admin:
        return Message(blocks=(text(t("Only admins choose who may change things here.")),), private=True)
    typed = call.arguments.strip()
    chosen = _WORDS.get(typed.casefold())
    if chosen is Managers.EVERYONE and call.chat.kind is ChatKind.CHANNEL:
        return _asked(call, t("In a channel only admins write, so only they change things."))
    if chosen:
        return await _keep(parts, call, replace(call.chat.settings, managers=chosen, role=None))
    return await _by_role(parts, call, _role_in(typed)) if typed else _asked(call)


def _role_in(typed: str) -> str:
    first, _, rest = typed.partition(" ")
    return rest.strip() if first.casefold() == "role" else "" if typed.casefold() == "role" else typed


async def _by_role(parts: Parts, call: Call, typed: str) -> Message:
    t = call.t
    if call.chat.address.platform is not Platform.DISCORD:
        return _asked(call, t("Only servers on Discord have roles."))
    if not typed:
        return _asked(call, t("Which role?"))
    role = await parts.places.rights.role(call.chat.address, typed) if parts.places else None
    if role is None:
        return _asked(call, t.spans("There is no role {role} here.", role=code(one_line(typed, _NAME))))
    role = Role(role.id, one_line(role.name, _NAME))
    return await _keep(parts, call, replace(call.chat.settings, managers=Managers.ROLE, role=role))


async def _keep(parts: Parts, call: Call, settings: ChatSettings) -> Message:
    t, before = call.t, call.chat.settings
    await parts.chats.save_settings(call.chat.id, settings)
    said = t.spans("Who may change things here: {who}.", who=bold(who_may(settings, t)))
    if settings.managers is Managers.EVERYONE:
        hint = t("Admins alone change this setting, and what other places get.")
    else:
        hint = t("Everybody may look.")
    changed = (before.managers, before.role) != (settings.managers, settings.role)
    undo = [(t("Undo"), f"{_LINE} {_typed(before)}")] if changed else []
    return Message(blocks=(text(said), note(hint)), buttons=(buttons(*undo, (t("All settings"), "/settings")),))


def _typed(settings: ChatSettings) -> str:
    """The settings as one would type them."""
    return f"role {settings.role.id}" if settings.role else settings.managers.value


def _asked(call: Call, said: str | tuple[Span, ...] = "") -> Message:
    """What there is to choose from."""
    t, channel = call.t, call.chat.kind is ChatKind.CHANNEL
    offered = [Managers.ADMINS] if channel else [Managers.ADMINS, Managers.EVERYONE]
    lines = [entry((code(f"{_LINE} {each}"), Span(f" · {t(LABELS[each])}"))) for each in offered]
    if call.chat.address.platform is Platform.DISCORD:
        lines.append(entry((code(f"{_LINE} role"), Span(f" · {t(LABELS[Managers.ROLE])}"))))
    now = t.spans("Now: {who}.", who=bold(who_may(call.chat.settings, t)))
    return Message(
        blocks=(title(t("Who may change things")), *([text(said)] if said else []), text(now), *lines),
        buttons=(
            buttons(*((t(LABELS[each]), f"{_LINE} {each}") for each in offered)),
            buttons((t("All settings"), "/settings")),
        ),
    )
