"""Laws of the memory of a snapshot: one answer for all who ask, nobody gets another's failure, and it is bounded."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from dashboard.snapshot.memory import Desk, Memory

PEOPLE = 20


def test_twenty_who_ask_at_once_cost_one_answer() -> None:
    memory, together, calls = Memory(10), threading.Barrier(PEOPLE), []
    others_wait = threading.Event()

    def make() -> str:
        calls.append(1)
        assert not others_wait.wait(0.2)  # long enough for everybody to have asked
        return "answer"

    def ask(_: int) -> str:
        together.wait(10)
        return memory.get("key", make)

    with ThreadPoolExecutor(PEOPLE) as people:
        assert set(people.map(ask, range(PEOPLE))) == {"answer"}
    assert len(calls) == 1


def test_a_failure_reaches_who_caused_it_and_the_next_tries_for_himself() -> None:
    memory, failing, seen = Memory(10), threading.Event(), threading.Event()

    def fails() -> str:
        failing.set()
        assert seen.wait(10)
        raise ValueError("mine")

    with ThreadPoolExecutor(2) as people:
        first = people.submit(memory.get, "key", fails)
        assert failing.wait(10)
        second = people.submit(memory.get, "key", lambda: "answer")
        seen.set()
        with pytest.raises(ValueError, match="mine"):
            first.result(10)
        assert second.result(10) == "answer"


def test_another_question_does_not_wait() -> None:
    memory, free = Memory(10), threading.Event()
    with ThreadPoolExecutor(1) as people:
        slow = people.submit(memory.get, "slow", lambda: free.wait(10))
        assert memory.get("quick", lambda: 1) == 1
        free.set()
        assert slow.result(10) is True


def test_an_answer_may_ask_for_others() -> None:
    memory = Memory(10)
    assert memory.get("sum", lambda: memory.get("one", lambda: 1) + memory.get("two", lambda: 2)) == 3
    assert memory.get("one", lambda: 9) == 1


def test_the_answer_nobody_asked_for_longest_is_forgotten_first() -> None:
    memory = Memory(2)
    for key in ("a", "b", "a", "c"):
        memory.get(key, lambda key=key: f"{key} once")
    assert memory.get("a", lambda: "a again") == "a once"
    assert memory.get("b", lambda: "b again") == "b again"


def test_nothing_is_an_answer_too() -> None:
    memory, calls = Memory(2), []
    for _ in range(2):
        assert memory.get("none", lambda: calls.append(1)) is None
    assert len(calls) == 1


def test_no_more_than_there_is_room_for_work_at_once_and_a_nested_question_needs_no_second_place() -> None:
    memory, most, now, lock = Memory(100, Desk(2, patience=30)), [0], [0], threading.Lock()

    def make(at: int) -> int:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        inner = memory.get(("inner", at), lambda: at)
        time.sleep(0.01)
        with lock:
            now[0] -= 1
        return inner

    with ThreadPoolExecutor(PEOPLE) as people:
        assert list(people.map(lambda at: memory.get(at, lambda: make(at)), range(PEOPLE))) == list(range(PEOPLE))
    assert most[0] == 2


def test_who_has_waited_long_enough_works_without_room() -> None:
    desk, free = Desk(1, patience=0.01), threading.Event()
    with ThreadPoolExecutor(1) as people:
        slow = people.submit(Memory(1, desk).get, "a pack", lambda: free.wait(10))
        assert Memory(1, desk).get("a page", lambda: "drawn") == "drawn"
        free.set()
        assert slow.result(10) is True
    with desk.place():
        pass
    assert desk._room.acquire(blocking=False)  # who came without room gave none back
    assert not desk._room.acquire(blocking=False)
