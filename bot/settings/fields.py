"""The settings: environment variables (and a `.env` file) in one frozen value."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from bot.errors import SettingsError
from bot.model import Target
from bot.settings.checks import Checked
from bot.settings.targets import read_targets, secrets_of

Positive = Annotated[float, Field(gt=0, le=1_000_000)]  # for seconds, eleven days
# https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
_FREE_PER_SECOND, _PAID_PER_SECOND = 30, 1000
ENV_FILE = ".env"
ENCODING = "utf-8-sig"  # editors on Windows put a mark before UTF-8


class Settings(Checked):
    """Each field is the environment variable of the same name in capitals. Its description is its documentation."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE, env_file_encoding=ENCODING, frozen=True, extra="ignore", env_ignore_empty=True
    )

    telegram_token: SecretStr | None = Field(None, description="Bot token from @BotFather.")
    telegram_api_url: str = Field(
        "https://api.telegram.org", description="Bot API server; set it to use one of your own."
    )
    telegram_webhook_url: str = Field(
        "", description="Public https address Telegram shall call. Empty: long polling, which needs no open port."
    )
    telegram_webhook_listen: str = Field("0.0.0.0:8443", description="Address and port the webhook server binds.")
    telegram_webhook_secret: SecretStr | None = Field(
        None, description="Secret that Telegram repeats in each call; made anew at each start when empty."
    )
    discord_token: SecretStr | None = Field(None, description="Bot token from the Discord developer portal.")
    owners: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Who may use `/admin`, and is told in private when something is wrong with the bot: user ids,"
        " comma-separated, e.g. `telegram:12345,discord:678`.",
    )

    targets: SecretStr | None = Field(
        None,
        description="Places that only receive, as `NAME=ADDRESS`, parted by spaces or line breaks: addresses of"
        " Apprise, and `https://…` for a webhook, e.g. `phone=ntfy://ntfy.sh/my-topic hook=https://host.example/news`."
        " OWNERS choose what comes there, with `/manage NAME`.",
    )
    webhook_secret: SecretStr | None = Field(
        None,
        description="Secret that signs what goes to webhooks of TARGETS, at least 16 characters; without it they are"
        " not signed.",
    )

    access: Literal["open", "invite", "list"] = Field(
        "open",
        description="Whom the bot serves: everybody, who sends `/start` with INVITE_CODE, or only OWNERS and"
        " ALLOWED_CHATS. Chats that are in already stay; `/admin expel` puts them out.",
    )
    invite_code: SecretStr | None = Field(
        None,
        description="The code that lets a chat in, 6 to 64 letters, digits, _ and -. On Telegram the link"
        " `https://t.me/YOUR_BOT?start=CODE` is an invitation.",
    )
    allowed_chats: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Chats, people and Discord servers that need no code, by id, comma-separated, e.g."
        " `telegram:12345,telegram:-100123,discord:678`; who is refused is told the id of their chat.",
    )

    database_url: str = Field(
        "sqlite:///data/diting.db", description="`sqlite:///path` or `postgresql://user:password@host/name`."
    )

    database_listen_url: str = Field(
        "",
        description="PostgreSQL's own address, for notices between replicas, where DATABASE_URL leads to a pooler such"
        " as PgBouncer. Empty: the same.",
    )
    takeover_seconds: float = Field(
        5,
        ge=1,
        le=60,
        description="Seconds after which another replica takes over from one that vanished (PostgreSQL).",
    )

    poll_interval: Positive = Field(60, description="Least seconds between two polls of a feed that is busy.")
    poll_pace: Positive = Field(
        460,
        description="Seconds between two polls of a feed that has an item an hour; busy ones are polled more often.",
    )
    poll_longest: Positive = Field(
        3600, description="Most seconds between two polls of a feed that works but is quiet."
    )
    poll_concurrency: int = Field(20, ge=1, le=500, description="How many feeds are fetched at once.")
    fetch_timeout: Positive = Field(30, description="Seconds a feed or page may take, all in all.")
    fetch_max_bytes: int = Field(10_000_000, ge=10_000, description="Largest feed or page, unpacked.")
    user_agent_contact: str = Field(
        "", description="Address or page shown to feed hosts in the User-Agent, so that they can reach you."
    )
    allow_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Hosts on private networks that may be fetched, comma-separated, e.g. `rsshub` or `rsshub:1200`.",
    )

    full_text: Literal["off", "matched", "every"] = Field(
        "matched",
        description="Whose article page is read where a feed gives only a teaser: of no item, of items that somebody"
        " asked for (for the summary), or of every item (keywords then find words of the whole article).",
    )
    rsshub_url: str = Field(
        "", description="Your RSSHub server, e.g. `http://rsshub:1200`, for sites that have no feed of their own."
    )
    public_url: str = Field(
        "", description="Address at which the internet reaches WEB_PORT; hubs then push news of feeds that offer it."
    )

    model_url: str = Field(
        "", description="Any OpenAI-compatible endpoint, e.g. `http://ollama:11434/v1`. Empty: no model."
    )
    model_key: SecretStr | None = Field(None, description="Its API key, where it wants one.")
    model_name: str = Field("", description="The model to ask, e.g. `qwen2.5:7b-instruct`.")
    model_tokens_a_day: int = Field(
        0,
        ge=0,
        le=10**12,
        description="Most tokens a day (UTC) for the model, asked and answered, all replicas together; then briefs are"
        " made without it until the next day. 0: no limit. A brief takes 500 to 3,000.",
    )
    model_money_a_day: float = Field(
        0,
        ge=0,
        le=1_000_000,
        description="Most money a day for the model, by the two prices below and in their currency. 0: no limit.",
    )
    model_price_in: float = Field(0, ge=0, le=1_000_000, description="What a million tokens cost that it is asked.")
    model_price_out: float = Field(0, ge=0, le=1_000_000, description="What a million tokens cost that it answers.")
    deepl_key: SecretStr | None = Field(None, description="DeepL API key, of the free or of a paid plan.")
    deepl_url: str = Field("", description="DeepL API server. Empty: that of the key's plan.")
    libretranslate_url: str = Field("", description="A LibreTranslate server, e.g. `http://libretranslate:5000`.")
    libretranslate_key: SecretStr | None = Field(None, description="Its API key, where it wants one.")
    glossary_file: str = Field(
        "",
        description="A file of your own names in English and in each region's Chinese, such as `/data/glossary.tsv`;"
        " they are added to those that come along, and win.",
    )
    models_dir: Path = Field(
        Path("data/models"), description="Folder of translation models that `python -m bot models install` fills."
    )
    models_index: str = Field(
        "https://raw.githubusercontent.com/argosopentech/argospm-index/main/index.json",
        description="List of Argos packages that `models install` downloads from.",
    )
    brief_timeout: Positive = Field(10, description="Seconds a brief may take before the plain extract goes out.")
    brief_late: float = Field(
        300,
        ge=0,
        le=3600,
        description="Seconds a brief may take in all: one that comes late replaces the extract in the message sent.",
    )
    brief_concurrency: int = Field(
        4, ge=1, le=1000, description="Briefs that the model or translator is asked for at once."
    )

    telegram_per_second: Positive = Field(
        30,
        description="Telegram messages a second, all chats together; more than 30 need `TELEGRAM_PAID_BROADCAST`.",
    )
    telegram_paid_broadcast: bool = Field(
        False,
        description="Let Telegram take more than 30 messages a second, for 0.1 Stars each above that. The bot needs it"
        " switched on in @BotFather, and the Stars.",
    )
    telegram_chat_per_second: Positive = Field(1, description="Telegram messages a second in one chat.")
    telegram_group_per_minute: Positive = Field(20, description="Telegram messages a minute in one group or channel.")
    discord_per_second: Positive = Field(50, description="Discord messages a second, all chats together.")
    max_feeds: int = Field(100, ge=1, description="Feeds a chat may follow.")
    max_keywords: int = Field(200, ge=1, description="Keywords a chat may have.")
    max_regexes: int = Field(20, ge=0, description="Keywords with regular expressions that a chat may have.")
    news_hours: float = Field(
        24, ge=1, le=8760, description="Hours after which alerts that could not be sent go out together, as one digest."
    )
    keep_days: int = Field(
        30, ge=8, le=36_500, description="Days that items are kept, with their briefs and deliveries."
    )
    lease_seconds: Positive = Field(60, description="Seconds until work of a crashed process is taken up again.")

    web_host: str = Field(
        "127.0.0.1", description="Address of /healthz, /readyz and /metrics, and of the admin pages at /admin."
    )
    web_port: int = Field(8080, ge=0, le=65535, description="Its port; 0 turns it off.")
    admin_token: SecretStr | None = Field(
        None,
        description="Switches the admin pages on, and is what one logs in with: 16 characters or more, such as"
        " `openssl rand -hex 24` makes.",
    )
    admin_view_token: SecretStr | None = Field(
        None, description="Another token, for people who may look at the admin pages and change nothing."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much is logged.")
    log_format: Literal["auto", "console", "json"] = Field(
        "auto", description="`auto`: readable on a terminal, JSON otherwise."
    )

    @model_validator(mode="after")
    def _model_is_whole(self) -> Self:
        if self.model_url and not self.model_name:
            raise ValueError("MODEL_URL is set but MODEL_NAME is not: name the model to ask, or clear MODEL_URL")
        return self

    @model_validator(mode="after")
    def _invitations_have_a_code(self) -> Self:
        if self.access == "invite" and not self.invite_code:
            raise ValueError("ACCESS is invite but INVITE_CODE is not set: choose a code, or let in by ACCESS=list")
        return self

    @model_validator(mode="after")
    def _pages_have_an_admin(self) -> Self:
        if self.admin_view_token and not self.admin_token:
            raise ValueError("ADMIN_VIEW_TOKEN is set but ADMIN_TOKEN is not: set both, that one switches the pages on")
        if self.admin_token and self.admin_token == self.admin_view_token:
            raise ValueError("ADMIN_VIEW_TOKEN is the same as ADMIN_TOKEN: who has it could change everything")
        return self

    @model_validator(mode="after")
    def _money_has_prices(self) -> Self:
        if self.model_money_a_day and not (self.model_price_in and self.model_price_out):
            raise ValueError(
                "MODEL_MONEY_A_DAY is set but MODEL_PRICE_IN or MODEL_PRICE_OUT is not: set what a million tokens cost,"
                " or limit the model by MODEL_TOKENS_A_DAY"
            )
        return self

    @model_validator(mode="after")
    def _webhook_is_safe(self) -> Self:
        # A Bot API server of one's own may call by plain http; Telegram's refuses to.
        own_server = self.telegram_api_url != type(self).model_fields["telegram_api_url"].default
        if self.telegram_webhook_url.startswith("http://") and not own_server:
            raise ValueError("TELEGRAM_WEBHOOK_URL: must begin with https://, which Telegram insists on")
        return self

    @model_validator(mode="after")
    def _pace_is_allowed(self) -> Self:
        own_server = self.telegram_api_url != type(self).model_fields["telegram_api_url"].default
        most = _PAID_PER_SECOND if self.telegram_paid_broadcast else _FREE_PER_SECOND
        if self.telegram_token and self.telegram_per_second > most and not own_server:
            mend = (
                "" if self.telegram_paid_broadcast else ", or up to 1000 with TELEGRAM_PAID_BROADCAST=true, for Stars"
            )
            raise ValueError(f"TELEGRAM_PER_SECOND: Telegram takes {most} messages a second{mend}; set {most} or less")
        return self

    @property
    def lease(self) -> timedelta:
        """How long claimed work stays with its process."""
        return timedelta(seconds=self.lease_seconds)

    @property
    def takeover(self) -> timedelta:
        """How long a post stays with its replica."""
        return timedelta(seconds=self.takeover_seconds)

    def places(self) -> tuple[Target, ...]:
        """The places that only receive."""
        return read_targets(self.targets.get_secret_value()) if self.targets else ()

    def secrets(self) -> list[str]:
        """Every secret value, for the log to hide."""
        values = (getattr(self, name) for name in type(self).model_fields)
        whole = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        return [*whole, *(secrets_of(self.targets.get_secret_value()) if self.targets else ())]

    def require_token(self) -> None:
        """Raise SettingsError when no platform is set up."""
        if not (self.telegram_token or self.discord_token):
            raise SettingsError(
                "TELEGRAM_TOKEN and DISCORD_TOKEN are both empty: set at least one in the environment or in .env"
                " (see README, 'Create the bots'), or try `python -m bot demo`, which needs none"
            )
