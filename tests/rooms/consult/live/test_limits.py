"""How much one socket may ask, measured on a clock that the test turns."""

from teleward.consult.live.limits import BURST, BYTES_PER_SECOND, RATE, REFUSALS, Bucket, Knocks, Meter


class Clock:
    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def test_a_burst_passes_and_what_follows_comes_at_the_rate() -> None:
    clock = Clock()
    meter = Meter(clock)
    assert sum(meter.allows(10) for _ in range(BURST + 50)) == BURST
    clock.at += 1
    assert sum(meter.allows(10) for _ in range(BURST)) == RATE


def test_a_long_rest_does_not_save_up_more_than_one_burst() -> None:
    clock = Clock()
    bucket = Bucket(1, 5, clock)
    clock.at += 3600
    assert sum(bucket.take() for _ in range(10)) == 5


def test_bytes_are_counted_as_well() -> None:
    meter = Meter(Clock())
    passed = sum(meter.allows(32 * 1024) for _ in range(BURST))
    assert passed == 2 * BYTES_PER_SECOND // (32 * 1024)


def test_twenty_refusals_are_forgiven_and_then_one_a_second() -> None:
    clock = Clock()
    meter = Meter(clock)
    assert sum(meter.forgives() for _ in range(100)) == REFUSALS
    clock.at += 3
    assert sum(meter.forgives() for _ in range(100)) == 3


def test_one_who_knocks_too_often_does_not_keep_another_out() -> None:
    knocks = Knocks(1, 3, Clock())
    assert [knocks.allows("a") for _ in range(5)] == [True, True, True, False, False]
    assert knocks.allows("b")


def test_knocks_of_long_ago_are_forgotten_so_that_memory_stays_bounded() -> None:
    clock = Clock()
    knocks = Knocks(1, 3, clock, most=10)
    for who in range(10):
        knocks.allows(who)
    clock.at += 4
    assert knocks.allows("new")
    assert len(knocks._buckets) == 1
