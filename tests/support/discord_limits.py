"""Discord's limits on loopback: what it counts, and what it says of that in its answers.

https://docs.discord.com/developers/topics/rate-limits
"""

from __future__ import annotations

from dataclasses import dataclass, field

Answer = tuple[int, dict[str, str], "dict[str, object] | None"]


@dataclass
class Bucket:
    """What is left to a channel until when: the first request opens the time, which then runs out for all."""

    left: int
    until: float


@dataclass
class DiscordLimits:
    """50 requests a second in all; five messages in five seconds to a channel. Times are in seconds.

    `taken` are (time, channel) of messages that were taken, `asked` the times of all requests, `refused` counts 429s by
    their scope.
    """

    per_second: int = 50
    channel_most: int = 5
    channel_span: float = 5.0
    taken: list[tuple[float, str]] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=lambda: {"global": 0, "user": 0})
    _buckets: dict[str, Bucket] = field(default_factory=dict)

    def check(self, method: str, path: str, now: float) -> Answer:
        """Status, headers, and the document of a refusal, to a request at a time."""
        recent = [one for one in self.asked[-self.per_second :] if one > now - 1]
        if len(recent) >= self.per_second:
            return self._refuse("global", recent[0] + 1 - now, {})
        self.asked.append(now)
        if method != "POST" or not path.endswith("/messages"):
            return 200, {}, None
        channel = path.split("/")[2]
        bucket = self._buckets.get(channel)
        if bucket is None or bucket.until <= now:
            bucket = self._buckets[channel] = Bucket(self.channel_most, now + self.channel_span)
        if not bucket.left:
            return self._refuse("user", bucket.until - now, self._headers(bucket, now))
        bucket.left -= 1
        self.taken.append((now, channel))
        return 200, self._headers(bucket, now), None

    def _headers(self, bucket: Bucket, now: float) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(self.channel_most),
            "X-RateLimit-Remaining": str(bucket.left),
            "X-RateLimit-Reset-After": f"{bucket.until - now:.3f}",
            "X-RateLimit-Bucket": "messages",
        }

    def _refuse(self, scope: str, wait: float, headers: dict[str, str]) -> Answer:
        self.refused[scope] += 1
        said = {"message": "You are being rate limited.", "retry_after": round(wait, 3), "global": scope == "global"}
        more = {"Via": "1.1 google", "Retry-After": str(int(wait) + 1), "X-RateLimit-Scope": scope}
        return 429, {**headers, **more}, said
