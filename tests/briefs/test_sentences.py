"""Sentence splitting in English and Chinese."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.briefs.sentences import join_sentences, split_sentences

ENGLISH = [
    ["Mr. J. D. Vance went to Washington, D.C. on Jan. 5.", "He met U.S. officials at 5 p.m.", "Then he left."],
    ["The U.S. Army said No. 5 is, e.g. Foo Inc., paid 3.5 million.", "It rose 2.5% vs. 1.1% in Sept. 2025."],
    ["It was bought by Acme Corp.", "Shares rose."],
    ["It lives in the U.S.", "The rest is abroad."],
    ["The talks ended at 10 a.m. GMT on Sunday."],
    ["The parade starts at 8 a.m. PT Wednesday, Jan. 1, 2020.", "It ends at noon."],
    ["You can follow him starting at 2:00 a.m. PST Christmas Eve.", "We hope you do."],
    ["She arrived at 9 a.m.", "Police came an hour later."],
    ["Sen. Mitt Romney and Rep. Adam Smith spoke with Gov. Lee.", "Gen. Mark Milley did not."],
    ["The case is Smith v. Jones.", "It is old."],
    ["Dr. Anthony Fauci, M.D., spoke.", "Prof. Chen agreed."],
    ["Martin Luther King Jr. spoke there in 1963.", "Millions listened."],
    ["George W. Bush met J. K. Rowling in St. Louis.", "It rained."],
    ["Apple Inc. said on Monday it would buy the firm.", "Shares of Samsung Electronics Co. Ltd. fell 3.2 percent."],
    ["The price rose to $1.2 million from $999,000.99 in 2024.", "Analysts expected less."],
    ["The company was founded in 1998.", "In 2010 it went public."],
    ["The show is open Jan. 7-Feb. 12 at the palace.", "It is free."],
    ["Die Gespräche gehen im 21. Jahrhundert weiter.", "Am 3. Mai war Pause.", "Es kamen 12.", "Alle blieben."],
    ["He was fined $5.", "That was all."],
    ['"I don\'t know," he said.', '"Ask her."', "She declined to comment."],
    ["“We came. We saw.”", "Nobody moved."],
    ["He said: “We will win. We must.”", "The crowd cheered."],
    ['"Why now?" she asked.', "There was no answer."],
    ["“Stop!” the officer shouted.", "The man ran."],
    ["What happened?", "Nobody knows.", "Really?!", "Yes."],
    ["Well... it depends.", "They waited… and waited.", "Then it ended."],
    ["She paused...", "Then she spoke."],
    ["The firm (which is based in the U.K.) declined to comment.", "It has 3,000 workers."],
    ["(The study was small.)", "It had 12 patients."],
    ["See Fig. 3 and pp. 4-5 of the report.", "It costs approx. 40 euros."],
    ["Version 2.0.1 of Node.js is out.", "Visit example.com for more."],
    ["The vote was 52-48.", "A recount is due Feb. 3."],
    ["The earthquake, of magnitude 6.1, struck at 3 a.m. local time.", "No one was hurt."],
    ["Police arrested two men, aged 21 and 34.", "Both were released."],
    ["The U.N. Security Council met.", "The E.U. did not."],
    ["He lives on Main St. in Springfield.", "His wife works in Mt. Vernon."],
    ["The meeting is on Tues. Nov. 3.", "It was moved."],
    ["It is the No. 1 seller.", "Is there a No. 2?", "No.", "They are alone."],
    ["I did it, said I.", "Then I left."],
    ["Profit before tax, etc. rose.", "Costs fell."],
    ["Lt. Col. Devender Anand said so.", "The Army agreed."],
    ["Ont. man clocked at 218 kph, police say.", "He was 19."],
    ["The bill passed.", "It is now law."],
    ["Yahoo! shares fell.", "Investors sold."],
    ["“They won’t stop,” said Ms. Li.", "“We can’t either.”", "Talks resume at 5 p.m. EDT."],
    ["The No. 10 spokesman said the P.M. was well.", "Others were not."],
    ["Prices rose 0.5 per cent in Q1.", "They fell in Q2."],
    ["Mr. Kim, a U.S. citizen, was held in N. Korea for 3 yrs.", "He is free."],
    ["It closed at 6 p.m. Friday.", "It reopens Sunday."],
    ["It was “a clean sweep. ”", "Nobody objected."],
]
CHINESE = [
    ["他说：“我们来了。我们看见了。”", "然后离开。"],
    ["「好！」他說。", "真的嗎？！", "是的！"],
    ["停火生效了……但戰鬥沒有停。", "雙方仍在交火。"],
    ["失业率升至12.5%，为2010年以来最高。", "分析师感到意外。"],
    ["《人民日报》发表评论《改革不停步。开放不止步。》，引发讨论。", "学者认为这是信号。"],
    ["該公司（2019年成立。總部在台北）宣布裁員。", "員工共300人。"],
    ["苹果公司（Apple Inc.）周一表示，将收购该公司。", "交易价格约为$1.2 billion。"],
    ["“你为什么来？”她问。", "没有人回答。"],
    ["「我們會贏。」總統說，「我們必須贏。」", "群眾歡呼。"],
    ["他说：“不会。”", "记者追问：“真的吗？”", "他没有回答。"],
    ["他表示，「這是歷史性的一天！」", "會場響起掌聲。"],
    ["警方称，嫌疑人已被捕！", "案件仍在调查中。"],
    ["iPhone 17 於9月9日發表。", "售價29,900元起。"],
    ["U.S. Steel周四宣布停产。", "工会表示反对。"],
    ["马斯克（Elon Musk）说：“It works. Trust me.”", "股价随后上涨3.4%。"],
    ["「怎麼辦？！」他大喊。", "「快跑！」"],
    ["全文如下：一、停火。", "二、换囚。"],
    ["第3.5節規定，罰款不得超過5,000元。", "法院駁回上訴。"],
    ["他問：「誰？」", "沒人應。"],
    ["天气晴。", "气温23.5℃。"],
    ["他写道：“胜利属于我们！”并附上照片。", "网友热议。"],
    ["『走吧。』她說。", "門關上了。"],
    ["网友评论说“太好了！”“支持！”等等。", "官方未回应。"],
    ["他帶了餐具（或者是吸管？）。", "我不記得了。"],
]


@pytest.mark.parametrize("sentences", ENGLISH, ids=" ".join)
def test_english_splits_at_the_ends_of_sentences_only(sentences: list[str]) -> None:
    assert split_sentences(" ".join(sentences)) == sentences


@pytest.mark.parametrize("sentences", CHINESE, ids="".join)
def test_chinese_splits_at_the_ends_of_sentences_only(sentences: list[str]) -> None:
    assert split_sentences("".join(sentences)) == sentences


def test_an_ellipsis_within_a_chinese_sentence_does_not_end_it() -> None:
    assert split_sentences("停火生效了……但戰鬥沒有停。 Fighting went on.") == [
        "停火生效了……但戰鬥沒有停。",
        "Fighting went on.",
    ]


def test_english_sentences_without_a_space_between_are_split() -> None:
    assert split_sentences("A quake was felt near Aris.Exact numbers follow.") == [
        "A quake was felt near Aris.",
        "Exact numbers follow.",
    ]
    assert split_sentences("It runs on Node.js and ASP.NET today.") == ["It runs on Node.js and ASP.NET today."]


@given(st.text(alphabet="abA .!?。！？…「」“”（）()《》；,，0\n", max_size=80))
def test_splitting_loses_nothing_but_space(text: str) -> None:
    assert "".join("".join(split_sentences(text)).split()) == "".join(text.split())


def test_english_sentence_glued_to_chinese_is_split() -> None:
    assert split_sentences("A new plan.新计划出炉。OK") == ["A new plan.", "新计划出炉。", "OK"]


def test_line_ends_end_sentences() -> None:
    assert split_sentences("One line\n\nanother line") == ["One line", "another line"]


def test_a_long_chinese_sentence_is_split_at_its_semicolons() -> None:
    clause = "各方就停火與換囚問題交換了意見並同意在下一輪會談中繼續討論具體安排"
    assert split_sentences(f"{clause}；{clause}；{clause}。") == [f"{clause}；", f"{clause}；", f"{clause}。"]
    assert split_sentences("甲；乙。") == ["甲；乙。"]


def test_sentences_are_joined_with_spaces_only_where_readers_expect_them() -> None:
    assert join_sentences(["甲。", "乙。"]) == "甲。乙。"
    assert join_sentences(["One.", "Two."]) == "One. Two."
    assert join_sentences(["甲。", "Two."]) == "甲。 Two."
    assert join_sentences([]) == ""


def test_a_sentence_without_end_gets_a_full_stop_before_the_next() -> None:
    assert join_sentences(["Fixes and more", "We mended it."]) == "Fixes and more. We mended it."
    assert join_sentences(["停火安排", "會談預計持續兩天"]) == "停火安排。會談預計持續兩天"
