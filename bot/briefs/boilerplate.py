"""Knows the lines of an article that are no part of the news: bylines, credits, notices, invitations."""

from __future__ import annotations

import re

# Each is the whole of a line, without regard to case.
_ENGLISH = (
    r"(?:by|reporting by|written by|edited by|editing by|compiled by)\s+(?-i:[A-Z])[^.!?]{1,80}",
    r"(?:read|see|find out|learn) more\b.{0,120}",
    r"(?:continue reading|read also|click here|tap here|click to|tap to)\b.{0,160}",
    r"(?:also|related|recommended|more from|you may also like|most read|trending)\b[^.]{0,20}:.{0,160}",
    r"(?:sign up|subscribe|follow us|join us|share this|download our app)\b.{0,200}",
    r"(?:this (?:site|website) uses|we (?:and our partners )?use) cookies\b.{0,400}",
    r"(?:by continuing to|by using this)\b.{0,200}(?:cookies|terms|privacy).{0,200}",
    r"(?:accept|reject) (?:all )?cookies.?",
    (
        r"(?:photo(?:graph)?|image|picture|file photo|video|credit|illustration|source)s?\s?(?:credit|by|courtesy of)?"
        r"\s?[:：/].{0,160}"
    ),
    r".{0,120}(?:/|\()(?:getty images|afp|ap|epa|reuters|ap photo|xinhua)\)?",
    r"(?:advertisement|sponsored(?: content)?|loading\.*|share|print|email|comments?|updated?|published)",
    r"(?:all rights reserved|copyright|©).{0,200}",
    r".{0,80}all rights reserved\.?",
    r"the post .{1,300} (?:appeared first|first appeared) on .{1,120}",
    r"submitted by /u/.{1,200}",
    r"(?:published|updated|posted|last modified)(?: on| at)?[:\s]\s*.{0,60}\d.{0,30}",
    r"\d{1,2} [A-Z][a-z]{2,8} \d{4},? \d{1,2}:\d{2}\s?(?:[AP]M)?(?: \((?:Updated|Published)\b.{0,40}\))?",
    r"(?:set|add|make|choose) .{1,60} (?:as|to) (?:a|an|your) (?:trusted|preferred) (?:news )?sources?\b.{0,120}",
    r"read a summary of this (?:article|story)\b.{0,60}",
    r"(?:get (?:the .{1,40} app|our (?:pick|best|top)|bite-sized news|whatsapp alerts))\b.{0,200}",
    r"(?:bookmark|whatsapp|telegram|facebook|twitter|linkedin|copy link|listen|save|newsletters?|related topics)",
    r"(?:also worth reading|recommended read|expand to read the full story|content is loading)\b.{0,40}",
    # Captions: they begin or end with who took the picture.
    r"(?:file photo|photo illustration|mandatory credit)\b.{0,500}",
    r".{0,500}\((?:file )?(?:photo|image|picture|video)s?\s?[:：/].{0,80}\)\.?",
    r".{0,500}\b(?-i:REUTERS|via Reuters|via REUTERS|AFP|AP)/[^.]{1,80}\.?(?:/+file photo)?",
    r".{0,500}(?:mandatory credit|photo credit|photo courtesy)\b.{0,100}",
    r"\(?source: [^.]{1,60}\)?",
)
_CREDITS = (
    "記者|记者|撰文|作者|編輯|编辑|責任編輯|责任编辑|責編|责编|校對|校对|編譯|编译|審校|审校|攝影|摄影|圖片來源|图片来源|圖源|图源"
    "|圖|图|來源|来源|資料圖|资料图|資料圖片|资料图片"
)
_INVITATIONS = (
    "點擊|点击|查看|繼續閱讀|继续阅读|了解更多|延伸閱讀|延伸阅读|相關閱讀|相关阅读|相關新聞|相关新闻|推薦閱讀|推荐阅读"
    "|更多內容|更多内容"
)
_CHANNELS = "公眾號|公众号|頻道|频道|客戶端|客户端|應用|应用|app|二維碼|二维码"
_CHINESE = (
    rf"[（(]?(?:{_CREDITS})[）)]?\s*[:：/／].{{0,60}}",
    r"(?:閱讀|阅读)(?:更多|全文|原文).{0,60}",
    rf"(?:{_INVITATIONS})[^。]{{0,120}}",
    r".{0,40}(?:版權所有|版权所有|未經授權|未经授权|不得轉載|不得转载|轉載請註明|转载请注明).{0,80}",
    r".{0,40}(?:使用|接受|同意).{0,12}cookies?.{0,120}",
    r"(?:廣告|广告|分享|評論|评论|收藏|打印|列印)",
    rf"(?:關注|关注|訂閱|订阅|掃碼|扫码|下載|下载).{{0,20}}(?:{_CHANNELS}).{{0,60}}",
)
_LINE = re.compile(rf"(?:{'|'.join((*_ENGLISH, *_CHINESE))})", re.IGNORECASE)
_LONGEST = 700  # characters; no notice is longer

_MORE = "read more|continue reading|閱讀全文|阅读全文|查看全文|閱讀更多|阅读更多|繼續閱讀|继续阅读"
_TAIL = re.compile(
    rf"\s*(?:\[(?:…|\.\.\.)\]|(?:…|\.\.\.)?\s?\(?\s?(?:{_MORE})\s?(?:»|›|>{{1,3}}|→|…|\.\.\.)?\s?\)?)\s*$",
    re.IGNORECASE,
)
_CUT = ("[", "…", "...")
_ENDED = ".!?…。！？\"'”’」』)）"
_AGENCIES = "Reuters|AP|AFP|Bloomberg|Xinhua|CNN|UPI|dpa|Kyodo|TASS|PTI|ANI"
_BRACKET = "（(〔【［\\["
_HEAD = re.compile(
    rf"(?:[A-Z][A-Z.' -]{{1,40}}(?:[,/] ?[A-Za-z0-9 .]{{2,40}})? \((?:{_AGENCIES})\) ?[-–—]{{1,2}} ?"
    rf"|[{_BRACKET}](?:[^）)〕】］\]。]{{0,40}}(?:記者|记者)[^）)〕】］\]。]{{1,40}}|[^）)〕】］\]。]{{2,20}}(?:專訊|专讯|[電电訊讯]))[）)〕】］\]]"
    r"\s?)(?=.)"
)


def is_boilerplate(line: str) -> bool:
    """Whether a line is a byline, a photo credit, a cookie notice, a "read more" and the like."""
    return len(line) <= _LONGEST and bool(_LINE.fullmatch(line.strip()))


def without_tail(line: str) -> str:
    """The line without a "[…]" or "read more" at its end; a sentence that they broke off ends in an ellipsis."""
    tail = _TAIL.search(line)
    if tail is None:
        return line
    kept = line[: tail.start()]
    broken = kept and kept[-1] not in _ENDED and tail[0].lstrip().startswith(_CUT)
    return f"{kept}…" if broken else kept


def without_head(line: str) -> str:
    """The line without the agency or reporter that it begins with."""
    return _HEAD.sub("", line)
