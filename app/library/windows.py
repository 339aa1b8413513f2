"""The machine as Windows describes it through kernel32 and the registry."""

import ctypes
import struct
import sys
from collections.abc import Sequence
from typing import NamedTuple

from app.library.system_facts import SystemFacts

_PROCESSOR_KEY = r"HARDWARE\DESCRIPTION\System\CentralProcessor\0"
_RELATION_CORE = 0
# Relationship and Size; then at 8 Flags and EfficiencyClass, at 30 GroupCount, at 32 the first GROUP_AFFINITY
_RECORD = struct.Struct("<II")
_CORE = struct.Struct("<BB20xHQH")


class Core(NamedTuple):
    """A physical core: how fast its kind is (higher is faster), and its threads as bits within a group of 64."""

    efficiency: int
    mask: int
    group: int


class _MemoryStatus(ctypes.Structure):
    """MEMORYSTATUSEX."""

    _fields_ = (
        ("length", ctypes.c_uint32),
        ("load", ctypes.c_uint32),
        ("total", ctypes.c_uint64),
        ("available", ctypes.c_uint64),
        ("total_page_file", ctypes.c_uint64),
        ("available_page_file", ctypes.c_uint64),
        ("total_virtual", ctypes.c_uint64),
        ("available_virtual", ctypes.c_uint64),
        ("available_extended", ctypes.c_uint64),
    )


def facts() -> SystemFacts:
    """What this process may use of this machine."""
    # only 64-bit Windows is supported, where CDLL and WinDLL call alike, and CDLL exists for checkers everywhere
    kernel = ctypes.CDLL("kernel32")
    memory = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
    kernel.GlobalMemoryStatusEx(ctypes.byref(memory))
    cores = parse_cores(_core_records(kernel))
    return SystemFacts(
        cpu_name=_cpu_name(),
        physical_cores=len(cores),
        usable_cores=usable_cores(cores, _affinity(kernel)),
        memory_total=memory.total,
        memory_available=memory.available,
    )


def parse_cores(records: bytes) -> list[Core]:
    """The cores in the buffer that GetLogicalProcessorInformationEx fills."""
    cores = []
    at = 0
    while at + _RECORD.size + _CORE.size <= len(records):
        relation, size = _RECORD.unpack_from(records, at)
        if relation == _RELATION_CORE:
            _, efficiency, _, mask, group = _CORE.unpack_from(records, at + _RECORD.size)
            cores.append(Core(efficiency, mask, group))
        at += max(size, _RECORD.size)
    return cores


def usable_cores(cores: Sequence[Core], affinity: int) -> int:
    """How many cores of the fastest kind a process with that affinity (0: any core) may run on."""
    allowed = [core for core in cores if not affinity or core.group or core.mask & affinity]
    fastest = max((core.efficiency for core in allowed), default=0)
    return sum(core.efficiency == fastest for core in allowed)


def _core_records(kernel: ctypes.CDLL) -> bytes:
    length = ctypes.c_uint32(0)
    kernel.GetLogicalProcessorInformationEx(_RELATION_CORE, None, ctypes.byref(length))
    buffer = ctypes.create_string_buffer(length.value or 1)
    if not kernel.GetLogicalProcessorInformationEx(_RELATION_CORE, buffer, ctypes.byref(length)):
        return b""
    return buffer.raw[: length.value]


def _affinity(kernel: ctypes.CDLL) -> int:
    process, system = ctypes.c_size_t(0), ctypes.c_size_t(0)
    kernel.GetCurrentProcess.restype = ctypes.c_void_p
    handle = ctypes.c_void_p(kernel.GetCurrentProcess())
    known = kernel.GetProcessAffinityMask(handle, ctypes.byref(process), ctypes.byref(system))
    return process.value if known else 0


def _cpu_name() -> str:
    if sys.platform == "win32":
        import winreg  # exists on Windows alone

        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _PROCESSOR_KEY) as key:
                return " ".join(str(winreg.QueryValueEx(key, "ProcessorNameString")[0]).split())
        except OSError:
            return ""
    return ""
