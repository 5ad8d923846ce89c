"""The wordings of lines that are no part of the news, as patterns: English, Chinese, some of other languages."""

from __future__ import annotations

# Kinds: who wrote it, who took the picture, where to read on, what to press, what the law says, where it first stood.
# Case is not regarded. NOTICES are the whole of a line or sentence; the lengths keep news out, for a notice is short.

_NAMED = r"(?-i:[A-Z])[^.!?]{1,80}"
_AUTHORS = r"(?-i:[A-Z])[^.!?]{1,300}"
_HOSTS = r"(?:apple podcasts?|spotify|youtube|itunes|google podcasts?|stitcher|soundcloud|patreon)"
_SITES = r"(?:facebook|twitter|x|instagram|telegram|whatsapp|linkedin|youtube|tiktok|threads|mastodon|weibo|wechat)"

_BYLINES = (
    (
        r"(?:by|reporting by|written by|edited by|editing by|compiled by|additional reporting by|with files from)\s+"
        rf"{_AUTHORS}"
    ),
    rf"(?:hosted|produced|presented|narrated|edited|mixed)(?: and [a-z]+)? by {_NAMED}\.?",
    rf"(?:theme |original |intro |outro )?(?:music|artwork|logo|sound design|cover art)s?:? by {_NAMED}\.?",
    r"(?:editor['’]?s['’]? note|about the author|disclosure|disclaimer)s?\s?[:：—–-].{0,500}",
)
_CREDITS_AND_CAPTIONS = (
    (
        r"(?:photo(?:graph)?|foto|image[nm]?|bild|picture|file photo|v[ií]deo|credit|illustration|source)s?"
        r"\s?(?:credits?|attribution|source|by|courtesy of|courtesy)?"
        r"\s?[:：/].{0,160}"
    ),
    r"(?:file photo|photo illustration|mandatory credit)\b.{0,500}",
    r"\(?source: [^.]{1,60}\)?",
)
_READ_ON = (
    r"(?:read|see|find out|learn|know|watch|discover|view) more\b.{0,120}",
    r"(?:continue reading|keep reading|read also|see also|read next|up next|don['’]t miss)\b.{0,160}",
    r"read on\b.{0,160}",
    r"(?:click|tap) (?:here|to|on|below|through|the link)\b.{0,160}",
    r"(?:also|related|recommended|more from|you may also like|most read|trending)\b[^.]{0,20}:.{0,160}",
    r"(?:also worth reading|recommended read|expand to read the full story|content is loading)\b.{0,40}",
    r"read a summary of this (?:article|story)\b.{0,60}",
    (
        r"(?:get|find|see|read|watch|listen|check|visit|register|order|buy|download|book|apply|vote|enter|join)\b"
        r"[^.!?]{0,100}\b(?:here|below)[.!:]*"
    ),
    r"(?:see|visit|check out|go to) \S+(?: \S+){0,8} for (?:privacy|more|further|full|additional|details)\b.{0,80}",
    (
        r"for (?:more|further|full|additional|the latest)\b.{0,80}\b(?:visit|follow|see|click|go to|check|read"
        r"|subscribe)\b.{0,160}"
    ),
    r"(?:listen to|watch|play|download) (?:this|the) (?:article|story|episode|podcast|video|show|interview)\b.{0,120}",
    (
        r"you can (?:also )?(?:download|read|watch|listen|find|follow|subscribe|buy|order|register|sign up)\b"
        r"[^.!?]{0,100}\b(?:here|below|version|full|our (?:site|website|app|forum|page))\b.{0,60}"
    ),
    rf"(?:listen|watch|subscribe|follow|rate|review|find us|available|support|join)\b.{{0,60}}\b{_HOSTS}\b.{{0,160}}",
    # German, French, Spanish, Portuguese, Italian, Dutch, Russian, Polish, Japanese, Korean
    (
        r"(?:weiterlesen|mehr (?:lesen|dazu|zum thema|infos?|informationen)|weitere informationen"
        r"|lire (?:la suite|aussi)|en savoir plus|leer más|seguir leyendo|lea también|leia (?:mais|também)|saiba mais"
        r"|ler mais|leggi (?:tutto|anche|di più)|lees (?:meer|verder|ook)|читать (?:далее|дальше|полностью|также)"
        r"|читайте также|подробнее|czytaj (?:więcej|dalej|też)|続きを読む|더 보기)\b.{0,120}"
    ),
)
_INVITATIONS = (
    r"(?:sign up|subscribe|follow us|join us|share this|download our app)\b.{0,200}",
    r"(?:set|add|make|choose) .{1,60} (?:as|to) (?:a|an|your) (?:trusted|preferred) (?:news )?sources?\b.{0,120}",
    r"(?:get (?:the .{1,40} app|our (?:pick|best|top)|bite-sized news|whatsapp alerts))\b.{0,200}",
    rf"(?:follow|join|find us|find me|connect with) .{{1,60}}\bon {_SITES}\b.{{0,120}}",
    r"(?:leave|post|add|write) a (?:comment|reply|review)\b.{0,80}",
    r"we hope (?:that )?you(?:['’]ve)? (?:like|enjoy|find|found)(?:ed|d)?\b.{0,160}",
    r"(?:log|sign) in (?:or|to|with)\b.{0,160}",
    r"you can (?:purchase|buy|order|get) .{0,120}\b(?:at|from|on|online)\b.{0,80}",
    r"[→»►▶👉].{0,160}",
    r"welcome (?:back )?to (?:another|the|this|our)\b[^.!?]{0,100}[.!]*",
    (
        r"please (?:help|support|consider|subscribe|share|update|enable|rate|review|contact|call|e-?mail|visit|see"
        r"|click|follow|join|note that (?:this|the) feed)\b.{0,200}"
    ),
    r"check out (?:the|our|my|his|her|their|this|these)\b[^.!?]{0,100}[.!]*",
    r"(?:thanks|thank you)\b.{0,30}\b(?:for (?:watching|joining|the|all)|to (?:all|our|my|everyone))\b.{0,160}",
    r"(?:thanks|thank you)\b.{0,60}\bfor (?:sponsoring|supporting|your|reading|listening)\b.{0,120}",
    r"thank you\b.{0,30}\bto\b.{0,200}",
    r"(?:we|i)['’]d (?:also )?like to thank\b.{0,160}",
    r"if you (?:can|like|liked|enjoy|enjoyed)\b[^.]{0,80},? please\b.{0,160}",
)
_LABELS = (
    r"(?:advertisement|sponsored(?: content)?|loading\.*|share|print|email|tweet|updated?|published|transcript)",
    r"(?:bookmark|whatsapp|telegram|facebook|twitter|linkedin|copy link|listen|save|newsletters?|related topics)",
    r"(?:\d[\d,.]*k? )?(?:comments?|replies|shares?|views|likes|points)(?: \(\d+\))?",
    r"share (?:on|via|with|it|to)\b.{0,60}",
    r"(?:estimated |average )?read(?:ing)? time\b.{0,40}",
    r"\d{1,3}[- ]min(?:ute)?s?(?:['’])? (?:read|listen|watch)",
    r"(?:filed under|tags?|tagged(?: with)?|categor(?:y|ies)|topics?|posted in|labels?|keywords?)\s?[:：].{0,200}",
    r"(?:table of contents|contents|in this (?:article|story|issue|episode)|jump to|skip to)\b.{0,30}:?",
    r"(?:privacy policy|terms of (?:use|service)|cookie policy|contact us|about us)(?:\s*[|·•/&,-].{0,80})?",
)
_TIMES = (
    r"(?:last )?(?:published|updated|posted|modified|created)(?: on| at)?[:\s]\s*.{0,60}\d.{0,30}",
    r"\d{1,2} [A-Z][a-z]{2,8} \d{4},? \d{1,2}:\d{2}\s?(?:[AP]M)?(?: \((?:Updated|Published)\b.{0,40}\))?",
    (
        r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?(?:[a-z]{3,9}\.? \d{1,2}|\d{1,2} [a-z]{3,9}\.?),? \d{4}"
        r"(?:,? (?:at )?\d{1,2}:\d{2}.{0,16})?"
    ),
    r"\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?(?:[ T]?\d{1,2}[:：]\d{2}.{0,12})?",
)
_LAW = (
    r"(?:this (?:site|website) uses|we (?:and our partners )?use) cookies\b.{0,400}",
    r"(?:by continuing to|by using this|by signing up|by subscribing)\b.{0,200}(?:cookies|terms|privacy).{0,200}",
    r"(?:accept|reject) (?:all )?cookies.?",
    r"we['’]ll (?:send|e-?mail|notify)\b.{0,160}",
    r"(?:all rights reserved|copyright|©|\(c\)).{0,200}",
)
_FIRST_ELSEWHERE = (
    r"the post .{1,300} (?:appeared first|first appeared) on .{1,120}",
    (
        r"(?:a version of )?(?:this|the) (?:story|article|post|piece|column|essay|interview)\b.{0,160}"
        r"\b(?:(?:originally|first) (?:published|appeared|posted)|adapted from)\b.{0,160}"
    ),
    (
        r"(?:this|the) (?:story|article|post|piece|episode) (?:is|will be|was) (?:now )?"
        r"(?:locked|unlocked|available|exclusive|free)\b.{0,160}"
    ),
    r"this (?:is\b.{0,30}\b)?(?:post|article|story|piece|instal?lment|part)\b.{0,60}\bseries\b.{0,80}",
    r"submitted by\s?\S.{1,120}",
)
_SIGNS = (
    r"(?:\[[^\[\]]{1,40}\]\s*){1,8}",  # [link] [comments]
    r"(?:[^.!?。！？\s][^.!?。！？]{0,40}\s)?(?:https?://|www\.)\S+",
    r"(?:[#＃][^\s#＃,、]{1,60}[\s,、]*){1,40}",
    # Names in a row; the sign that parts them is in none, or trying would take exponential time.
    r"(?:[^|｜·•—–]{1,30}\s[|｜·•—–]\s){2,20}[^|｜·•—–]{0,29}[^.!?。！？\s|｜·•—–]",
    r"(?:[^-]{1,30}\s-\s){2,20}[^-]{0,29}[^.!?。！？\s-]",
)

_ZH_CREDIT = (
    "記者|记者|撰文|撰稿|作者|文字|編輯|编辑|責任編輯|责任编辑|責編|责编|值班編輯|值班编辑|校對|校对|編譯|编译|審校|审校|審核|审核"
    "|監製|监制|策劃|策划|統籌|统筹|剪輯|剪辑|供稿|實習生|实习生|攝影|摄影|攝|摄|圖片來源|图片来源|圖源|图源|圖片|图片"
    "|圖|图|文|來源|来源|資料來源|资料来源|資料圖|资料图|資料圖片|资料图片"
)
_ZH_READ_ON = (
    "點擊|点击|查看|繼續閱讀|继续阅读|了解更多|延伸閱讀|延伸阅读|相關閱讀|相关阅读|相關新聞|相关新闻|推薦閱讀|推荐阅读"
    "|更多內容|更多内容|往期回顧|往期回顾|相關報道|相关报道|相關報導|熱門文章|热门文章|上一篇|下一篇|詳情請|详情请|看更多"
)
_ZH_CHANNEL = (
    "公眾號|公众号|頻道|频道|客戶端|客户端|應用|应用|app|二維碼|二维码|粉絲專頁|粉丝团|電子報|电子报|群組|微博|微信"
)
_ZH_DO = "關注|关注|訂閱|订阅|掃碼|扫码|掃描|扫描|下載|下载|加入|追蹤|追踪|按讚|點讚|点赞|轉發|转发|收聽|收听|留言"
_CHINESE = (
    rf"[（(\[【]?(?:(?:{_ZH_CREDIT})[）)]?\s*[:：/／|｜]\s?.{{0,40}}){{1,4}}",
    r"[（(【]?完[）)】]?",
    r"(?:原標題|原标题|原題|原文標題|原文标题|原文鏈接|原文链接|原文連結)\s*[:：].{0,120}",
    r"(?:本文|本篇|本稿|本新聞|本新闻|文章|內容|内容)(?:來源|来源|來自|来自|轉載|转载|轉自|转自|摘自|授權|授权)[^。]{0,80}。?",
    r"(?:本文|本篇|本稿|本新聞|本新闻)(?:原載|原载|首發|首发|獲|获|由|為|为|經|经)[^。]{0,80}。?",
    r"(?:轉載自|转载自|轉自|转自|摘自|綜合自|综合自)\s*[:：]?[^。]{0,40}",
    r"(?:免責|免责|特別|特别|版權|版权)?(?:聲明|声明)\s*[:：].{0,400}",
    r"(?:閱讀|阅读)(?:更多|全文|原文).{0,60}",
    r"(?:閱讀|阅读)(?:時間|时间|量|數|数|約|约|需).{0,30}",
    rf"(?:{_ZH_READ_ON})[^。]{{0,120}}",
    r"(?:廣告|广告|分享|評論|评论|收藏|打印|列印|置頂|置顶|返回|首頁|首页|目錄|目录|導讀|导读|熱門|热门|推薦|推荐)",
    rf"(?:歡迎|欢迎|敬請|敬请|請|请|快來|快来)?(?:{_ZH_DO}).{{0,30}}(?:{_ZH_CHANNEL}).{{0,60}}",
    rf"(?:歡迎|欢迎|敬請|敬请)(?:{_ZH_DO})[^。]{{0,60}}",
    r"(?:更多|最新)[^。，]{0,12}(?:資訊|资讯|信息|詳情|详情|新聞|新闻|內容|内容|報道|报道|報導)[^。，]{0,12}(?:請|请|歡迎|欢迎)[^。]{0,60}。?",
    r"(?:發佈|发布|發布|更新|刊登|出版)(?:時間|时间|日期|於|于)?\s*[:：]?\s*\d{2,4}[-/.年].{0,30}",
    r"(?:標籤|标签|分類|分类|關鍵詞|关键词|關鍵字|关键字)\s*[:：].{0,120}",
    r"\d{1,6}\s?(?:人|次|則|则|條|条)?(?:閱讀|阅读|瀏覽|浏览|評論|评论|點讚|点赞|留言|分享).{0,12}",
)

_OF_WEB = r"\b(?:sites?|websites?|browser|track|partners?|third[- ]party|consent|policy|preferences|settings)\b"
# In a line of some 200 characters, these tell a notice wherever they stand.
MARKS = (
    r"\bcontributed (?:reporting )?to this (?:report|story|article)\b",
    (
        r"\b(?:can be reached|follow (?:him|her|them|me|us)|contact (?:him|her|us|me|the author)) (?:at|on|via|by) "
        rf"(?:\S*@\S+|\+?\d[\d -]{{5}}|e-?mail|{_SITES}\b)"
    ),
    r", (?:photographed|pictured) (?:here |above |below )?(?:in|on|at|during|with|outside|near)\b[^.]{0,80}\.?$",
    r"\bin this (?:[\w-]+ ){0,3}(?:photo|photograph|picture|image|screengrab)\b",
    r"\b(?:check back (?:often|soon|later|for)|stay tuned|watch this space)\b",
    r"\b(?:register|sign up|subscribe|order|book|apply|buy yours?) (?:now|today|here)[.!]*$",
    r"\bshar(?:e|ing) this (?:article|post|video|story|episode|page)\b",
    rf"{_OF_WEB}.*\bcookies?\b|\bcookies?\b.*{_OF_WEB}",
    r"\bad ?block(?:er|ers|ing)?\b",
    r"\bi (?:understand|agree|consent)\b.*\b(?:terms|policy|agreement)\b",
    r"\ball rights reserved\b|©",
    r"\b(?:affiliate links?|earn (?:a|an) (?:affiliate )?commission)\b",
    r"\b(?:your browser (?:does not|doesn['’]t)|(?:enable|requires) javascript)\b",
    r"\bavailable (?:only|exclusively) (?:to|for) (?:\w+ )?(?:members|subscribers|readers)\b",
    r" was originally published in .{1,120} on medium, where ",
    r"(?:版權所有|版权所有|未經授權|未经授权|不得轉載|不得转载|轉載請註明|转载请注明)",
    r"(?:使用|接受|同意).{0,12}cookies?",
    r"(?:廣告攔截|广告拦截|廣告阻擋|广告屏蔽|攔截廣告|拦截广告)",
    r"(?:登入|登錄|登录|註冊|注册|訂閱|订阅).{0,30}(?:繼續閱讀|继续阅读|閱讀全文|阅读全文)",
)
# The ends of captions: who took the picture.
CAPTIONS = (
    r"(?:/|\()(?:getty images|afp|ap|epa|reuters|ap photo|xinhua)\)?$",
    r"\((?:file )?(?:photo|image|picture|video)s?\s?[:：/].{0,80}\)\.?$",
    r"\((?-i:[A-Z])\w+ [^()]{1,50}(?:/|via )(?-i:[A-Z])[^()]{1,60}\)\.?$",
    r"\b(?-i:REUTERS|via Reuters|via REUTERS|AFP|AP)/[^.]{1,80}\.?(?:/+file photo)?$",
    r"(?:mandatory credit|photo credit|photo courtesy)\b.{0,100}$",
)
NOTICES = (
    *_BYLINES,
    *_CREDITS_AND_CAPTIONS,
    *_READ_ON,
    *_INVITATIONS,
    *_LABELS,
    *_TIMES,
    *_LAW,
    *_FIRST_ELSEWHERE,
    *_SIGNS,
    *_CHINESE,
)
# Above a list of links.
LINKS_FOLLOW = (
    r"(?:related|recommended|more|other|most read|latest|popular|further) "
    r"(?:stories|articles|posts|topics|reading|news|links|coverage)"
    r"|related|read more|see also|you (?:may|might) also like|more on this (?:story|topic)|more from .{1,40}"
    r"|articles? (?:en rapport|liés|associés)|sur le même (?:sujet|thème)|(?:à )?lire aussi|mehr zum thema"
    r"|(?:noticias|notícias|artículos|artigos) relacionad[oa]s|leggi anche|lees ook|читайте также|по теме"
    r"|(?:延伸|相關|相关|推薦|推荐|更多|熱門|热门|往期)(?:閱讀|阅读|新聞|新闻|文章|報道|报道|報導|連結|链接|回顧|回顾|推薦|推荐)"
)
READ_ON = (
    "read more|continue reading|keep reading|閱讀全文|阅读全文|查看全文|閱讀更多|阅读更多|繼續閱讀|继续阅读"
    "|weiterlesen|mehr lesen|lire la suite|leer más|seguir leyendo|leia mais|ler mais|saiba mais|leggi (?:tutto|di più)"
    "|lees (?:meer|verder)|читать (?:далее|дальше)|подробнее|czytaj (?:więcej|dalej)"
)
