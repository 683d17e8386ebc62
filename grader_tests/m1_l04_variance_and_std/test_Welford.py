"""Hidden suite of `Welford`.

A case makes an object, feeds it and reads it. Public cases come first: fixed
numbers on which no two mistakes of the bank behave alike. The count alone is
cheap, so cases about it are properties.
"""

import math

import numpy as np
import pytest

from nbjudge.expect import expect_close

pytestmark = pytest.mark.limits(call_cpu_s=2)

# Streams near 2**27: right answers differ by a few roundings of that size.
public = pytest.mark.public(rtol=0.0, atol=1e-6)


def statistics_of(values):
    """Return mean and variance of `values`, and what each may be off by.

    Taken in two passes about the first value. The floor is what every right way
    may lose: a running mean is rounded once per number, as large as the numbers
    are; a deviation that is off by `shift` changes the variance by twice its
    product with the spread, and by its square.
    """
    values = np.asarray(values, np.float64)
    deviations = values - values[0]
    mean, variance = values[0] + deviations.mean(), deviations.var()
    steps = np.finfo(np.float64).eps * (len(values) + 8)
    shift = steps * np.abs(values).max()
    # A shift by the first value, where that lies far out, squares its distance.
    reach = np.square(deviations).max()
    return mean, variance, shift, steps * reach + 2 * shift * math.sqrt(reach) + shift**2


def feed(student, values):
    """Return an object that has taken in all `values`."""
    stream = student.Welford()
    for value in values:
        stream.update(float(value))
    return stream


def expect_statistics(stream, values):
    """Check count, mean and variance after `values`."""
    mean, variance, mean_atol, variance_atol = statistics_of(values)
    expect_close(stream.n, len(values), name="n")
    expect_close(stream.mean, mean, rtol=0.0, atol=mean_atol, name="mean")
    expect_close(stream.var, variance, rtol=0.0, atol=variance_atol, name="var")


def expect_public(stream, n, mean, variance):
    """Check count, mean and variance with a fixed tolerance."""
    expect_close(stream.n, n, name="n")
    expect_close(stream.mean, mean, rtol=0.0, atol=1e-6, name="mean")
    expect_close(stream.var, variance, rtol=0.0, atol=1e-6, name="var")


# The shortest script: a card shows it before any other. A property: returning 1 would pass.
@public
@pytest.mark.property
def test_two_numbers(student):
    """The variance of 1 and 3."""
    stream = student.Welford()
    stream.update(1.0)
    stream.update(3.0)
    expect_close(stream.var, 1.0, rtol=0.0, atol=1e-6, name="var")


@public
def test_worked_example(student):
    """The numbers 1, 3, 8, one after the other."""
    # Not after the first number: whoever divides by n - 1 has one of three answers there,
    # and one mistake would look like three.
    stream = student.Welford()
    stream.update(1.0)
    stream.update(3.0)
    expect_public(stream, 2, 2.0, 1.0)
    stream.update(8.0)
    expect_public(stream, 3, 4.0, 26 / 3)


@public
def test_five_numbers(student):
    """The numbers 4, -2, 7, 0.5, 3."""
    stream = student.Welford()
    for value in [4.0, -2.0, 7.0, 0.5, 3.0]:
        stream.update(value)
    expect_public(stream, 5, 2.5, 9.4)


@public
def test_before_the_first_number(student):
    """A new object, and one number."""
    stream = student.Welford()
    expect_public(stream, 0, 0.0, math.nan)
    stream.update(-3.5)
    expect_public(stream, 1, -3.5, 0.0)


# The square of 2**27 + 1 cannot be held by a float64: sums of squares lose the variance.
@public
def test_numbers_near_2_to_the_27(student):
    """Two numbers near 2**27 that differ by 1."""
    stream = student.Welford()
    stream.update(2.0**27 + 1.0)
    stream.update(2.0**27 + 2.0)
    expect_public(stream, 2, 2.0**27 + 1.5, 0.25)


@public
def test_four_numbers_near_2_to_the_27(student):
    """The numbers 2**27 + 0, 1, 1, 0."""
    stream = student.Welford()
    for value in [0.0, 1.0, 1.0, 0.0]:
        stream.update(2.0**27 + value)
    expect_public(stream, 4, 2.0**27 + 0.5, 0.25)


# Each part alone.


@pytest.mark.weight(4)
@pytest.mark.parametrize("count", [2, 3, 12])
def test_mean(student, rng, count):
    """The mean of a stream."""
    values = rng.normal(5.0, 2.0, count)
    mean, _, atol, _ = statistics_of(values)
    expect_close(feed(student, values).mean, mean, rtol=0.0, atol=atol, name="mean")


@pytest.mark.weight(4)
@pytest.mark.parametrize("count", [2, 3, 12])
def test_variance(student, rng, count):
    """The variance of a stream."""
    values = rng.normal(5.0, 2.0, count)
    _, variance, _, atol = statistics_of(values)
    expect_close(feed(student, values).var, variance, rtol=0.0, atol=atol, name="var")


@pytest.mark.property
@pytest.mark.parametrize("count", [0, 1, 7])
def test_count(student, rng, count):
    """How many numbers came."""
    expect_close(feed(student, rng.normal(size=count)).n, count, name="n")


# All of it.


@pytest.mark.weight(3)
def test_every_moment(student, rng):
    """Count, mean and variance after every number."""
    values = rng.normal(-1.0, 3.0, 8)
    stream = student.Welford()
    for count in range(1, 9):
        stream.update(float(values[count - 1]))
        expect_statistics(stream, values[:count])


@pytest.mark.weight(2)
@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_any_unit(student, rng, scale):
    """Very small and very large numbers."""
    values = scale * rng.normal(1.0, 1.0, 10)
    expect_statistics(feed(student, values), values)


@pytest.mark.weight(2)
def test_long_stream(student, rng):
    """Two hundred numbers."""
    values = rng.uniform(-1.0, 3.0, 200)
    expect_statistics(feed(student, values), values)


@pytest.mark.weight(3)
@pytest.mark.parametrize("offset", [1e7, 1e8, 1e9])
def test_far_from_zero(student, rng, offset):
    """A mean far larger than the spread."""
    values = offset + rng.normal(0.0, 1.0, 30)
    expect_statistics(feed(student, values), values)


def test_whole_numbers(student, rng):
    """Integers."""
    values = [0, *rng.integers(-20, 20, 9).tolist(), 0]
    stream = student.Welford()
    for value in values:
        stream.update(value)
    expect_statistics(stream, values)


@pytest.mark.weight(2)
def test_two_streams(student, rng):
    """Two objects, fed in turn, know nothing of each other."""
    first, second = rng.normal(3.0, 1.0, 6), rng.normal(-8.0, 4.0, 6)
    streams = student.Welford(), student.Welford()
    for a, b in zip(first, second, strict=True):
        streams[0].update(float(a))
        streams[1].update(float(b))
    expect_statistics(streams[0], first)
    expect_statistics(streams[1], second)


def test_mean_comes_back_to_zero(student, rng):
    """A mean that is 0 again after some numbers, and numbers that come twice."""
    a, b = rng.integers(2, 20, 2).tolist()
    stream, seen = student.Welford(), []
    for value in [0, 0, a, -a, b, b, -b, -b, a]:
        stream.update(float(value))
        seen.append(value)
        expect_statistics(stream, seen)


def test_far_first_number(student, rng):
    """A first number far away from all others."""
    values = np.concatenate([[1e4], rng.normal(0.0, 1.0, 15)])
    expect_statistics(feed(student, values), values)


# Promises that hold for every stream.


@pytest.mark.property
def test_before_any_number(student):
    """An object that has seen nothing."""
    stream = student.Welford()
    expect_close(stream.n, 0, name="n")
    expect_close(stream.mean, 0.0, name="mean")
    expect_close(stream.var, math.nan, name="var")


@pytest.mark.property
def test_one_number(student, rng):
    """After a single number the variance is exactly 0."""
    value = float(rng.normal(1e9, 1.0))
    stream = feed(student, [value])
    expect_close(stream.mean, value, name="mean")
    expect_close(stream.var, 0.0, name="var")


@pytest.mark.property
def test_equal_numbers(student, rng):
    """Equal whole numbers vary not at all."""
    values = [float(rng.integers(-1000, 1000))] * 6
    *_, atol = statistics_of(values)
    expect_close(feed(student, values).var, 0.0, rtol=0.0, atol=atol, name="var")


@pytest.mark.property
def test_order_does_not_matter(student, rng):
    """The same numbers in another order."""
    values = rng.normal(2.0, 1.0, 15)
    forwards, backwards = feed(student, values), feed(student, values[::-1])
    expect_close(float(backwards.mean), float(forwards.mean), rtol=1e-9, name="mean")
    expect_close(float(backwards.var), float(forwards.var), rtol=1e-9, name="var")


@pytest.mark.property
def test_reading_changes_nothing(student, rng):
    """Reading var and mean between two numbers changes nothing."""
    values = rng.normal(2.0, 1.0, 5)
    read, unread = student.Welford(), feed(student, values)
    for value in values:
        read.update(float(value))
        _ = (read.n, read.mean, read.var, read.var)
    expect_close(float(read.var), float(unread.var), rtol=1e-12, name="var")


@pytest.mark.property
def test_update_returns_none(student, rng):
    """A call of update returns nothing."""
    expect_close(student.Welford().update(float(rng.normal())), None)
