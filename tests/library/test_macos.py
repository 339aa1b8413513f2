"""macOS's own words about the machine."""

from collections.abc import Sequence

from app.library.macos import facts_from
from app.library.system_facts import SystemFacts

SYSCTL = """machdep.cpu.brand_string: Apple M3 Pro
hw.physicalcpu: 12
hw.perflevel0.physicalcpu: 6
hw.memsize: 38654705664
"""
VM_STAT = """Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                                100000.
Pages active:                              900000.
Pages inactive:                             50000.
Pages speculative:                           3000.
Pages throttled:                                0.
Pages wired down:                          200000.
Pages purgeable:                             2000.
"""


def test_an_apple_processor_gives_its_performance_cores() -> None:
    def run(command: Sequence[str]) -> str:
        return VM_STAT if command[0].endswith("vm_stat") else SYSCTL

    assert facts_from(run) == SystemFacts("Apple M3 Pro", 12, 6, 38_654_705_664, 155_000 * 16_384)


def test_a_processor_with_one_kind_of_cores_leaves_their_number_open() -> None:
    def run(command: Sequence[str]) -> str:
        return "machdep.cpu.brand_string: Intel(R) Core(TM) i5\nhw.physicalcpu: 4\nhw.memsize: 8589934592\n"

    assert facts_from(run) == SystemFacts("Intel(R) Core(TM) i5", 4, 0, 2**33, 0)


def test_commands_that_cannot_be_run_give_no_facts() -> None:
    def run(command: Sequence[str]) -> str:
        return ""

    assert facts_from(run) == SystemFacts()
