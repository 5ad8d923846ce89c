"""Pages that look like Telegram and like Discord, from messages as the bot sent them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from docs.shots.markdown import as_html, inline

STYLE = Path(__file__).with_name("style.css")
_LINK_BUTTON = 5
_EPHEMERAL = 64


@dataclass(frozen=True, slots=True)
class Card:
    """What a page says of itself, for the preview of its link."""

    site: str
    title: str
    text: str
    picture: str = ""  # a colour of its own stands for it


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed or pressed; `press` is a button's label."""

    text: str
    press: bool = False


@dataclass(frozen=True, slots=True)
class Screen:
    """A chat as it stands: its name, and the messages in it as HTML."""

    name: str
    messages: Sequence[str]
    about: str = ""


# --- Telegram ---------------------------------------------------------------------------------------------


def telegram_message(
    source: str,
    *,
    keyboard: Mapping[str, Any] | None = None,
    preview: Mapping[str, Any] | None = None,
    cards: Mapping[str, Card] | None = None,
    image: bytes = b"",
    who: str = "",
    time: str = "20:00",
) -> str:
    """A message of the bot: `source` is the HTML that it sent, which Telegram's parser took; `who` its name, as groups
    show it."""
    body = source.replace("<blockquote expandable>", '<blockquote class="expandable">')
    # A quotation begins and ends a line by itself.
    body = body.replace("\n<blockquote", "<blockquote").replace("</blockquote>\n", "</blockquote>")
    name = f'<b class="who">{escape(who)}</b>' if who else ""
    photo = _image(image) if image else ""
    card = _card(preview, cards or {})
    bubble = f'{name}{photo}<div class="text">{body}</div>{card}<span class="time">{time}</span>'
    return f'<div class="row"><div class="bubble">{bubble}</div>{_keyboard(keyboard)}</div>'


def telegram_typed(typed: Typed, *, time: str = "20:00") -> str:
    """A line that a person typed, or the button they pressed."""
    if typed.press:
        return f'<div class="pressed">☞ {escape(typed.text)}</div>'
    text = f'<div class="text">{escape(typed.text)}</div><span class="time">{time} ✓✓</span>'
    return f'<div class="row mine"><div class="bubble">{text}</div></div>'


def telegram_page(screens: Sequence[Screen]) -> str:
    """Telephones side by side."""
    return _page("telegram", _telephones(screens))


def _telephones(screens: Sequence[Screen]) -> str:
    return "".join(map(_telephone, screens))


def _telephone(screen: Screen) -> str:
    names = f"<b>{escape(screen.name)}</b><small>{escape(screen.about)}</small>"
    head = f'<header><span class="face">諦</span>{names}</header>'
    return f"<section>{head}<main>{''.join(screen.messages)}</main></section>"


def _keyboard(markup: Mapping[str, Any] | None) -> str:
    if markup and markup.get("force_reply"):
        hint = escape(str(markup.get("input_field_placeholder") or ""))
        return f'<div class="asked">{hint}</div>'
    rows = (markup or {}).get("inline_keyboard", [])
    return "".join(f'<div class="keys">{"".join(map(_key, row))}</div>' for row in rows)


def _key(button: Mapping[str, Any]) -> str:
    out = '<i class="out">↗</i>' if "url" in button else ""
    return f"<span>{escape(button['text'])}{out}</span>"


def _card(preview: Mapping[str, Any] | None, cards: Mapping[str, Card]) -> str:
    shown = preview or {}
    card = cards.get(str(shown.get("url", "")))
    if card is None or shown.get("is_disabled"):
        return ""
    large = bool(shown.get("prefer_large_media"))
    picture = f'<i class="picture {card.picture}"></i>' if card.picture else ""
    text = f"<b>{escape(card.site)}</b><strong>{escape(card.title)}</strong><p>{escape(card.text)}</p>"
    return f'<div class="card {"large" if large else "small"}"><div>{text}</div>{picture}</div>'


# --- Discord ----------------------------------------------------------------------------------------------


def discord_message(
    message: Mapping[str, Any], *, asked: str = "", image: bytes = b"", time: str = "20:00", who: str = "Ada"
) -> str:
    """A message of the bot as Discord has it; `asked` is the command that it answers."""
    parts = [as_html(message["content"])] if message.get("content") else []
    parts += [_embed(one) for one in message.get("embeds", ())]
    parts += [f'<div class="attached">{_image(image)}</div>'] if image else []
    parts += [_components(row) for row in message.get("components", ())]
    if int(message.get("flags") or 0) & _EPHEMERAL:
        parts.append('<div class="only">Only you can see this</div>')
    used = f'<div class="asked"><b>{escape(who)}</b> used <em>{escape(asked)}</em></div>' if asked else ""
    name = f'<div class="name"><b>Diting</b><span class="app">APP</span><small>Today at {time}</small></div>'
    return f'<article>{used}<span class="face">諦</span><div class="said">{name}{"".join(parts)}</div></article>'


def discord_page(screens: Sequence[Screen]) -> str:
    """Channels one beside the other."""
    return _page("discord", _channels(screens))


def _channels(screens: Sequence[Screen]) -> str:
    return "".join(map(_channel, screens))


def _channel(screen: Screen) -> str:
    head = f"<header><i>#</i><b>{escape(screen.name)}</b><small>{escape(screen.about)}</small></header>"
    return f"<section>{head}<main>{''.join(screen.messages)}</main></section>"


def _embed(embed: Mapping[str, Any]) -> str:
    colour = f"#{int(embed.get('color') or 0x5865F2):06x}"
    title = f"<div class=title>{inline(str(embed.get('title') or ''))}</div>" if embed.get("title") else ""
    title = f"<a>{title}</a>" if embed.get("url") else title
    text = as_html(embed["description"]) if embed.get("description") else ""
    fields = "".join(
        f"<p><b>{inline(one['name'])}</b><br>{as_html(one['value'])}</p>" for one in embed.get("fields", ())
    )
    foot = (embed.get("footer") or {}).get("text")
    footer = f"<footer>{escape(foot)}</footer>" if foot else ""
    thumb = '<i class="picture harbour"></i>' if embed.get("thumbnail") else ""
    large = '<i class="picture wide harbour"></i>' if embed.get("image") else ""
    body = f"<div>{title}{text}{fields}{large}{footer}</div>{thumb}"
    return f'<div class="embed" style="border-color:{colour}">{body}</div>'


def _components(row: Mapping[str, Any]) -> str:
    return f'<div class="keys">{"".join(map(_button, row.get("components", ())))}</div>'


def _button(button: Mapping[str, Any]) -> str:
    out = '<i class="out">↗</i>' if button.get("style") == _LINK_BUTTON else ""
    return f"<span class=s{button.get('style', 2)}>{escape(str(button.get('label') or ''))}{out}</span>"


# --- both -------------------------------------------------------------------------------------------------


def both_page(telephones: Sequence[Screen], channels: Sequence[Screen]) -> str:
    """Telephones, and channels beside them."""
    sides = (("telegram", _telephones(telephones)), ("discord", _channels(channels)))
    return _page("both", "".join(f'<div class="side {kind}">{body}</div>' for kind, body in sides))


def _image(content: bytes) -> str:
    return f'<img src="data:image/png;base64,{b64encode(content).decode()}">'


def _page(kind: str, body: str) -> str:
    style = STYLE.read_text(encoding="utf-8")
    # Who takes the picture reads the size of what there is from the title.
    size = "document.title=[document.body.scrollWidth,document.body.scrollHeight].join('x')"
    return (
        f'<!doctype html><html lang="zh-Hant"><meta charset="utf-8"><style>{style}</style>'
        f'<body class="{kind}"><div id="all">{body}</div><script>onload=()=>{{{size}}}</script></body></html>'
    )
