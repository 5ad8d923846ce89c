"""A text's language by its commonest words: ten times as quick as letter statistics, where it is clear."""

from __future__ import annotations

import re
from collections import Counter

_ENOUGH = 600  # characters
_LEAST = 4  # common words that tell a language, and of them one in so many of the text's
_LEAST_DECLARED = 3
_ONE_IN = 7
_TIMES = 3  # as many as of the next language
_WORD = re.compile(r"[^\W\d_]+")

# Close neighbours stand here with the words that they share, so that neither is clear where only those are found.
_COMMON = {
    "en": """the of and to is for that with was from this are have has it be will his by at as an its were which
        would they been their you not or but who had when what can more""",
    "de": """der und das nicht mit von ist ein eine auf für dem des zu sich auch wird sind bei nach aus einen einer
        hat zum zur wie über noch oder werden wurde""",
    "fr": """le les des et une est dans pour que qui sur pas avec au ce sont aux cette mais ou son ses leur nous
        vous du été plus""",
    "es": "el los del y las una por con para es más su al lo como pero sus fue ha este",
    "pt": "os do da em uma com não dos das mais ao foi pelo pela ser tem são à também",
    "it": "il di che della per gli del non sono nel alla dei delle è più anche dal ha ed",
    "nl": "het een van en dat op te zijn voor niet aan er om ook naar wordt bij maar",
    "sv": "och att som det av på är inte har för med till den ett från var eller",
    "da": "og det af er til på ikke med har den som de et",
    "no": "og det av er til på ikke med har den som de et",
    "ca": "els amb una les més però són aquest per del i",
    "af": "die en van het nie wat dit was vir met om sy is",
}
_LANGUAGES: dict[str, list[str]] = {}
for _name, _words in _COMMON.items():
    for _word in _words.split():
        _LANGUAGES.setdefault(_word, []).append(_name)


def common_words(language: str) -> frozenset[str]:
    """The commonest words of a language, where they are known here; folded or not, as they are written."""
    return frozenset(_COMMON.get(language, "").split())


def clear_language(text: str, declared: str) -> str:
    """The language of a text in Latin letters, if its common words leave no doubt and nobody `declared` another one."""
    words = _WORD.findall(text[:_ENOUGH].lower())
    found = Counter(name for word in words if word in _LANGUAGES for name in _LANGUAGES[word])
    if not found:
        return ""
    (name, count), *others = found.most_common(2)
    next_count = others[0][1] if others else 0
    if declared and declared != name:
        return ""
    enough = count >= (_LEAST_DECLARED if declared else _LEAST) and count * _ONE_IN >= len(words)
    return name if enough and next_count * _TIMES <= count else ""
