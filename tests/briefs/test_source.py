"""What an item's words become before anything is made of them."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest

from bot.briefs.boilerplate import is_boilerplate, without_head
from bot.briefs.candidates import news_sentences
from bot.briefs.datelines import without_datelines
from bot.briefs.source import MAX_TEXT, Source, source_of
from bot.model import Item, Language
from tests.briefs.conftest import CHINESE, ENGLISH


@pytest.mark.parametrize(
    "line",
    [
        "By Jane Doe and John Roe in Abu Dhabi",
        "Read more: five things to know",
        "Continue reading...",
        "This website uses cookies to improve your experience.",
        "Accept all cookies",
        "Photo: Jane Doe/Reuters",
        "Delegates arrive at the palace (AP Photo)",
        "Reporting by Jane Doe; editing by John Roe",
        "Sign up for our newsletter",
        "The post Talks end appeared first on The Example.",
        "© 2026 Example. All rights reserved.",
        "Advertisement",
        "Published: 1 February 2026, 10:30",
        "18 Aug 2026 10:41PM (Updated: 18 Aug 2026 11:41PM)",
        "Set The Example as your preferred source on Google",
        "Add The Example as a trusted source to help Google better understand our content.",
        "FILE PHOTO: Racks in a data centre, November 6, 2025. REUTERS/Jane Doe//File Photo",
        "A man walks past a bank in Paris, France. REUTERS/Jane Doe/Illustration",
        "Ships at the port of Tokyo on Aug 28, 2025. (File photo: Reuters/Jane Doe)",
        "Jul 1, 2026; a defender dribbles. Mandatory Credit: Jane Doe",
        "(Source: Bloomberg)",
        "Bookmark",
        "閱讀更多",
        "点击查看原文",
        "（記者：王小明）",
        "責任編輯：李四",
        "圖片來源：路透社",
        "延伸閱讀：三方會談",
        "版權所有，未經授權不得轉載",
        "關注我們的微信公眾號",
        "本網站使用Cookies以提升體驗",
        "Jane Doe contributed to this report.",
        "Hosted by Jane Doe and John Roe",
        "Contact her at jane@news.example",
        "Envoys at the palace, photographed in November.",
        "A guard is seen in this file photo.",
        "Delegates leave the palace on Sunday. (Jane Doe/The Example via AP)",
        "Mars 2013, Jane Doe, Example ©.",
        "[link] [12 comments]",
        "submitted by /u/example to news",
        "Der Beitrag Ende der Gespräche erschien zuerst auf beispiel.example.",
        "La entrada Fin de las conversaciones se publicó primero en Ejemplo.",
        "Our chief editor shares analysis and picks of the week's biggest news every Saturday.",
        "Jane Doe reports on Example Television.",
        "Jane Doe reports from Milan.",
        'Jane Doe of Example Economics has more on what could be causing all this on "Example Surveillance."',
        "Jane Doe has the details.",
        "Example's Jane Doe reports.",
        "Com produção de Jane Doe e edição de John Roe (Source: Example)",
        "Ceci est un billet invité de Jane posté sous licence creative common 3.0.",
        "Soccer Football - Cup - City v Town - The Lane, City, Britain - April 11, 2026 General view of the flag.",
        "The flag before the match EDITORIAL USE ONLY.",
        "No use with unauthorized audio, video, data or fixture lists.",
        "Program_4.15_beta.zip ( 605,24 килобайт )",
        "5 min read",
        "12 comments",
        "Leave a comment",
        "Tags: talks, Abu Dhabi",
        "Table of contents",
        "Sunday, 1 February 2026",
        "2026年2月1日 10:30",
        "Listen to this article",
        "Subscribe on Apple Podcasts or Spotify",
        "https://news.example/talks",
        "#talks #AbuDhabi",
        "For more insights, visit example.com.",
        "We'd like to thank everyone who took part.",
        "We hope you enjoyed this week's round-up!",
        "→ The Example is on the web",
        "By Jane Doe, John Roe (Engineers, Example); and Richard Miles (Lead)",
        "Home | World | Politics | Business",
        "Please help us keep making this show.",
        "Check out the full list.",
        "Stay tuned for more!",
        "Weiterlesen auf example.com",
        "Lire la suite",
        "Leia mais no Exemplo!",
        "Talks end was originally published in Example on Medium, where people are continuing the conversation.",
        "See example.com/listener for privacy information.",
        "Please disable your ad blocker to go on.",
        "文｜王小明 編輯｜李四",
        "（完）",
        "原標題：三方會談結束",
        "本文來源：中央社",
        "轉載自中央社",
        "記者／王小明 攝影／李四",
        "歡迎訂閱我們的頻道",
        "更多新聞內容請下載App",
        "發布時間：2026-02-01 10:30",
        "關鍵字：會談、停火",
        "免責聲明：本文只代表作者觀點。",
        "(24:56) Source: Example Finance, July 2017.",
        "12:30 What the envoys said",
        "talks.zip ( 675,77 килобайт )",
        "minutes.pdf (1.2 MB)",
        "If you have any questions about the talks, you can post them on our forum.",
        "After the talks, you can read more on our official website.",
        "Be sure to also check out our channel for the recordings.",
        "Don't forget to subscribe!",
        "Inquire about other talks as well.",
        "For access to all of the minutes, download our guide to the talks today.",
        "Get all your needs met at the shop of the palace.",
        "Discover the history of the palace in our new series.",
        "Finally, Happy New Year to all of our listeners.",
        "Chaque samedi, retrouvez notre rendez-vous.",
        "Découvrez les salles du palais dans notre nouveau long format.",
        "Lesen Sie auch unsere Analyse der Gespräche.",
        "Confira em nosso site a lista completa.",
        "Please reply by email to schedule an appointment.",
        "For the dates of the talks, check out our calendar.",
        "Get started at the page of the talks.",
        "Pour les conférences des éditions précédentes par ici.",
        "Mehr über die Gespräche gibt es hier.",
        "Envoys — Palace — Abu Dhabi (UAE).",
        "Envoys — example.com — Talks — Abu Dhabi.",
        "Call us now at the palace.",
        "For a tour of the palace call (555) 010-0199.",
        "Jane Doe | Palace Road 1 | show contact info",
        "Check us out on Twitter @example.",
        "The envoys Jane Doe (left) and John Roe (right) shake hands.",
        "The envoys, clockwise from top: Jane Doe, John Roe.",
        "This is the second post in a series profiling envoys who take part in the talks as part of a long programme.",
        "This text is published under a Creative Commons licence.",
        "Ce texte est publié sous licence Creative Commons.",
        "Jetzt hier zum Seminar anmelden!",
        "Abonniere den Kanal für mehr davon.",
        "Abonnez-vous à notre infolettre",
        "Suscríbete a nuestro canal",
        "Iscriviti alla newsletter",
        "Подписывайтесь на наш канал",
        "〔記者王小明／台北報導〕",
        "編者按：本文首次刊於去年。",
        "作者為某大學教授。",
        "以上內容僅代表作者個人觀點，不構成投資建議。",
        "据此操作，风险自担。",
        "▲代表團抵達會場。",
        "代表團抵達會場。（圖／翻攝自臉書）",
        "2月1日，代表们在会场外合影。新华社记者 王小明摄",
        "示意圖，非當事人。圖／王小明",
        "代表团团长（左）与主人（右）握手。",
        "點我看更多新聞＞＞＞",
        "加入會員，享有更多優惠。",
        "您的浏览器不支持音频元素。",
        "我们注意到您正在屏蔽广告！",
        "如果您购买了这里的产品，我们可能会获得佣金。",
        'Jane Doe reports on "Example Open."',
        "Example's Jane Doe explains.",
        "Example's Jane Doe joins to discuss.",
        "Example's Jane Doe shares her view.",
        "She speaks on “Example Morning.”",
        'He speaks exclusively with John Roe on "The Example Show."',
        'John Roe, an analyst at Example Bank, joins Jane Doe on "Example Markets."',
        "They speak on Example Television.",
        "“Example Today” is your essential source for news of the world.",
        "A handpicked story that our editors think you should not miss.",
        "New: You can now listen to articles.",
        "This audio is generated by a machine.",
        "By Jane Doe, John Roe (Engineers, Example Labs); and Mary Major (Research Lead).",
        "Par Jeanne Doe.",
        "Looking forward to your answers.",
        "Once you register, we'll write to you.",
        "Also check out www.example.com for more.",
        "Listen wherever you get your podcasts.",
        "Tune in wherever you get your podcasts (Source: Example)",
        "Nutz unseren Promocode „BEISPIEL20“ und spare.",
        "Holt euch jetzt das Abo für nur 5 Euro.",
        "Visita ejemplo.es para saber más.",
        "(Click here to listen to the talks)",
        "The complete guide to talks of three parties here.",
        "Das und vieles mehr erfahrt ihr in unserem Rückblick.",
        "Join Jane Doe and John Roe as they talk about the week.",
        "Talks — Abu Dhabi — example.com — Envoys — Three parties — The palace of the hosts.",
        "A missile is shown in the square of Doha, Qatar, July 30, 2026. Jane Doe/EXAMPLE (Example Agency) via REUTERS",
        "Envoys at the palace in Abu Dhabi, January 30, 2026.",
        "Postet eure Fragen auf Facebook oder mit dem Hashtag der Sendung.",
        "Example Online — die Zeitung — Example Rundschau — Example News.",
        "Have a look, and you may be inspired.",
        "This blog post has been updated with the newest figures.",
        "Just one a day.",
        "Example TV is live from Doha with Jane Doe, getting analysis from those who talk.",
        "Die Antwort findest Du in dieser Folge der Sendung!",
        "Si vous voulez en savoir plus sur les pourparlers, on a un article pour ça.",
        "Example Horizons is your daily spotlight on the world of talks.",
        '"Example: The Trade" brings you everything you need to know about talks.',
        "This podcast features leaders of many countries.",
        "No other program better prepares you for talks.",
        'Get a jump start on the day with Jane Doe on "Example Open."',
        "She speaks with Jane Doe at the Example forum in Doha.",
        "“Example Pulse” is all about talks with those who decide.",
        "Based in Abu Dhabi, we go where talks are held, bringing you exclusive interviews.",
        "Hosts Jane Doe and John Roe bring clarity to the week.",
        "Example Corp did not immediately respond to a request for comment.",
        "The ministry did not reply to Example's request for comment.",
        "Example has contacted the ministry for comment.",
        "Example could not immediately verify the report.",
        "The envoy was not available for comment.",
        "Example Corp declined to comment on the talks.",
        "Today's guests: Jane Doe, Example Bank & John Roe, Example Fund",
    ],
)
def test_lines_that_are_no_news_are_boilerplate(line: str) -> None:
    assert is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        "By Sunday the talks had ended, officials said.",
        "Sources said the talks would resume.",
        "Photographs of the prisoners were shown to their families on Monday.",
        "Read the room, he told the delegates.",
        "圖們江畔的居民開始撤離。",
        "記者在現場看到，代表團已經離開。",
        "Advertisement spending rose by 5 percent.",
        "Telegram said it would appeal.",
        "The talks ended on 18 Aug 2026, officials told Reuters.",
        "Reuters/Ipsos polls put the two level on Monday. Both said they would win.",
        "A deal can be reached by Friday, he said.",
        "Thanks to the new law, prices fell by 5 percent.",
        "The cookies were sold by Girl Scouts in front of shops.",
        "He was last seen on 1 February near the palace.",
        "Follow-up talks on Monday will be about prisoners.",
        "Contributions to this fund were frozen.",
        "點擊率上升三成。",
        "更多國家請求援助。",
        "文章指出，會談沒有結果。",
        "來自烏克蘭的代表團已經離開。",
        "The left (and the right) said the talks had failed.",
        "Call it a deal, the envoy said.",
        "Follow-ups are planned, and our correspondent says that both sides want them.",
        "Join hands, the envoys told both countries.",
        "Découvrez-en les raisons, a dit le ministre.",
        "For years, visits to the palace were few.",
        "The talks — the third this year — ended.",
        "ABU DHABI — The dread of a third round — and maybe of a fourth, which nobody wanted — is over.",
        "ABU DHABI, UAE – The talks of the year – 2026 – ended in the palace on Sunday – as the hosts had wished.",
        "The Palace — where talks were held — was closed.",
        "Police left the palace at 12:30 after the talks.",
        "[16:11:15] Jane: the talks are over",
        "The file of 1.2 MB was published by the ministry, which said (among other things) that it was genuine.",
        "We've ended the talks, and you can see the results on the official website, the ministry said.",
        "The ministry said the new rules for Creative Commons were not final.",
        "Jetzt beginnen die Gespräche, hieß es.",
        "作者在書中回顧了三方會談。",
        "圖片顯示代表團抵達會場。",
        "点球大战后，主队获胜。",
        "加入歐盟是烏克蘭的目標。",
        "左派（含工黨）批評會談。",
        ENGLISH,
        CHINESE,
        "Our reporters were detained in Minsk on Monday.",
        "Our team has trained every day since the defeat, the coach said, and it shows.",
        "Jane Doe reports a loss of 3 million euros for the year.",
        "Real Madrid has more points than any other club in the league.",
        "Produção da Petrobras cai 5% em julho.",
        "Production de BMW arrêtée à Leipzig après une grève.",
        "Запись разговора впервые появилась в интернете в понедельник.",
        "L'articolo 18 della legge proviene da un accordo del 1970.",
        "Abu Dhabi has the latest of the three rounds.",
        "Russia reports on the shelling of its radio masts near Belgorod.",
        "The deal — long sought — is done — at last.",
        "He was born in Doha, Qatar, on July 30, 1950.",
        "This story was told by the minister on Monday.",
        "The programme covers forty countries and costs 3 billion dollars.",
        "Hosts England bring the curtain down on the tournament on Sunday.",
        "He speaks with Emmanuel Macron on Monday.",
        "The show of force followed a week of threats.",
        "Ukraine has the missiles, but no other programme of that size is planned.",
        "The minister declined to comment on whether he would resign before the vote in May.",
        "The government did not respond to calls for a ceasefire.",
        "Iran has not replied to the inspectors' questions.",
        "Vladimir Putin appears on Russian Television.",
        "Ali Khamenei speaks on State TV.",
        "Holt sich Bayern den Titel?",
        "Join forces, the minister told both parties, as they prepare for winter.",
        'Ukraine joins the bloc on "Europe Day."',
        "A production of Tesla cars fell by a third in Berlin.",
        "This article has been updated by parliament in 1997.",
        "Have a look at the figures: exports fell by a third.",
        'He is charged with using a discount code "SAVE" to defraud the shop.',
        "Looking forward to your visit, Modi wrote to Xi.",
        "He was born in Tulsa, Oklahoma, July 4, 1950.",
        "The leaders met in Geneva, June 16, 2021.",
        "The ministry has not responded to the attack on the harbour.",
        "Rescuers did not respond to the call for three hours, and four men died! An inquiry began.",
        "By Monday Morning the troops had left.",
        'China joins talks on "global governance."',
        "The minister explains.",
        "Kim Jong Un speaks with Vladimir Putin.",
        'Jane Doe, of the Example Council, talks about how the deal changes trade on "Example Money."',
        "The details of the deal were published here.",
        "Officials used the code ABCD1234 to open the gate.",
        "Saudi Arabia joins the bloc to discuss oil.",
        "People get to live here.",
        "Von der Leyen sprach in Berlin.",
        "Par rapport à 2020, la hausse est forte.",
        "Visitors to Rome find queues.",
        "Iran joins the pact as it turns ten.",
    ],
)
def test_news_is_not_boilerplate(line: str) -> None:
    assert not is_boilerplate(line)


def source(text: str, title: str = "T", language: str = "en"):
    return source_of(Item(guid="1", url="https://news.example/", title=title, text=text, language=language))


def test_what_an_agency_changed_goes_at_the_head_alone() -> None:
    head = "(adds byline, no change to story) By Jane Doe JOHANNESBURG, Aug 21 : The talks ended."
    assert without_head(head) == "JOHANNESBURG, Aug 21 : The talks ended."
    assert without_head(head.replace("adds", "Removes")) == "JOHANNESBURG, Aug 21 : The talks ended."
    within = "The bill (changes to which were agreed on Monday) was passed."
    assert without_head(within) == within


def test_boilerplate_goes_and_news_stays() -> None:
    made = source(f"By Jane Doe\n\nPhoto: AFP\n{ENGLISH} [...]\n\nRead more")
    assert made.text == ENGLISH
    assert made.paragraphs == [ENGLISH]


def test_markup_and_unseen_characters_go() -> None:
    made = source("<p>Talks <b>ended</b>\u202e today.</p><script>alert(1)</script>\u200b", title="A\u0000  title\u2066")
    assert (made.title, made.text) == ("A title", "Talks ended today.")


def test_lines_wrapped_at_a_width_are_one_line() -> None:
    first, second = ENGLISH[:94], ENGLISH[95:]
    assert ENGLISH[94] == " "
    assert source(f"{first}\n{second}").text == ENGLISH
    chinese = "俄羅斯、烏克蘭和美國的代表團在阿聯酋首都阿布扎比舉行了為期兩天的三方會談"
    assert source(f"{chinese}\n沒有達成協議。", language="zh").text == f"{chinese}沒有達成協議。"


def test_a_headline_on_top_becomes_the_missing_title() -> None:
    made = source(f"Talks end in Abu Dhabi\n\n{ENGLISH}", title="")
    assert (made.title, made.text) == ("Talks end in Abu Dhabi", ENGLISH)
    assert source(ENGLISH, title="").title == ""


@pytest.mark.parametrize(
    ("text", "declared", "language", "side"),
    [
        (CHINESE, "en", "zh", Language.ZH),
        (CHINESE, "zh-TW", "zh", Language.ZH),
        (ENGLISH, "zh", "en", Language.EN),
        (ENGLISH, "", "en", Language.EN),
        ("Les négociations entre les deux pays ont repris dimanche matin.", "fr-FR", "fr", Language.EN),
        ("", "", "", Language.EN),
    ],
)
def test_the_script_of_the_text_corrects_the_declared_language(
    text: str, declared: str, language: str, side: Language
) -> None:
    made = source(text, title="", language=declared)
    assert (made.language, made.side) == (language, side)


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("BAGHDAD (Reuters) - A deal was reached.", "A deal was reached."),
        ("（記者 陳大文 台北報導）三方會談星期五舉行。", "三方會談星期五舉行。"),
        ("〔記者陳大文／台北報導〕三方會談星期五舉行。", "三方會談星期五舉行。"),
        ("【明報專訊】三方會談星期五舉行。", "三方會談星期五舉行。"),
        ("（中央社台北15日電）三方會談星期五舉行。", "三方會談星期五舉行。"),
        ("【突發】三方會談星期五舉行。", "三方會談星期五舉行。"),
        ("【三方會談在阿布扎比結束】各方同意換囚。", "【三方會談在阿布扎比結束】各方同意換囚。"),
        ("（兩岸）三方會談星期五舉行。", "（兩岸）三方會談星期五舉行。"),
        ("The talks went on for two […]", "The talks went on for two…"),
        ("The talks went on for two... Read more", "The talks went on for two…"),
        ("The talks are over. […]", "The talks are over."),
        ("The talks are over (Source: Example)", "The talks are over"),
        ("It is a game of strategy - Native games / Shooters, jane", "It is a game of strategy"),
        ("The talks are over. (Read more…)", "The talks are over."),
    ],
)
def test_what_stands_around_the_news_goes(line: str, kept: str) -> None:
    assert source_of(Item(guid="1", url="", title="T", text=line, language="")).text == kept


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("WASHINGTON — The talks are over.", "The talks are over."),
        ("MUNICH, Feb. 15 (AP) - The talks are over.", "The talks are over."),
        ("Quito, 24 Set 2018 (AFP) - The talks are over.", "The talks are over."),
        ("Bengaluru, May 4: The talks are over.", "The talks are over."),
        ("MOSUL, Iraq/The talks are over.", "The talks are over."),
        ("NOTIZIE SERIE A – The talks are over.", "The talks are over."),
        ("NATO – the alliance of the West – met.", "NATO – the alliance of the West – met."),
        ("新华社北京2月1日电 三方会谈星期五举行。", "三方会谈星期五举行。"),
        ("伦敦，1 月 1 日（路透社）——三方会谈星期五举行。", "三方会谈星期五举行。"),
        ("本报讯（记者 王小明）三方会谈星期五举行。", "三方会谈星期五举行。"),
        ("警方2月1日讯问了两人。", "警方2月1日讯问了两人。"),
        ("财联社2月1日电，三方会谈星期五举行。", "三方会谈星期五举行。"),
        ("央视网消息：三方会谈星期五举行。", "三方会谈星期五举行。"),
        ("早报网讯，三方会谈星期五举行。", "三方会谈星期五举行。"),
        ("网上消息称，三方会谈星期五举行。", "网上消息称，三方会谈星期五举行。"),
        ("This week's feature JANE DOE, THE EXAMPLE TIMES The talks are over.", "The talks are over."),
        ("WARNING: GRAPHIC CONTENT The talks are over.", "The talks are over."),
        ("TÉLÉVISION / VIDÉO - The talks are over.", "The talks are over."),
        ("WARNING - GRAPHIC CONTENT: The talks are over.", "The talks are over."),
        ("GRAPHIC CONTENT: The talks are over.", "The talks are over."),
        ("Last of six parts The talks are over.", "The talks are over."),
        ("JANE DOE (EXAMPLE) The talks are over.", "The talks are over."),
        ("ABU DHABI, Aug 21 : The talks are over.", "The talks are over."),
        ("DOHA Aug 21 : The talks are over.", "The talks are over."),
        ("LEEDS, England, Aug 21 : The talks are over.", "The talks are over."),
        ("PARIS/ROME, Aug 21 : The talks are over.", "The talks are over."),
        ("Aug 21 : The talks are over.", "The talks are over."),
        ("Aug 21: The talks are over.", "Aug 21: The talks are over."),
        ("CAIRO/DOHA: The talks are over.", "The talks are over."),
        ("KUALA LUMPUR: The talks are over.", "The talks are over."),
        ("TRIGGER WARNING: The talks are over.", "TRIGGER WARNING: The talks are over."),
        ("A MIRROR OF THE MARKET The talks are over.", "The talks are over."),
        ("NATO AND EU Leaders met.", "NATO AND EU Leaders met."),
        ("FILE PHOTO: The talks are over.", "FILE PHOTO: The talks are over."),
        ("UNICEF: The talks are over.", "UNICEF: The talks are over."),
        ("USA, NATO and the EU met.", "USA, NATO and the EU met."),
    ],
)
def test_datelines_are_no_part_of_a_sentence(line: str, kept: str) -> None:
    assert list(without_datelines([line])) == [kept]


def test_who_speaks_is_no_dateline() -> None:
    lines = ["MODERATOR: Are the talks over?", "", "MINISTER: They are."]
    assert list(without_datelines(lines)) == lines
    later = [*["They met."] * 20, "SEOUL: The talks are over."]
    assert list(without_datelines(later)) == later


def test_the_place_of_a_dateline_stays_in_the_source_but_not_in_its_sentences() -> None:
    made = source(f"ABU DHABI — {ENGLISH}")
    assert made.text.startswith("ABU DHABI")
    assert news_sentences(made, Language.EN)[0].startswith("The trilateral")
    made = source("新华社德黑兰12月11日专电（记者高文成）三方会谈星期五举行。", language="zh")
    assert made.text == "新华社德黑兰12月11日专电 三方会谈星期五举行。"
    assert news_sentences(made, Language.ZH) == ["三方会谈星期五举行。"]


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("The envoys at the palace (Photo: Jane Doe) The talks are over.", ["The talks are over."]),
        ("The envoys at the palace (Jane Doe/PA) The talks are over.", ["The talks are over."]),
        (
            "The talks of the envoys are over. (Photo by Jane Doe) All of the envoys have left.",
            ["The talks of the envoys are over.", "All of the envoys have left."],
        ),
        ("Jane Doe | show contact info The palace was renovated last year.", ["The palace was renovated last year."]),
        ("代表團抵達會場（圖／路透）會談星期五結束。", ["會談星期五結束。"]),
        ("代表团抵达会场（图片来自某大学）会谈星期五结束。", ["会谈星期五结束。"]),
        ("會談（圖表見下頁）星期五結束。", ["會談（圖表見下頁）星期五結束。"]),
    ],
)
def test_a_caption_ends_at_its_credit_where_the_report_goes_on_behind_it(line: str, kept: list[str]) -> None:
    made = Source(title="", text=f"{line}\n\n{'會談繼續。' if '會' in line else 'More.'}", language="")
    assert [each for each in news_sentences(made, made.side) if each not in ("會談繼續。", "More.")] == kept


def test_a_last_line_that_only_names_the_item_goes() -> None:
    title = "Gespräche in Abu Dhabi enden ohne Ergebnis"
    footer = f"Der Beitrag {title} erschien zuerst auf Beispiel."
    assert source(f"{ENGLISH}\n\n{footer}", title=title).text == ENGLISH
    assert source(f"{ENGLISH} {footer}", title=title).text == ENGLISH
    assert source(f"{title}, heißt es.", title=title).text == f"{title}, heißt es."
    assert source("It is slow.\n\nRe:load 2 seems to work.", title="Re:load 2").paragraphs[-1].startswith("Re:load")


def test_lists_of_links_go() -> None:
    links = "Related stories\nTalks begin in Abu Dhabi\n\nWho is who at the talks"
    assert source(f"{ENGLISH}\n\n{links}").text == ENGLISH
    assert source(f"{ENGLISH}\n\n{links}\n\nThe talks resume on Monday.").paragraphs == [
        ENGLISH,
        "The talks resume on Monday.",
    ]
    asked = "Related stories\nA third round: who will come?\n“It is over”\nWho is who at the talks"
    assert source(f"{ENGLISH}\n\n{asked}").text == ENGLISH
    assert source(f"{CHINESE}\n\n延伸閱讀：\n會談開始", language="zh").text == CHINESE


def test_an_item_that_has_nothing_but_a_notice_keeps_it_where_it_has_no_title() -> None:
    assert source("Read more", title="").text == "Read more"
    assert source("Read more", title="Talks").text == ""


def test_a_source_knows_what_was_sought_in_it() -> None:
    item = Item(guid="1", url="", title="T", text=ENGLISH, language="en")
    assert source_of(item, ("talks",)).sought == ("talks",)
    assert source_of(item).sought == ()


@pytest.mark.parametrize("unit", ["a - ", "- ", "a | b ", "#a,,, ", "圖：a ", "[a] ", "...", "A, ", "1月1日"])
def test_hostile_lines_are_read_in_time(unit: str) -> None:
    line = unit * (MAX_TEXT // len(unit)) + "!"
    for length in (690, MAX_TEXT):  # notices are looked for in short lines only
        made = source(f"{line[:length]} x!")
        assert news_sentences(made, Language.EN) == news_sentences(made, Language.EN)


def test_a_source_knows_the_day_that_its_item_is_of() -> None:
    published = datetime(2026, 2, 1, 23, 30, tzinfo=UTC)
    item = Item(guid="1", url="", title="T", text=ENGLISH, language="en", published=published)
    assert source_of(item).published == published.date()
    assert source_of(dataclasses.replace(item, published=None)).published is None
