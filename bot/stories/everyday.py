"""Words that say little of what happened: they stand in the news of any day."""

from __future__ import annotations

_FUNCTION = """
the of and to in a for is on that with as it at by from be was are have has had this an but not or which were will
would can could may might should must shall do does did been being its their his her they he she we you i our your my
me him them us who whom whose what when where why how if than then so no nor only just also more most much many some
any all each every other another such same own into about over after before between through during under against
within without out up down off again further here there while because until since although though however both few
very too still even ever never now already yet among across per via amid around near toward towards upon these those
mr mrs ms dr st am pm
"""
_NEWS = """
say said says tell told ask add according report news official officials people man woman men women child children
year month week day today yesterday tomorrow time monday tuesday wednesday thursday friday saturday sunday january
february march april may june july august september october november december one two three four five first second
last next new old good great big small high low long early late make made take took get got give gave go went come came
see saw know knew think thought want use used find found show showed call called become became begin began leave left
keep kept hold held let put set run work way thing part place case point number group member world country state
national international local public government president minister home house family life city area near million
billion percent company business market plan need help need help lead include continue follow expect receive photo
video image read watch click share story article subscribe newsletter update live latest morning night afternoon
evening statement announce well back like right against different several least almost
"""
# Particles, pronouns, prepositions and the like: a pair of characters with one of them is hardly a word.
_ZH_FUNCTION = (
    "的了是在和与及也就都而被把对为于这那他她它我们你个之以到从说有不会可将已还并但或该则其等着过得地让使向由"
)
_ZH_NEWS = """
表示 报道 报导 记者 今天 昨天 明天 今日 昨日 今年 去年 明年 目前 近日 日前 当天 当地 时间 时候 上午 下午 晚上 早上
星期 周一 周二 周三 周四 周五 周六 周日 月份 工作 进行 问题 情况 方面 部分 部门 政府 国家 世界 全球 国际 社会 人民
人员 人士 人口 公司 企业 市场 经济 中心 发展 提供 包括 要求 希望 认为 指出 强调 宣布 公布 发布 发表 声明 根据 据称
新闻 消息 媒体 社交 网站 视频 图片 照片 来源 编辑 阅读 继续 开始 结束 成为 出现 发生 发现 增加 减少 影响 相关 重要
主要 第一 第二 一些 一名 一个 一次 许多 很多 大量 所有 其他 其中 之间 之后 以来 以及 因为 所以 如果 虽然 没有 需要
必须 应该 能够 可能 已经 正在 仍然 再次 这些 那些 自己 我们 他们 她们 官员 负责 组织 机构 总统 总理 部长 美国 中国
"""
# What headlines write with capitals, or begin with, and what names nothing by itself: `Deal`, `Breaking`, `Sept`.
_HEADLINE = """
deal deals economic economy tariff tariffs debt stock stocks bond bonds bank banks banking share shares price prices
rate rates trade talks tax taxes court judge police crisis record profit profits sales growth fund funds investor
investors investment earnings revenue budget inflation economist economists strategist chief boss ceo cfo minister
leader leaders lawmakers senator mayor team coach players game match season final finals cup league win wins loss top
best worst breaking exclusive opinion analysis explainer explained podcast newsletter sponsored review reviews preview
recap interview column editorial letter letters quiz briefing roundup headlines alert alerts correction updated gallery
photos pictures videos jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thurs fri sat sun spring
summer autumn winter weekend security health energy technology tech science sport sports culture travel education
foreign central federal prime north south east west northern southern eastern western
突发 快讯 独家 直播 图集 评论 社论 早报 晚报 专访 速递 滚动 最新 即时 有关 相关 持续 推出 举行 获得 面临 致力 逾百 多名
两名 超过 至少 首次 将于
"""

EVERYDAY = frozenset((_FUNCTION + _NEWS + _ZH_NEWS).split())
HEADLINE = frozenset(_HEADLINE.split())
FUNCTION = frozenset(_FUNCTION.split())
ZH_FUNCTION = frozenset(_ZH_FUNCTION)
