"""What waits for one socket: bounded, in order, and with an end."""

from uuid import uuid4

from ground.loops import run_apart

from teleward.consult.live.outbox import Close, Goodbye, InProcess, Outbox


def read(outbox: Outbox) -> list[str | Goodbye]:
    async def reading() -> list[str | Goodbye]:
        return [frame async for frame in outbox.frames()]

    return run_apart(reading())


def test_frames_leave_in_the_order_they_came_and_the_goodbye_is_last() -> None:
    outbox = Outbox()
    assert outbox.put("1")
    assert outbox.put("2")
    outbox.close(Close.OVER)
    assert read(outbox) == ["1", "2", Goodbye(Close.OVER)]


def test_after_the_goodbye_nothing_is_taken_and_the_first_code_stands() -> None:
    outbox = Outbox()
    outbox.close(Close.ELSEWHERE)
    outbox.close(Close.OVER)
    assert not outbox.put("late")
    assert read(outbox) == [Goodbye(Close.ELSEWHERE)]


def test_one_who_reads_too_slowly_is_dropped_and_nothing_grows() -> None:
    outbox = Outbox(limit=3)
    assert [outbox.put(str(n)) for n in range(5)] == [True, True, True, False, False]
    assert outbox.is_slow
    assert read(outbox) == [Goodbye(Close.TIMED_OUT)]


def test_a_frame_reaches_the_peer_of_its_own_visit_only() -> None:
    transport, here, there = InProcess(), uuid4(), uuid4()
    mine, foreign = Outbox(), Outbox()
    transport.attach(visit=here, peer="a", outbox=mine)
    transport.attach(visit=there, peer="a", outbox=foreign)
    assert transport.send(visit=here, peer="a", frame="hello")
    mine.close(Close.DONE)
    foreign.close(Close.DONE)
    assert (read(mine), read(foreign)) == (["hello", Goodbye(Close.DONE)], [Goodbye(Close.DONE)])


def test_a_socket_that_was_replaced_does_not_take_its_successor_away() -> None:
    transport, visit, first, second = InProcess(), uuid4(), Outbox(), Outbox()
    assert transport.attach(visit=visit, peer="a", outbox=first) is None
    assert transport.attach(visit=visit, peer="a", outbox=second) is first
    assert not transport.detach(visit=visit, peer="a", outbox=first)
    assert transport.send(visit=visit, peer="a", frame="x")
    assert transport.detach(visit=visit, peer="a", outbox=second)
    assert not transport.send(visit=visit, peer="a", frame="y")
