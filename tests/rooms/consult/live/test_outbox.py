"""What waits for one socket: bounded, in order, and with an end."""

from unittest.mock import Mock
from uuid import uuid4

from ground.loops import run_apart

from teleward.consult.live.conversation import Conversation
from teleward.consult.live.hub import Hub
from teleward.consult.live.outbox import Close, Goodbye, InProcess, Kept, Outbox

PEER = "a" * 32


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


def test_what_is_kept_and_never_left_is_handed_back_in_its_order() -> None:
    outbox = Outbox()

    async def written_until_the_socket_breaks() -> list[str | Goodbye]:
        written: list[str | Goodbye] = []
        async for frame in outbox.frames():
            if frame == "2":
                return written
            written.append(frame)
        return written

    for frame in (Kept("1"), Kept("2"), "a notice", Kept("3")):
        outbox.put(frame)
    outbox.close(Close.DONE)
    assert run_apart(written_until_the_socket_breaks()) == ["1"]
    assert outbox.unsent() == ["2", "3"]


def test_what_was_written_is_not_handed_back() -> None:
    outbox = Outbox()
    outbox.put(Kept("1"))
    outbox.close(Close.DONE)
    assert read(outbox) == ["1", Goodbye(Close.DONE)]
    assert outbox.unsent() == []


def test_a_socket_that_ends_leaves_to_the_next_one_what_it_did_not_write() -> None:
    hub, visit = Hub(), uuid4()
    ending = Conversation(hub=hub, visitor=Mock(), visit=visit, outbox=Outbox(), peer=PEER)
    hub.transport.attach(visit=visit, peer=PEER, outbox=ending.outbox)
    ending.room.come(card=Mock(peer=PEER, state="admitted"), is_host=False, grant=Mock())
    hub.transport.send(visit=visit, peer=PEER, frame=Kept("an offer"))
    hub.transport.send(visit=visit, peer=PEER, frame="a notice")
    ending.part()
    coming = Outbox()
    hub.transport.attach(visit=visit, peer=PEER, outbox=coming)
    hub.room(visit).greet(PEER)
    coming.close(Close.DONE)
    assert read(coming) == ["an offer", Goodbye(Close.DONE)]
