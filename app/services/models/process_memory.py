"""How much memory another process takes, where the system says so without help."""

import os
from pathlib import Path


def resident_memory(pid: int) -> int:
    """Bytes of physical memory that process `pid` holds; 0 when that is not known (it is gone, or not on Linux)."""
    if not pid:
        return 0
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
