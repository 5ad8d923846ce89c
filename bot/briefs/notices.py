"""The wordings of lines that are no part of the news, as patterns: English, and some of other languages."""

from __future__ import annotations

from bot.briefs import notices_house, notices_zh

# Kinds: who wrote it, who took the picture, where to read on, what to press, what the law says, where it first stood.
# Case is not regarded. NOTICES are the whole of a line or sentence; the lengths keep news out, for a notice is short.

_NAMED = r"(?-i:[A-Z])[^.!?]{1,80}"
_AUTHORS = r"(?-i:[A-Z])[^.!?]{1,300}"
_WRITER = r"(?-i:[A-Z][\w'’.-]+(?: [A-Z][\w'’.-]+){1,3})(?: \([^()]{1,80}\))?"
_HOSTS = r"(?:apple podcasts?|spotify|youtube|itunes|google podcasts?|stitcher|soundcloud|patreon)"
_PLACES = r"(?:channel|page|forums?|newsletter|website|blog|app|podcast|community|mailing list|comments|facebook group)"
_SIZES = r"(?:[kmg]i?b|bytes?|[kmg]o|octets|[кмг]б|байт|(?:кило|мега|гига)байт|字節|字节)"
_SITES = r"(?:facebook|twitter|x|instagram|telegram|whatsapp|linkedin|youtube|tiktok|threads|mastodon|weibo|wechat)"

_BYLINES = (
    # With a full stop only names may follow: "By Monday evening they had left."
    rf"(?:by|par|von|por|di|door) {_WRITER}(?:(?:,|;|,? and|,? et|,? und|,? y|; and) {_WRITER}){{0,9}}\.?",
    (
        r"(?:by|reporting by|written by|edited by|editing by|compiled by|additional reporting by|with files from)\s+"
        rf"{_AUTHORS}"
    ),
    rf"(?:hosted|produced|presented|narrated|edited|mixed)(?: and [a-z]+)? by {_NAMED}\.?",
    (
        r"(?:com |con )?(?:produção|producción|produzione) d[eai] (?-i:[A-Z])[^.!?]{1,60} [ey] "
        rf"(?:edição|edición|montaggio|montagem) d[eai] {_NAMED}\.?"
    ),
    rf"(?:theme |original |intro |outro )?(?:music|artwork|logo|sound design|cover art)s?:? by {_NAMED}\.?",
    r"(?:editor['’]?s['’]? note|about the author|disclosure|disclaimer)s?\s?[:：—–-].{0,500}",
)
_CREDITS_AND_CAPTIONS = (
    # A place and a full date, and nothing that happened there: reports have a verb, and say "on July 30".
    (
        r"(?!.*\b(?:was|were|had|died|said|took|began|met|won|left|fell|(?<!is )(?<!are )\w{2,}ed)\b)[^!?]{10,300}"
        r"(?-i:[A-Z])[\w'’. -]{2,30}, (?:january|february|march|april|may|june|july|august|september|october"
        r"|november|december|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?) \d{1,2}, \d{4}\.?"
    ),
    (
        r"(?:photo(?:graph)?|foto|image[nm]?|bild|picture|file photo|v[ií]deo|credit|illustration|source)s?"
        r"\s?(?:credits?|attribution|source|by|courtesy of|courtesy)?"
        r"\s?[:：/].{0,160}"
    ),
    r"(?:file photo|photo illustration|mandatory credit)\b.{0,500}",
    r"\(?source: [^.]{1,60}\)?",
    # The marks of time in a talk, and what belongs to them.
    r"\(\d{1,2}:\d{2}(?::\d{2})?\).{0,200}",
    r"\d{1,2}:\d{2}(?::\d{2})?\s[^.!?。！？]{0,80}",
)
_READ_ON = (
    r"(?:read|see|find out|learn|know|watch|discover|view) more\b.{0,120}",
    r"(?:continue reading|keep reading|read also|see also|read next|up next|don['’]t miss)\b.{0,160}",
    r"read on\b.{0,160}",
    (
        r"(?:for|to) [^.!?,]{1,80}, (?:please )?(?:check out|see|visit|refer to|consult|go to|head to|click|contact"
        r"|call|e-?mail|download|join|try|sign up|register"
        r"|subscribe|use) (?:our|the|this|my|us|me|here|at|on|for|www)\b.{0,120}"
    ),
    (
        r"(?:listen|tune in|watch|subscribe|follow|download|find|hear)\b[^.!?]{0,60}\b(?:wherever|where|anywhere) you "
        r"(?:get|find|listen to|download|watch)\b.{0,60}"
    ),
    (
        r"(?:also |and |you can )?(?:check out|visit|go to|see|find (?:us|it|more) (?:at|on)|head (?:over )?to) "
        r"(?:\S+ ){0,6}(?:https?://|www\.)\S+.{0,80}"
    ),
    r"(?:new: )?you can now listen to (?:our |the |this )?(?:articles?|stories|story)\b.{0,60}",
    r"this audio (?:is|was) (?:auto-?)?generated (?:by|with|using)\b.{0,80}",
    r"join (?-i:[A-Z])[^.!?]{1,160} as (?:they|we|he|she)\b.{0,200}",
    r"today['’]s guests?(?: (?:is|are))?\s?[:：].{0,240}",
    r"once you (?:register|sign up|subscribe|enrol)\b.{0,160}",
    (
        r"(?:(?:we|i)(?:['’]re|['’]m| are| am)? )?(?:really )?looking forward to "
        r"(?:your|hearing|seeing you|meeting you)\b[^,]{0,80}"
    ),
    r"(?:visita|visite|visitez|besuche?|visit) (?:[\w-]+\.)+\w{2,}\b.{0,160}",
    r"get started (?:at|on|with|by|here|now|today)\b.{0,120}",
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
# German, French, Spanish, Portuguese, Italian, Dutch, Russian: the imperative with which a notice begins or ends.
_INVITATIONS_ELSEWHERE = (
    (
        r"(?:jetzt|hier|gleich)\b[^.!?]{0,60}\b(?:anmelden|abonnieren|registrieren|bestellen|kaufen|herunterladen"
        r"|bewerben|spenden|mitmachen|teilnehmen|weiterlesen|ansehen|anhören)\b.{0,80}"
    ),
    (
        r"(?:melde dich|meldet euch|melden sie sich|abonnier(?:e|t|en sie)|besuch(?:e|t|en sie) uns|klick(?:e|t|en sie)"
        r"|(?:folg|schreib|schick|unterstütz)(?:e|t|en sie)? (?:uns|mir|mich)|diskutier(?:e|t|en sie) mit"
        r"|hole? dir|holt euch|holen sie sich|sichere? dir|sichert euch|sichern sie sich"
        r"|sei(?:d|en sie)? (?:live |mit )?dabei|hör(?:t|en sie)? (?:rein|doch mal))\b.{0,160}"
    ),
    (
        r"(?:(?:abonnez|inscrivez|connectez|joignez)[- ]vous|(?:suivez|rejoignez|retrouvez|contactez|écrivez|soutenez)"
        r"[- ](?:nous|moi)|cliquez|téléchargez|n['’]hésitez pas à|pour en savoir plus|plus d['’]infos?)\b.{0,160}"
    ),
    r"poste(?:t|n sie)?\b[^.!?]{0,120}\b(?:facebook|instagram|twitter|hashtag|kommentare?)\b.{0,120}",
    r"[^.!?]{1,80}\b(?:findest du|findet ihr|finden sie) in (?:dieser|unserer) (?:folge|ausgabe|sendung)\b.{0,80}",
    r"si vous [^.!?,]{1,80}, (?:on a|nous avons) (?:un|des) (?:articles?|dossiers?|guides?)\b.{0,80}",
    # An imperative and "our": a house speaks of itself.
    r"(?:retrouvez|découvrez|lisez|écoutez|consultez|regardez|suivez)\b[^.!?]{0,160}\b(?:notre|nos)\b.{0,120}",
    (
        r"(?:lesen|sehen|hören|finden|erfahren|entdecken|nutzen|testen|besuchen) sie (?:hier|auch|mehr|alle|dazu|jetzt"
        r"|(?:in )?unser\w*)\b.{0,160}"
    ),
    r"(?:scopri|guarda|leggi|ascolta)\b[^.!?]{0,120}\bnostr[aoei]\b.{0,80}",
    r"(?:descubr[ae]|lee|lea|mir[ae]|escuch[ae]|visit[ae])\b[^.!?]{0,120}\bnuestr[ao]s?\b.{0,80}",
    r"(?:confira|veja|leia|ouça|descubra)\b[^.!?]{0,120}\bnoss[ao]s?\b.{0,80}",
    r"(?:suscr[ií]bete|s[ií]guenos|[uú]nete|haz cli[ck]|pulsa aqu[ií]|desc[aá]rga(?:te|lo|la)|compártelo)\b.{0,160}",
    r"(?:assine|inscreva-se|siga-nos|siga o|clique|baixe o|participe d[oa]|compartilhe)\b.{0,160}",
    r"(?:iscriviti|iscrivetevi|seguici|seguiteci|clicca|cliccate|scarica l['’]|abbonati)\b.{0,160}",
    r"(?:volg ons|schrijf je in|meld je aan|abonneer je|klik hier|download de)\b.{0,160}",
    (
        r"(?:подпис(?:ывайтесь|аться|ывайся)|подпишитесь|присоединяйтесь|следите за (?:нами|новостями)|нажмите|скачать"
        r"|обсуждение (?:вед[её]м|на форуме)|поделитесь)\b.{0,160}"
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
    r"have a look\b[^:]{0,120}",
    (
        r"(?:this|our) (?:blog )?(?:post|article|story|page) "
        r"(?:has been|was|is) (?:last |regularly )?updated\b(?! by).{0,200}"
    ),
    r"to [^.!?,]{1,80}, (?:this|our) (?:blog|page|site) is (?:regularly|constantly) updated\b.{0,160}",
    r"welcome (?:back )?to (?:another|the|this|our)\b[^.!?]{0,100}[.!]*",
    (
        r"please (?:help|support|consider|subscribe|share|update|enable|rate|review|contact|call|e-?mail|visit|see"
        r"|click|follow|join|reply|respond"
        r"|inquire|send|let (?:us|me) know|do not hesitate|feel free|note that (?:this|the) feed)\b.{0,200}"
    ),
    r"check out (?:the|our|my|his|her|their|this|these)\b[^.!?]{0,160}[.!]*",
    r"check (?:us|it|them|him|her|me) out\b[^.!?]{0,100}[.!]*",
    r"(?:thanks|thank you)\b.{0,30}\b(?:for (?:watching|joining|the|all)|to (?:all|our|my|everyone))\b.{0,160}",
    r"(?:thanks|thank you)\b.{0,60}\bfor (?:sponsoring|supporting|your|reading|listening)\b.{0,120}",
    r"thank you\b.{0,30}\bto\b.{0,200}",
    r"(?:we|i)['’]d (?:also )?like to thank\b.{0,160}",
    r"if you (?:can|like|liked|enjoy|enjoyed)\b[^.]{0,80},? please\b.{0,160}",
    (
        r"if you(?:['’]ve| have) (?:got )?(?:any |further |more |other |additional |a )?"
        r"(?:questions?|comments?|feedback|suggestions?|ideas?|thoughts|tips?|concerns?)\b[^.!?]{0,160}[.!]?"
    ),
    r"(?:please )?(?:inquire|enquire) (?:about|at|within|with|now|today|here)\b.{0,160}",
    r"(?:please )?(?:call|text|e-?mail|contact|message|write to|write|ask|tell|send) (?:us|me|now|today)\b.{0,160}",
    (
        r"(?:discover|explore|read|watch|see|browse|visit|download|get|join|follow|listen to|meet|enjoy)\s"
        r"[^.!?\"“”]{0,80}\bour\b[^.!?\"“”]{0,100}[.!]?"
    ),
    r"(?:get|grab|claim|pick up|order|book|reserve|buy) (?:all )?(?:your|yours)\b[^.!?\"“”]{0,160}[.!]?",
    r"(?:be|make) sure to (?:also )?(?:check|subscribe|follow|like|visit|join|read|listen|watch|rate|sign)\b.{0,160}",
    (
        r"(?:don['’]t forget|feel free|remember) to (?:also )?(?:check|subscribe|follow|like|visit|join|share|rate|sign"
        r"|leave|contact|e-?mail|ask|send|reach|comment|post)\b.{0,160}"
    ),
    *_INVITATIONS_ELSEWHERE,
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
    # As WordPress puts it in other languages.
    r"der beitrag .{1,300} erschien zuerst auf .{1,120}",
    r"l['’](?:article|entrée) .{1,300} est apparu en premier sur .{1,120}",
    r"la entrada .{1,300} (?:se publicó primero|apareció primero) en .{1,120}",
    r"o post .{1,300} apareceu primeiro em .{1,120}",
    r"l['’]articolo .{1,300} (?:proviene da|sembra essere il primo su) (?-i:[A-Z])[^,;]{1,60}",
    r"het bericht .{1,300} verscheen eerst op .{1,120}",
    r"запись .{1,300} впервые появилась (?:на )?(?-i:[A-ZА-Я])[^,;]{1,60}",
    r"artykuł .{1,300} pochodzi z serwisu .{1,120}",
    (
        r"(?:a version of )?(?:this|the) (?:story|article|post|piece|column|essay|interview)\b.{0,160}"
        r"\b(?:(?:originally|first) (?:published|appeared|posted)|adapted from)\b.{0,160}"
    ),
    (
        r"(?:this|the) (?:story|article|post|piece|episode) (?:is|will be|was) (?:now )?"
        r"(?:locked|unlocked|available|exclusive|free)\b.{0,160}"
    ),
    r"this (?:is\b.{0,30}\b)?(?:post|article|story|piece|instal?lment|part)\b.{0,60}\bseries\b.{0,300}",
    r"submitted by\s?\S.{1,120}",
)
_TITLED = r"(?:(?-i:[A-ZÀ-ÖØ-ÞА-Я0-9])|\w+\.\w)[^|·•—–]"
_SIGNS = (
    r"(?:\[[^\[\]]{1,40}\]\s*){1,8}",  # [link] [comments]
    r"(?:[^.!?。！？\s][^.!?。！？]{0,40}\s)?(?:https?://|www\.)\S+",
    r"(?:[#＃][^\s#＃,、]{1,60}[\s,、]*){1,40}",
    # Names in a row; the sign that parts them is in none, or trying would take exponential time.
    r"(?:[^|｜·•—–]{1,30}\s[|｜·•—–]\s){2,20}[^|｜·•—–]{0,29}[^.!?。！？\s|｜·•—–]",
    r"(?:[^-]{1,30}\s-\s){2,20}[^-]{0,29}[^.!?。！？\s-]",
    r"(?:[^—]{1,60} — ){4,20}[^—]{1,80}",
    r"(?-i:[A-Z])[^—.!?,]{1,100} — (?:[^—.!?,]{1,60} — ){2,20}(?-i:[A-Z])[^—.!?,]{1,60}[.]?",
    r"(?:(?-i:[A-Z])[^—.!?,\s]*(?: (?-i:[A-Z])[^—.!?,\s]*){0,2} — ){3,20}.{1,300}",
    rf"(?:{_TITLED}{{0,50}}\s[|·•—–]\s){{2,20}}{_TITLED}{{0,50}}",
)

_BUTTONS = "show (?:contact info|phone number|e-?mail address)"
_LICENCES = "licen[cs]ed?|licencia|licença|licenza|lizenz|licentie"
_OF_WEB = r"\b(?:sites?|websites?|browser|track|partners?|third[- ]party|consent|policy|preferences|settings)\b"
# One sentence, told by how it ends or by what stands in its midst: files and their size, pointers, our places.
_SENTENCE = r"^[^.!?。！？]*"
SENTENCES = (
    # Whom an agency asked for comment in vain tells nothing in a summary; what else is not answered may be the news.
    (
        rf"{_SENTENCE}\b(?:did not|didn['’]t|has not|have not|had not) (?:immediately |yet )?"
        r"(?:respond(?:ed)?|repl(?:y|ied)) to (?:[\w'’]+ ){1,4}(?:for|seeking) (?:a |further )?comment\b[^!?]{0,80}$"
    ),
    rf"{_SENTENCE}\b(?:did not|couldn['’]t|could not) immediately (?:comment|verify|confirm)\b[^.!?]{{0,40}}[.]?$",
    rf"{_SENTENCE}\b(?:contacted|approached|asked) [^.!?]{{1,60}} for (?:a )?comment\b[^.!?]{{0,25}}[.]?$",
    rf"{_SENTENCE}\b(?:not (?:immediately )?available|could not (?:immediately )?be reached) for comment\b[^.!?]*[.]?$",
    r"^[^.!?]{1,60} declined to comment(?: on (?:the|its|these|this)\b[^.!?]{1,30})?[.]?$",
    # "The essential guide to marketing here." is a link; "People get to read here." may be news, and is long.
    (
        r"^(?:[^.!?,;:\s]+ ){1,14}(?:guides?|infographics?|white ?papers?|e-?books?|slides|pdf)"
        r" (?:[^.!?,;:\s]+ ){0,6}here[.!:]*$"
    ),
    (
        r"\b(?:use|nutze?|our|unser\w*|your|dein\w*) [^.!?]{0,20}"
        r"\b(?:promo(?:tion(?:al)?)?|coupon|discount|voucher|gutschein|rabatt)[ -]?codes?\b.{0,40}[„“”\"‘’'«]"
    ),
    r"\buse (?:the )?(?:promo |discount |coupon )?code (?-i:[A-Z][A-Z0-9]{3,})",
    rf"^(?:[^.!?。！？]|\.\w)*\(\s?\d[\d.,]*\s?(?:{_SIZES})\s?\)$",
    rf"{_SENTENCE}\b(?:right|over|available|found|read it|try it|get it) here[.!:]*$",
    rf"{_SENTENCE}\b(?:par ici|c['’]est (?:par )?(?:ici|là))[.!:]*$",
    (
        rf"{_SENTENCE}\b(?:ist|sind|gibt['’]?s|gibt es|geht['’]?s|finden sie|findet ihr|lest ihr|lesen sie)"
        r"(?: es)? hier(?: entlang)?[.!:]*$"
    ),
    rf"^(?:[^.!?,]*, )?(?:you can|please)\b[^\"“”.!?]*\b(?:our|my|the) (?:[\w+-]+ ){{0,2}}{_PLACES}\b[^.!?]*[.!]?$",
    r"\b(?:du hast|ihr habt|sie haben) die möglichkeit\b[^.!?]*\bfragen zu stellen\b",
    rf"{_SENTENCE}\b(?:erfahrt|seht|lest|hört|findet) ihr\b[^.!?]*\b(?:hier|unser\w*)\b[^.!?]*[.!]*$",
    r"\bwünsch(?:en|t|e) (?:allen|euch|ihnen)\b[^.!?]*\b(?:leser|hörer|abonnent|kund|nutzer|zuschauer)",
    (
        rf"{_SENTENCE}\b(?:exemples?|démos?|infos|détails|suite|articles?|téléchargements?)\b[^.!?]*"
        r" ici(?: ou là| même)?[.!]*$"
    ),
    r"^(?:entretien|interview|article|chronique)s? pour (?:notre|la) (?:série|rubrique)\b",
    r"^[^.!?,]*, (?:retrouvez|découvrez|lisez|écoutez|consultez|regardez|suivez) (?:notre|nos)\b[^.!?]*[.!]?$",
    rf"{_SENTENCE}\b(?:happy|merry) [\w ]{{3,30}} to (?:all|our|you|everyone)\b[^.!?]*[.!]*$",
)
# In a line of some 200 characters, these tell a notice wherever they stand.
MARKS = (
    r"\bbring(?:s|ing)? (?:you|viewers|listeners|readers) (?:exclusive|the latest|the news|news|insights?)\b",
    r"\b(?:to )?giv(?:e|es|ing) (?:viewers|listeners|readers) the (?:complete|full|whole|inside) (?:picture|story)\b",
    r"\bthanks to [^.!?]{1,60} for sponsoring\b",
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
    rf"\b{_BUTTONS}$",
    r"\b(?:call|text|phone|tel|whatsapp|fax|e-?mail)\b[^.!?]{0,60}\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b",
    # Who stands where in a picture.
    r" \((?:far )?(?:left|right|cent(?:re|er)|top|bottom|l|r|c)\)|\((?:second|third|fourth) from (?:left|right)\)",
    r"\b(?:from left|from l to r|left to right|clockwise from)\b|\bundated (?:photo|image|picture|handout)",
    rf"\b(?:{_LICENCES}|under|sous|unter)\b.{{0,60}}\b(?:creative commons?|cc[- ]by)\b",
    rf"\b(?:creative commons?|cc[- ]by)\b.{{0,60}}\b(?:{_LICENCES})\b",
    # Under what terms an agency gives away a picture, and what that shows: Rugby - Cup - City - May 2, 2026 …
    r"\beditorial use only\b|\bno use (?:with unauthori[sz]ed|in betting)\b|\bno video emulation\b",
    r"^(?:[^.!?]{2,60} - ){2,6}(?-i:[A-Z])[a-z]{2,8} \d{1,2}, \d{4}\b",
    *notices_zh.MARKS,
)
# The ends of captions: who took the picture.
CAPTIONS = (
    r"\bvia (?-i:REUTERS|Reuters|AP|AFP|Getty Images|Xinhua)\.?$",
    r"(?:/|\()(?:getty images|afp|ap|epa|reuters|ap photo|xinhua)\)?$",
    r"\((?:file )?(?:photo|image|picture|video)s?\s?[:：/].{0,80}\)\.?$",
    r"\((?-i:[A-Z])\w+ [^()]{1,50}(?:/|via )(?-i:[A-Z])[^()]{1,60}\)\.?$",
    r"\b(?-i:REUTERS|via Reuters|via REUTERS|AFP|AP)/[^.]{1,80}\.?(?:/+file photo)?$",
    r"(?:mandatory credit|photo credit|photo courtesy)\b.{0,100}$",
    *notices_zh.CAPTIONS,
)
NOTICES = (
    *_BYLINES,
    *_CREDITS_AND_CAPTIONS,
    *_READ_ON,
    *_INVITATIONS,
    *notices_house.NOTICES,
    *_LABELS,
    *_TIMES,
    *_LAW,
    *_FIRST_ELSEWHERE,
    *_SIGNS,
    *notices_zh.NOTICES,
)
# In brackets, and where the report goes on behind it, a credit ends the caption; a button ends a contact.
CREDITS = (
    rf"\b{_BUTTONS}(?: \|)?",
    r"\((?:file )?(?:photo|image|picture|illustration|video)s?(?: credits?)?\s?[:：/][^()]{1,80}\)",
    r"\((?:photo|image|picture|illustration)s? (?:by|courtesy of) [^()]{1,80}\)",
    r"\([^()]{2,50}(?:/|via )(?:ap|afp|epa|pa|reuters|getty images|ap images|bloomberg|xinhua|shutterstock)\)",
    *notices_zh.CREDITS,
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
