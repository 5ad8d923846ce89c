"""Seconds that pass only while somebody sleeps, for what takes a monotonic clock and a way to sleep."""


class Seconds:
    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
