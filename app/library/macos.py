"""The machine as macOS describes it through `sysctl` and `vm_stat`."""

import re
import subprocess
from collections.abc import Callable, Sequence

from app.library.system_facts import SystemFacts

Run = Callable[[Sequence[str]], str]

_SYSCTL = (
    "/usr/sbin/sysctl",
    "machdep.cpu.brand_string",
    "hw.physicalcpu",
    "hw.perflevel0.physicalcpu",
    "hw.memsize",
)
_VM_STAT = ("/usr/bin/vm_stat",)
_SECONDS = 5


def facts() -> SystemFacts:
    """What this machine has."""
    return facts_from(_run)


def facts_from(run: Run) -> SystemFacts:
    """The same, from the output of the two commands as `run` gives it.

    `sysctl` prints a line for each name that it knows: processors without two kinds of cores have no `perflevel0`.
    """
    named = dict(re.findall(r"^([\w.]+): (.*)$", run(_SYSCTL), re.MULTILINE))
    return SystemFacts(
        cpu_name=named.get("machdep.cpu.brand_string", "").strip(),
        physical_cores=_number(named.get("hw.physicalcpu")),
        usable_cores=_number(named.get("hw.perflevel0.physicalcpu")),
        memory_total=_number(named.get("hw.memsize")),
        memory_available=_available(run(_VM_STAT)),
    )


def _number(text: str | None) -> int:
    return int(text) if text is not None and text.strip().isdecimal() else 0


def _available(vm_stat: str) -> int:
    """Bytes that can be had without pushing a program out: free pages and those that only cache something."""
    page = re.search(r"page size of (\d+) bytes", vm_stat)
    pages = dict(re.findall(r"^Pages (\w+): +(\d+)\.", vm_stat, re.MULTILINE))
    count = sum(int(pages.get(kind, 0)) for kind in ("free", "inactive", "speculative", "purgeable"))
    return count * int(page[1]) if page else 0


def _run(command: Sequence[str]) -> str:
    """The command's output, empty when it cannot be run; an exit status above 0 only says that a name is not known."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout
