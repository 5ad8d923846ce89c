"""A dictionary for small Argos models: enough for one piece of news, word by word, there and back."""

from __future__ import annotations

TITLE, TITLE_ZH = "Envoys end trilateral talks in Abu Dhabi", "特使結束三方會談，地點阿布扎比"
TEXT = "Envoy Witkoff said both sides agreed to exchange 314 prisoners. Both sides agreed to go on talking."
TEXT_ZH = "特使威特科夫說，雙方同意交換314名戰俘。雙方同意繼續談。"

_PAIRS = """
Envoys 特使 end 結束 trilateral 三方 talks 會談， in 地點 Abu 阿布 Dhabi 扎比 Envoy 特使 Witkoff 威特科夫 said 說，
both 雙 Both 雙 sides 方 agreed 同 to 意 exchange 交換 314 314 prisoners. 名戰俘。 go 繼 on 續 talking. 談。
"""
_WORDS = _PAIRS.split()
WORDS = dict(zip(_WORDS[::2], _WORDS[1::2], strict=True))
# Chinese has no spaces, so a sentence is a word.
BACK = {
    "三方會談結束": "Trilateral▁talks▁end",
    "三方会谈结束": "Trilateral▁talks▁end",
    "特使威特科夫說，雙方同意交換314名戰俘。": "Envoy▁Witkoff▁said▁both▁sides▁agreed▁to▁exchange▁314▁prisoners.",
}
FRENCH = {"Pourparlers": "Envoys", "à": "▁end", "Paris": "▁talks"}
