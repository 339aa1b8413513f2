"""What this machine has to run a model with: processor cores and memory, as far as this process may use them."""

import os
import platform
import sys
from dataclasses import dataclass

from app.library import linux, macos, windows


@dataclass(frozen=True)
class Machine:
    """A computer. Memory in bytes, as a container's limit leaves it; `usable_cores` are those this process may use.

    `usable_cores` are physical cores where that is known: two threads of one core decode no faster than one.
    """

    cpu_name: str
    physical_cores: int
    logical_cores: int
    usable_cores: int
    memory_total: int
    memory_available: int


def this_machine() -> Machine:
    """The machine that this process runs on; what the system does not tell is taken as one core and no memory."""
    logical = os.cpu_count() or 1
    if sys.platform == "darwin":
        facts = macos.facts()
    elif sys.platform == "win32":
        facts = windows.facts()
    else:
        facts = linux.facts()
    physical = min(logical, facts.physical_cores or logical)
    return Machine(
        cpu_name=facts.cpu_name or platform.processor() or platform.machine(),
        physical_cores=physical,
        logical_cores=logical,
        usable_cores=max(1, min(physical, facts.usable_cores or physical)),
        memory_total=facts.memory_total,
        memory_available=min(facts.memory_total, facts.memory_available),
    )
