"""What an operating system tells about the machine; each system's module answers with one of these."""

from typing import NamedTuple


class SystemFacts(NamedTuple):
    """Numbers are 0 and texts empty where the system does not tell. Memory in bytes.

    `usable_cores` counts the physical, fast cores that this process may run on.
    """

    cpu_name: str = ""
    physical_cores: int = 0
    usable_cores: int = 0
    memory_total: int = 0
    memory_available: int = 0
