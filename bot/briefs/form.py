"""Whether a field of a brief is in the right form: in its language, plain, of a fit length, no chatter of a machine."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bot.briefs.markup import domains, has_link, has_markup, mentions
from bot.briefs.scripts import KANA_OR_HANGUL, MOSTLY, chinese_share, count_han, has_english, latin_words
from bot.briefs.sentences import split_sentences
from bot.model import Language

_LONGEST = {"title_zh": 90, "title_en": 220, "summary_zh": 420, "summary_en": 1_000}
_MOST_REPEATS = 3
_UNTRANSLATED = 5  # words: more than a name or a title of a work has as a rule
_HARDLY = 0.2
_REPEATED_RUN = re.compile(r"(\S)\1{7,}|(\S{2,12}?)\2{4,}|(\b\S{1,40}\s)\3{3,}")
_REFUSAL = re.compile(
    r"\bas an? (?:AI|artificial|large|language)\b"
    r"|\bI(?: cannot| can['’]t| am (?:sorry|unable to|not able to)| do not have|['’]m (?:sorry|unable to"
    r"|not able to))"
    r"[,.]? (?:but )?"
    r"(?:I |assist|help|provide|comply|fulfil|translat|summari|creat|generat|answer|process|writ|access|enough)"
    r"|\blanguage model\b|\bI apologi[sz]e\b|作[为為](?:一[个個名])?(?:AI|人工智能|人工智慧|[语語]言模型)"
    r"|(?:抱歉|對不起|对不起)[，,]\s*我|我(?:无法|無法|不能)(?:提供|完成|回答|翻[译譯]|[总總][结結]|摘要)"
    r"|^(?:sure|certainly|of course)[,!]? (?:here|I)|^here(?: is|['’]s| are) (?:the|a|your|my) "
    r"|^(?:当然|當然|好的)[，,！!]",
    re.IGNORECASE,
)
_LEAK = re.compile(
    r"title_(?:zh|en)|summary_(?:zh|en)|system prompt|\bJSON\b.{0,20}(?:schema|format|object)|ARTICLE [0-9a-f]{6}"
    r"|END OF ARTICLE|names as this desk writes|marker lines?\b|copy editor of a news desk|<\|[a-z_]{1,20}\|>"
    r"|<(?:start|end)_of_turn>|\[/?INST\]|(?:previous|prior|above|earlier) instructions"
    r"|系[统統]提示|以上指令|之前的指令",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^\s*(?:title|headline|summary|translation|标题|標題|摘要|翻译|翻譯)\s*[:：]", re.IGNORECASE)
_SIGNS = re.compile(r"[\W_]+")


def form_problems(name: str, text: str, language: Language, source: str) -> Iterator[tuple[str, str]]:
    """The kinds of fault of a field that is not empty, each with the words it stands on ("" where it is the whole)."""
    if len(text) > _LONGEST[name]:
        yield "too long", f"{len(text)} characters"
    if not _in_language(text, language):
        yield "language", ""
    if has_markup(text) or _LABEL.match(text):
        yield "markup", ""
    if has_link(text) or mentions(text):
        yield "link or mention", ""
    known = source.lower()
    yield from (("domain", domain) for domain in sorted(domains(text)) if domain not in known)
    if (refusal := _REFUSAL.search(text)) and not _REFUSAL.search(source):
        yield "refusal", refusal.group()
    if leak := _LEAK.search(text):
        yield "prompt", leak.group()
    if _repeats(text):
        yield "repetition", ""


def _in_language(text: str, language: Language) -> bool:
    """A Chinese field may have foreign names in it, but no foreign sentence; an English one hardly any Chinese."""
    if language is Language.EN:
        return bool(latin_words(text)) and count_han(text) * 10 <= len(latin_words(text))
    if KANA_OR_HANGUL.search(text) or chinese_share(text) < MOSTLY:
        return False
    return not any(_is_foreign(sentence) for sentence in split_sentences(text))


def _is_foreign(sentence: str) -> bool:
    return has_english(sentence, words=_UNTRANSLATED) and chinese_share(sentence) < _HARDLY


def _repeats(text: str) -> bool:
    sentences = [_SIGNS.sub("", sentence.lower()) for sentence in split_sentences(text)]
    if len(set(sentences)) < len(sentences) or _REPEATED_RUN.search(text):
        return True
    words = latin_words(text.lower())
    fours = Counter(zip(words, words[1:], words[2:], words[3:], strict=False))
    return any(count > _MOST_REPEATS for count in fours.values())
