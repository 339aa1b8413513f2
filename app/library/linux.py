"""The machine as Linux describes it under /proc and /sys, control groups (containers, service limits) included."""

import math
import os
import re
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from app.library.system_facts import SystemFacts

# A control group of the first version without a limit says "the largest number of pages" instead.
_NO_LIMIT = 2**60


def facts() -> SystemFacts:
    """What this process may use of this machine."""
    cpus: Collection[int] = range(os.cpu_count() or 1)
    if sys.platform == "linux":
        cpus = os.sched_getaffinity(0)
    return facts_under(Path("/"), cpus)


def facts_under(root: Path, cpus: Collection[int]) -> SystemFacts:
    """The same, with /proc and /sys taken from `root` and a process that may run on `cpus`."""
    cpuinfo = _text(root / "proc/cpuinfo")
    limits = _limits(root)
    usable = len(_cores(root, _fast(root, cpus)))
    total, available = _memory(_text(root / "proc/meminfo"))
    return SystemFacts(
        cpu_name=_cpu_name(root, cpuinfo),
        physical_cores=len(_cores(root, _online(root))),
        usable_cores=min(usable, limits.cores) if limits.cores else usable,
        memory_total=min(total, limits.memory),
        memory_available=max(0, min(available, limits.memory_left)),
    )


class _Limits(NamedTuple):
    """What control groups allow: `cores` 0 for no limit, memory in bytes."""

    cores: int
    memory: int
    memory_left: int


def _text(path: Path) -> str:
    """A file's text, empty where there is none or it may not be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _number(path: Path) -> int:
    """A file that holds one number; 0 for anything else."""
    text = _text(path).strip()
    return int(text) if text.isdecimal() else 0


def _cpu_name(root: Path, cpuinfo: str) -> str:
    match = re.search(r"^(?:model name|Hardware|cpu model)\s*:\s*(.+)$", cpuinfo, re.MULTILINE)
    name = match[1] if match else _text(root / "proc/device-tree/model").strip("\0 \n")
    return " ".join(name.split())


def _online(root: Path) -> set[int]:
    return parse_cpus(_text(root / "sys/devices/system/cpu/online"))


def parse_cpus(text: str) -> set[int]:
    """The kernel's lists of processors: "0-3,8" is 0, 1, 2, 3 and 8."""
    cpus: set[int] = set()
    for part in text.strip().split(","):
        first, _, last = part.partition("-")
        if first.isdecimal():
            cpus.update(range(int(first), int(last if last.isdecimal() else first) + 1))
    return cpus


def _fast(root: Path, cpus: Collection[int]) -> Collection[int]:
    """Those of `cpus` that are performance cores, where the processor has two kinds; all of them otherwise."""
    fast = parse_cpus(_text(root / "sys/devices/cpu_core/cpus")).intersection(cpus)
    return fast or cpus


def _cores(root: Path, cpus: Collection[int]) -> set[str]:
    """The physical cores behind logical ones, each named by the list of its threads."""
    cores = set()
    for cpu in cpus:
        topology = root / f"sys/devices/system/cpu/cpu{cpu}/topology"
        threads = _text(topology / "core_cpus_list") or _text(topology / "thread_siblings_list")
        cores.add(threads.strip() or str(cpu))
    return cores


def _memory(meminfo: str) -> tuple[int, int]:
    """All memory and what is available, in bytes."""
    found = {key: int(kib) * 1024 for key, kib in re.findall(r"^(\w+):\s+(\d+) kB", meminfo, re.MULTILINE)}
    # MemAvailable is missing before Linux 3.14; what is free is surely available
    return found.get("MemTotal", 0), found.get("MemAvailable", found.get("MemFree", 0))


def _limits(root: Path) -> _Limits:
    """The tightest limits of all groups that this process is in, from its own up to the outermost."""
    cores, memory, left = math.inf, _NO_LIMIT, _NO_LIMIT
    for folder in _groups(root):
        cores = min(cores, _quota(folder))
        limit = _number(folder / "memory.max") or _number(folder / "memory.limit_in_bytes")
        if 0 < limit < _NO_LIMIT:
            memory = min(memory, limit)
            left = min(left, limit - _used(folder))
    return _Limits(0 if math.isinf(cores) else max(1, math.ceil(cores)), memory, left)


def _groups(root: Path) -> Iterator[Path]:
    """The folders of this process's control groups; lines read "0::/path" or "4:memory:/path"."""
    for line in _text(root / "proc/self/cgroup").splitlines():
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        mounts = ["", "unified"] if not controllers else [controllers, *controllers.split(",")]
        inner = Path(path.lstrip("/"))
        for mount in dict.fromkeys(mounts):
            for group in (inner, *inner.parents):
                folder = root / "sys/fs/cgroup" / mount / group
                if folder.is_dir():
                    yield folder


def _quota(folder: Path) -> float:
    """How many processors' time the group gets; infinite without a limit."""
    quota, _, period = _text(folder / "cpu.max").strip().partition(" ")
    if not quota:
        quota, period = (
            _text(folder / "cpu.cfs_quota_us").strip(),
            _text(folder / "cpu.cfs_period_us").strip(),
        )
    if quota.isdecimal() and period.isdecimal() and int(period):
        return int(quota) / int(period)
    return math.inf


def _used(folder: Path) -> int:
    """Bytes that the group holds and that cannot be had back: what it uses, less its cache of files."""
    used = _number(folder / "memory.current") or _number(folder / "memory.usage_in_bytes")
    stat = dict(re.findall(r"^(\w+) (\d+)$", _text(folder / "memory.stat"), re.MULTILINE))
    prefix = "total_" if "total_inactive_file" in stat else ""
    cache = sum(int(stat.get(f"{prefix}{kind}_file", 0)) for kind in ("inactive", "active"))
    return max(0, used - cache)
