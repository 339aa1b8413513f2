"""Linux's own words about the machine, from a made-up /proc and /sys."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from app.library.linux import facts_under, parse_cpus

GIB = 2**30
FOUR_THREADS = {
    "proc/cpuinfo": "processor\t: 0\nmodel name\t: Some  CPU @ 3 GHz\nprocessor\t: 1\nmodel name\t: Some CPU\n",
    "proc/meminfo": "MemTotal:       16777216 kB\nMemFree:         1048576 kB\nMemAvailable:    8388608 kB\n",
    "sys/devices/system/cpu/online": "0-3\n",
    "sys/devices/system/cpu/cpu0/topology/core_cpus_list": "0,2\n",
    "sys/devices/system/cpu/cpu1/topology/core_cpus_list": "1,3\n",
    "sys/devices/system/cpu/cpu2/topology/core_cpus_list": "0,2\n",
    "sys/devices/system/cpu/cpu3/topology/core_cpus_list": "1,3\n",
}


def machine(root: Path, files: Mapping[str, str]) -> Path:
    """A file system with these files."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def test_two_cores_of_two_threads_each(tmp_path: Path) -> None:
    facts = facts_under(machine(tmp_path, FOUR_THREADS), range(4))
    assert facts.cpu_name == "Some CPU @ 3 GHz"
    assert (facts.physical_cores, facts.usable_cores) == (2, 2)
    assert (facts.memory_total, facts.memory_available) == (16 * GIB, 8 * GIB)


def test_only_cores_that_the_process_may_run_on_are_usable(tmp_path: Path) -> None:
    facts = facts_under(machine(tmp_path, FOUR_THREADS), {1, 3})
    assert (facts.physical_cores, facts.usable_cores) == (2, 1)


def test_performance_cores_alone_are_usable(tmp_path: Path) -> None:
    files = {**FOUR_THREADS, "sys/devices/cpu_core/cpus": "0,2\n", "sys/devices/cpu_atom/cpus": "1,3\n"}
    assert facts_under(machine(tmp_path, files), range(4)).usable_cores == 1
    assert facts_under(tmp_path, {1, 3}).usable_cores == 1


def test_without_a_topology_every_processor_is_a_core(tmp_path: Path) -> None:
    facts = facts_under(machine(tmp_path, {"sys/devices/system/cpu/online": "0-3"}), range(3))
    assert (facts.physical_cores, facts.usable_cores) == (4, 3)


def test_a_machine_that_says_nothing_has_no_facts(tmp_path: Path) -> None:
    facts = facts_under(tmp_path, range(2))
    assert (facts.cpu_name, facts.physical_cores, facts.usable_cores) == ("", 0, 2)
    assert (facts.memory_total, facts.memory_available) == (0, 0)


def test_an_arm_board_is_named_by_its_device_tree(tmp_path: Path) -> None:
    root = machine(tmp_path, {"proc/cpuinfo": "processor\t: 0\n", "proc/device-tree/model": "A Board 5\0"})
    assert facts_under(root, range(1)).cpu_name == "A Board 5"


def test_old_kernels_say_what_is_free(tmp_path: Path) -> None:
    root = machine(tmp_path, {"proc/meminfo": "MemTotal: 2048 kB\nMemFree: 1024 kB\n"})
    assert facts_under(root, range(1)).memory_available == 1024 * 1024


def test_limits_of_a_control_group_count(tmp_path: Path) -> None:
    files = {
        **FOUR_THREADS,
        "proc/self/cgroup": "0::/box\n",
        "sys/fs/cgroup/box/cpu.max": "150000 100000\n",
        "sys/fs/cgroup/box/memory.max": str(4 * GIB),
        "sys/fs/cgroup/box/memory.current": str(3 * GIB),
        "sys/fs/cgroup/box/memory.stat": f"anon {GIB}\ninactive_file {GIB}\nactive_file {GIB // 2}\n",
    }
    facts = facts_under(machine(tmp_path, files), range(4))
    assert facts.usable_cores == 2
    assert (facts.memory_total, facts.memory_available) == (4 * GIB, 4 * GIB - (3 * GIB - GIB - GIB // 2))


def test_an_outer_group_limits_too(tmp_path: Path) -> None:
    files = {
        **FOUR_THREADS,
        "proc/self/cgroup": "0::/outer/inner\n",
        "sys/fs/cgroup/outer/inner/cpu.max": "max 100000\n",
        "sys/fs/cgroup/outer/inner/memory.max": "max\n",
        "sys/fs/cgroup/outer/cpu.max": "20000 100000\n",
        "sys/fs/cgroup/outer/memory.max": str(2 * GIB),
    }
    facts = facts_under(machine(tmp_path, files), range(4))
    assert (facts.usable_cores, facts.memory_total, facts.memory_available) == (1, 2 * GIB, 2 * GIB)


def test_groups_of_the_first_version_count(tmp_path: Path) -> None:
    files = {
        **FOUR_THREADS,
        "proc/self/cgroup": "4:memory:/docker/abc\n2:cpu,cpuacct:/docker/abc\n",
        "sys/fs/cgroup/memory/memory.limit_in_bytes": str(GIB),
        "sys/fs/cgroup/memory/memory.usage_in_bytes": str(GIB // 2),
        "sys/fs/cgroup/memory/memory.stat": f"inactive_file 1\ntotal_inactive_file {GIB // 4}\n",
        "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "100000\n",
        "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
    }
    facts = facts_under(machine(tmp_path, files), range(4))
    assert (facts.usable_cores, facts.memory_total) == (1, GIB)
    assert facts.memory_available == GIB - GIB // 4


def test_a_group_without_a_limit_changes_nothing(tmp_path: Path) -> None:
    files = {
        **FOUR_THREADS,
        "proc/self/cgroup": "4:memory:/\n2:cpu:/\n",
        "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
        "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
        "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
    }
    facts = facts_under(machine(tmp_path, files), range(4))
    assert (facts.usable_cores, facts.memory_total, facts.memory_available) == (2, 16 * GIB, 8 * GIB)


@pytest.mark.parametrize(
    ("text", "cpus"),
    [("0-3,8\n", {0, 1, 2, 3, 8}), ("5", {5}), ("", set()), ("\n", set()), ("none", set())],
)
def test_lists_of_processors_are_read(text: str, cpus: set[int]) -> None:
    assert parse_cpus(text) == cpus
