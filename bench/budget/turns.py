"""Workers in virtual time: each is a thread, one runs at a time, and while all of them sleep the clock jumps
to whoever wakes first. So the code under measurement may sleep where it likes, and every run is the same."""

import heapq
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock, Thread

START = datetime(2026, 11, 30, 9, 7, 31, tzinfo=UTC)


class Turns:
    """A `Clock`. `ms` is the time since START."""

    def __init__(self) -> None:
        self.ms = 0
        self.over = False
        self.met: list[BaseException] = []
        self._due: list[tuple[int, int, Lock]] = []
        self._number = 0
        self._ended = Lock()

    def now(self) -> datetime:
        return START + timedelta(milliseconds=self.ms)

    def sleep(self, seconds: float) -> None:
        self.until(self.ms + max(1, round(seconds * 1000)))

    def until(self, ms: int) -> None:
        if not self._due or self._due[0][0] > ms:  # nobody else is due before
            self.ms = max(self.ms, ms)
            return
        mine = Lock()
        mine.acquire()
        self._push(ms, mine)
        self._pass_on()
        mine.acquire()

    def run(self, workers: list[Callable[[], None]]) -> None:
        """Until all of them have returned."""
        for work in workers:
            begin = Lock()
            begin.acquire()
            self._push(self.ms, begin)
            Thread(target=self._worker, args=(work, begin), daemon=True).start()
        self._ended.acquire()
        self._pass_on()
        self._ended.acquire()
        if self.met:
            raise self.met[0]

    def _worker(self, work: Callable[[], None], begin: Lock) -> None:
        begin.acquire()
        try:
            work()
        except BaseException as fault:
            self.met.append(fault)
            self.over = True
        self._pass_on()

    def _push(self, ms: int, whose: Lock) -> None:
        self._number += 1
        heapq.heappush(self._due, (ms, self._number, whose))

    def _pass_on(self) -> None:
        if not self._due:
            self._ended.release()
            return
        ms, _, whose = heapq.heappop(self._due)
        self.ms = max(self.ms, ms)
        whose.release()
