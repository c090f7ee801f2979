"""Numbers of the compact form of Thrift are read to 64 bits, and no longer ones."""

import pytest

from engine.reading.compact_thrift import ThriftDamaged, ThriftReader

FIELD_OF_64_BITS, END = bytes([0x16]), bytes([0])


def record(number: bytes) -> dict:
    return ThriftReader(FIELD_OF_64_BITS + number + END).record()


@pytest.mark.parametrize(
    ("number", "value"),
    [
        pytest.param(bytes([0x02]), 1, id="one byte"),
        pytest.param(b"\xfe" + b"\xff" * 8 + b"\x01", 2**63 - 1, id="the largest of 64 bits"),
        pytest.param(b"\xff" * 9 + b"\x01", -(2**63), id="the smallest of 64 bits"),
    ],
)
def test_a_number_of_up_to_64_bits_is_read(number, value):
    assert record(number) == {1: value}


def test_a_number_of_more_bytes_than_64_bits_take_is_damage():
    with pytest.raises(ThriftDamaged):
        record(b"\x80" * 10 + b"\x00")
