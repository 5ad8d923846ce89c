"""Whether the lead of a brief affirms what its source affirms, denies what it denies, and is no surer than it is.

Neither language says its negations word by word in the other: "failed to" is 未能, 不少 is "many", 拒絕 is "would not".
So an explicit negation or hedge in one lead is only missed in the other when that has nothing of the kind at all: no
explicit sign, and no word that may well carry the same sense.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.briefs.sentences import split_sentences

_WHETHER = re.compile(r"([是能有会會要可想愿願该該])[不没沒]\1")


class _Sign(NamedTuple):
    """`plain` says it, as signs that leave no doubt; `near` may carry the same sense."""

    plain: re.Pattern[str]
    near: re.Pattern[str]

    def said(self, text: str) -> str:
        """The first plain sign, or nothing. What only asks whether (是不是, 有沒有) is none."""
        found = self.plain.search(_WHETHER.sub(" ", text))
        return found.group() if found else ""

    def hinted(self, text: str) -> bool:
        return bool(self.near.search(text) or self.plain.search(text))


def _any_of(words: str, stems: str, signs: str) -> re.Pattern[str]:
    """Any of the English words, any word on one of the stems, or any of the Chinese signs (a regular expression)."""
    either = "|".join((*words.split(), *(rf"{stem}\w*" for stem in stems.split())))
    return re.compile(rf"\b(?:{either})\b|{signs}", re.IGNORECASE)


_AUXILIARY = r"(?:is|are|was|were|be|been|has|have|had|do|does|did|will|would|can|could|should|must|may|might|shall)"
_BETWEEN = r"(?:\s(?:also|yet|still|now|he|she|it|they|we))?"
# 不, 没 and 未 stand in many words that deny nothing (不少, 不斷, 未來, 必不可少); with these beside them they do deny.
_ZH_NOT = (
    r"(?:[并並也将將绝絕仍]|(?<![解判表否裁])[决決])(?:未(?![来來])|非(?![常凡法洲])|不(?![少同断斷久错錯止仅僅过過]|得不|例外))"
    r"|(?<!无)(?<!無)不(?:会|會|能(?!不)|是(?![吗嗎])|再|想|愿|願|准|準|允[许許]|[应應]|需|必(?!可)|得(?!不|已)|同意|支持|打算"
    r"|承[认認]|接受|存在|[属屬]|[构構]成|考[虑慮]|[参參]加|出席)|[没沒](?:有|能|想(?![到过過])|法)|尚未|未(?:能|有|[获獲]|被|予|曾|及|[达達]成)"
)
_NEGATION = _Sign(
    plain=re.compile(
        rf"\b{_AUXILIARY}{_BETWEEN}\s(?:not|never)\b(?!\s(?:only|just|least|bad)\b)|\w{{2,8}}n['’]t\b(?!\s(?:only|just|bad|hesitate)\b)|\bcannot\b|\bnever\b|{_ZH_NOT}",
        re.IGNORECASE,
    ),
    near=_any_of(
        "not no non nor none neither nothing nobody nowhere without unless until only just except hardly "
        "barely rarely seldom "
        "scarcely little few fewer less least most instead rather yet despite free far too hard before deny "
        "denies denied "
        "denying forget forgets forgot forgotten loss zero nil cannot defies defied",
        "never avoid difficult dread denial reject refus fail lack los[est] miss stop halt ban block bar "
        "prevent prohibit forbid "
        "cancel cease suspend refrain declin doubt abandon absen oppos neglect ignor exclud dismiss "
        "rul(?:e|ed|ing)\\sout "
        "withdr short scrap defy different un(?!der|i[^n]|til|le)[a-z]{4,} dis(?!c|t|p(?:l|at|e)|ea)[a-z]{3,} "
        "(?:inab|incap|insuff|invali|ineff|inact|impos|illeg|irreg|independ) \\w+less \\w+n['’]t",
        "[不没沒未无無非否勿莫别別拒禁停缺失忘难難少除免避防只仅僅才止绝絕错錯弱零废廢弃棄首]|超出|第一次",
    ),
)
_HEDGE = _Sign(
    plain=re.compile(
        r"(?<=\w\s)(?<!\bnot\s)\b(?:may|might)\s(?!god\b)[a-z]{2,}\b|\b(?:reportedly|allegedly|purportedly|possibly"
        r"|rumou?red)\b"
        r"|\b(?:is|are)\sconsidering\b|(?<!不)可能(?!性)|或[将將许許]|据[报報][道导導]|據[報][導道]|涉嫌|据称|據稱|疑似"
        r"|[拟擬](?=[定于於议議向对對将將在建设設])",
        re.IGNORECASE,
    ),
    near=_any_of(
        "may might maybe could can would should will shall report reports perhaps unlikely poised set\\sto "
        "due\\sto about\\sto "
        "thought said says say according hope hopes hoped hoping if whether eye eyes eyed charged unsure "
        "uncertain sometimes "
        "often able",
        "reported alleg purport possib probab potential likel rumou?r suspect accus claim plan consider "
        "expect seek propos prepar "
        "risk threat believ think suggest seem appear fear aim intend estimat forecast predict apparent "
        "supposed want warn mull "
        "chance prone vulnerab",
        "[可或拟擬据據嫌疑称稱料将將会會能望欲想应應概虑慮估若说說险險恐]|[计計][划劃]|[打预預][算计計]|指控|被控|如果|表示|[认認][为為]|有[机機]|也许|似乎"
        "|大约|看来|容易",
    ),
)
_LEAD = 3  # sentences of the source in which the lead of a brief may have its ground
_OPENING = 1_000  # characters


class Lead(NamedTuple):
    """The title with the first sentence of a text, and the title with the first few."""

    first: str
    wide: str


def lead_of(title: str, text: str) -> Lead:
    """The lead of a text; empty where there is nothing."""
    sentences = split_sentences(text[:_OPENING])
    return Lead(*("\n".join([title, *sentences[:most]]).strip() for most in (1, _LEAD)))


def claim_problems(brief: Lead, source: Lead) -> Iterator[tuple[str, str]]:
    """What the lead of one language of a brief denies or asserts against the source's: the kind, and the sign of it."""
    if not brief.first or not source.first:
        return
    if ((sign := _NEGATION.said(brief.first)) and not _NEGATION.hinted(source.wide)) or (
        (sign := _NEGATION.said(source.first)) and not _NEGATION.hinted(brief.first)
    ):
        yield "negation", sign
    if (sign := _HEDGE.said(source.first)) and not _HEDGE.hinted(brief.first):
        yield "modality", sign
