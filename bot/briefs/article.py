"""The title and text of an article page."""

from __future__ import annotations

import re

import cchardet

from bot.text.html import html_to_text

MAX_PAGE = 5_000_000  # bytes; pages beyond are not articles
_HTML = re.compile(r"<(?:!doctype|html|head|body|article|div|p|br|h[1-6]|span|a)\b[^<>]*>", re.IGNORECASE)
_TITLE = re.compile(r"<title[^<>]*>([^<]*)</title>", re.IGNORECASE)
_DECLARED = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_HEAD = 4_096
_MOST_TAGS = 30_000  # trees of hostile pages take quadratic time


def article_text(page: bytes | str, url: str = "") -> tuple[str, str]:
    """The title and the text of a page; plain text comes back as it is, without a title.

    A page in which no article can be made out gives all its text.
    """
    html = _decode(page[:MAX_PAGE]) if isinstance(page, bytes) else page[:MAX_PAGE]
    if not _HTML.search(html):
        return "", html.strip()
    title, text = _extracted(html, url) if html.count("<") <= _MOST_TAGS else ("", "")
    if not title and (found := _TITLE.search(html)):
        title = html_to_text(found[1])
    return title, text or html_to_text(html)


def _decode(page: bytes) -> str:
    """The page's characters: strict UTF-8, then what it declares, then what it looks like."""
    declared = _DECLARED.search(page[:_HEAD])
    guessed = cchardet.detect(page)["encoding"]
    for encoding in ("utf-8-sig", declared[1].decode("ascii", "replace") if declared else None, guessed):
        try:
            if encoding:
                return page.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return page.decode("utf-8", "replace")


def _extracted(html: str, url: str) -> tuple[str, str]:
    from trafilatura import bare_extraction  # noqa: PLC0415 - takes half a second to import, and few commands need it

    document = bare_extraction(html, url=url or None, with_metadata=True, include_comments=False, include_tables=False)
    if document is None or isinstance(document, dict):
        return "", ""
    return document.title or "", "\n\n".join((document.text or "").splitlines())
