"""The news of the pictures: neutral, made up, and plausible."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.model import Brief, MadeBy
from docs.shots.page import Card

_SITES = {
    "The Harbour Wire": "harbourwire",
    "港灣日報": "harbourdaily",
    "Market Hours": "markethours",
    "Daily Globe": "dailyglobe",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An item of one of the feeds, with its brief, and how long ago it was published."""

    feed: str
    title: str
    text: str
    brief: Brief
    keyword: str
    matched: tuple[str, ...]
    age: timedelta
    language: str = "en"

    @property
    def site(self) -> str:
        """Where its page is."""
        return f"{_SITES[self.feed]}.example/2026/03/14"

    @property
    def card(self) -> Card:
        """What its page says of itself."""
        return Card(site=self.feed, title=self.title, text=self.text.split("\n")[0], picture="harbour")


def _brief(title_zh: str, title_en: str, summary_zh: str, summary_en: str, made_by: MadeBy = MadeBy.MODEL) -> Brief:
    return Brief(title_zh=title_zh, title_en=title_en, summary_zh=summary_zh, summary_en=summary_en, made_by=made_by)


TALKS = Story(
    feed="The Harbour Wire",
    title="Envoys open second round of trilateral talks in Abu Dhabi",
    text="Delegates of the three sides met in Abu Dhabi on Saturday for six hours.",
    brief=_brief(
        "三方會談第二輪在阿布扎比開始",
        "Envoys open second round of trilateral talks in Abu Dhabi",
        "三方代表星期六在阿布扎比舉行第二輪會談，歷時6小時，議題是停火線與交換314名戰俘。東道主說氣氛「務實」，"
        "各方同意設立兩個工作小組。下一輪定於3月20日在同一地點舉行。",
        "Delegates of the three sides met in Abu Dhabi on Saturday for 6 hours, over a ceasefire line and the"
        " exchange of 314 prisoners. The host called the mood practical, and two working groups were agreed on. The"
        " next round is set for 20 March at the same place.",
    ),
    keyword="trilateral talks",
    matched=("trilateral", "talks"),
    age=timedelta(minutes=4),
)
ENVOYS = replace(
    TALKS,
    feed="港灣日報",
    title="三方會談第二輪在阿布扎比開始",
    text="三方代表星期六在阿布扎比舉行第二輪會談，歷時6小時。",
    keyword="阿布扎比",
    matched=("阿布扎比",),
    language="zh",
)
FERRY = Story(
    feed="港灣日報",
    title="新渡輪航線四月開航，全程二十五分鐘",
    text="新航線連接三個碼頭，每半小時一班。",
    brief=_brief(
        "新渡輪航線四月開航，全程25分鐘",
        "New ferry line to open in April, 25 minutes end to end",
        "新航線連接三個碼頭，每半小時一班，首月半價。",
        "The new line links three piers with a boat every half hour, at half price in its first month.",
    ),
    keyword="渡輪 OR ferry",
    matched=("渡輪",),
    age=timedelta(hours=2),
    language="zh",
)
RATES = Story(
    feed="Market Hours",
    title="Central bank keeps its rate at 3.25 per cent",
    text="The vote was seven to two.",
    brief=_brief(
        "央行維持利率3.25%不變",
        "Central bank keeps its rate at 3.25%",
        "表決結果為7比2，下次會議在5月。",
        "The vote was seven to two; the next meeting is in May.",
    ),
    keyword="interest rates",
    matched=("rate",),
    age=timedelta(hours=5),
)
TYPHOON = Story(
    feed="港灣日報",
    title="天文台：今季首個熱帶氣旋料於周末形成",
    text="料不會影響本地。",
    brief=_brief(
        "天文台：今季首個熱帶氣旋料於周末形成",
        "Observatory expects the season's first tropical cyclone at the weekend",
        "預料移向菲律賓以東，暫時不會影響本地。",
        "It is to move east of the Philippines and is not expected to come near.",
    ),
    keyword="颱風 OR typhoon",
    matched=("熱帶氣旋",),
    age=timedelta(hours=7),
    language="zh",
)
PRISONERS = Story(
    feed="Daily Globe",
    title="Two working groups to prepare the exchange of prisoners",
    text="The groups begin on Monday.",
    brief=_brief(
        "兩個工作小組籌備交換戰俘",
        "Two working groups to prepare the exchange of prisoners",
        "小組星期一開始工作。",
        "The groups begin on Monday.",
    ),
    keyword="trilateral talks",
    matched=("talks",),
    age=timedelta(hours=9),
)
ALL = (TALKS, FERRY, RATES, TYPHOON, PRISONERS)
CHINESE = (
    ENVOYS,
    FERRY,
    RATES,
    TYPHOON,
    replace(
        PRISONERS,
        feed="港灣日報",
        title="兩個工作小組籌備交換戰俘",
        text="阿布扎比會談的兩個工作小組星期一開始工作。",
        keyword="阿布扎比",
        matched=("阿布扎比",),
        language="zh",
    ),
)
"""The same, where two of them are told in Chinese."""
