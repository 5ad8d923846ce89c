"""The wordings with which a house speaks of itself: who of it says something how often, and on which programme."""

from __future__ import annotations

_PERSON = r"(?-i:[A-Z][\w'’-]+(?: [A-Z][\w'’.-]+){1,3})(?: of [^.!?]{1,60})?"
_HOUSE_OF = r"(?:(?-i:[A-Z])\w+(?: \w+)?['’]s? )?"  # Bloomberg's
_PRESENTER = rf"{_HOUSE_OF}{_PERSON}(?: and {_PERSON})?"

NOTICES = (
    (
        r"our (?:[\w-]+ ){0,2}(?:editors?|newsroom|team|journalists?|reporters?|writers?|columnists?|critics?)\b"
        r"[^.!?]{0,140}\b(?:every|each) (?:day|week|weekday|month|morning|evening|weekend"
        r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)s?\b[^.!?]{0,40}[.!]?"
    ),
    (
        rf"{_PRESENTER} (?:reports?(?: (?:live )?(?:from|for|on) [\"“]?(?-i:[A-Z])[\w'’: -]{{1,40}})?"
        r"|explains?|shares? (?:his|her|their) (?:perspective|take|thoughts|insights?|views?|analysis)"
        r"|joins?(?: us| me| the show)?(?: now| live)? to (?:discuss|explain|talk|weigh in)(?: (?:this|it|that|more))?"
        r"|has (?:more(?: details)?|the (?:story|details|latest))(?: (?:on|from|for|about)\b[^.!?]{0,100})?)[.!\"”]*"
    ),
    # Who is on which programme: its name stands in quotation marks; without them, a head of state may speak on TV.
    (
        rf"(?:[^.!?]{{1,200}} joins? {_PERSON}[^.!?]{{0,60}}|(?:(?-i:[A-Z])\w+|{_PERSON}(?:, [^.!?]{{1,100}},)?) "
        r"speaks?(?: exclusively| live)?(?: (?:to|with) [^.!?]{1,80})?) "
        r"(?:on|with) [\"“](?-i:[A-Z])[^\"”.!?]{1,40}[.,]?[\"”]?\.?"
    ),
    r"(?:he|she|they) speaks?(?: exclusively| live)? on (?-i:[A-Z])\w+ (?:TV|Television|Radio|News)\.?",
    rf"(?:he|she|they|{_PERSON}) speaks?(?: exclusively)? (?:to|with) (?-i:[A-Z])\w+['’]s? {_PERSON}\.?",
    (
        r"[^.!?]{1,60} is your (?:definitive|daily|weekly|essential|trusted|go-to|one-stop) "
        r"(?:source|guide|look|spotlight|destination)\b.{0,160}"
    ),
    (
        r"(?:an? |the )?(?:(?:single|automated|daily|weekly|handpicked|hand-picked|curated) ){1,2}"
        r"(?:curation|selection|digest|story|list|mix)\b[^.!?]{0,60}\b(?:our|we|you|your)\b[^.!?]{0,80}[.!]?"
    ),
    r"(?:(?-i:[A-Z])\w* ){1,2}(?:TV|Television|Radio) is live (?:from|at|in)\b.{0,240}",
    r"just (?:one|once) (?:a|each|every) (?:day|week|morning)[.!]?",
    r"[\"“][^\"”]{3,60}[\"”] is (?:all about|an? (?:daily|weekly) (?:show|podcast|program(?:me)?|series))\b.{0,240}",
    rf"hosts? {_PERSON}(?:(?:,|,? and) {_PERSON}){{0,4}} brings? (?:clarity|context|you)\b.{{0,200}}",
    (
        r"(?:[\"“][^\"”]{3,60}[\"”]|(?:the )?(?-i:[A-Z])\w+(?: (?-i:[A-Z])\w+){0,3}) "
        r"(?:brings you|delivers|has|gives you) [^.!?]{0,100}\byou need to (?:know|set|get|start)\b.{0,160}"
    ),
    r"(?:our|this) (?:show|podcast) (?:features|covers|explores|brings)\b.{0,200}",
    r"no other (?:show|program|podcast) (?:better|brings|gives|covers)\b.{0,160}",
    r"get (?:an? )?(?:jump|head)[ -]?start on\b.{0,200}",
    (
        rf"(?:he|she|they) speaks?(?: exclusively)? (?:to|with) {_PERSON} at the (?-i:[A-Z])[^.!?]{{1,60}}"
        r"(?:event|summit|forum|conference|festival)\b[^.!?]{0,40}\.?"
    ),
    r"an? (?:co-)?production of (?-i:[A-Z])[\w'’]+(?: (?-i:[A-Z])[\w'’]+){0,4}\.?",
    rf"the voice of [^!?]{{1,60}} (?:is|was) {_PERSON}\.?",
)
