"""Windows's own words about the processor."""

import struct

from app.library.windows import Core, parse_cores, usable_cores


def record(efficiency: int, mask: int, *, relation: int = 0, group: int = 0) -> bytes:
    """A SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX of one group."""
    flags = 1 if mask.bit_count() > 1 else 0
    body = struct.pack("<BB20xHQH6x", flags, efficiency, 1, mask, group)
    return struct.pack("<II", relation, 8 + len(body)) + body


def test_cores_are_read_from_the_systems_records() -> None:
    records = record(1, 0b11) + record(7, 0b1, relation=2) + record(0, 0b100, group=1)
    assert parse_cores(records) == [Core(1, 0b11, 0), Core(0, 0b100, 1)]


def test_a_record_that_is_cut_ends_the_list() -> None:
    records = record(0, 1) + record(0, 2)
    assert parse_cores(records[:-20]) == [Core(0, 1, 0)]
    assert parse_cores(b"") == []


def test_a_record_that_claims_no_size_does_not_hold_the_reader_up() -> None:
    assert parse_cores(bytes(48)) == [Core(0, 0, 0)]


def test_the_fastest_kind_of_core_is_usable() -> None:
    cores = [Core(1, 0b11, 0), Core(1, 0b1100, 0), Core(0, 0b10000, 0), Core(0, 0b100000, 0)]
    assert usable_cores(cores, 0) == 2
    assert usable_cores(cores, 0b1111) == 2
    assert usable_cores(cores, 0b110000) == 2
    assert usable_cores(cores, 0b10001) == 1


def test_affinity_speaks_of_the_first_group_alone() -> None:
    assert usable_cores([Core(0, 1, 0), Core(0, 1, 1)], 0b10) == 1


def test_no_records_mean_no_usable_cores() -> None:
    assert usable_cores([], 0b1) == 0
