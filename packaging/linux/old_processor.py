"""Runs the whole program on a processor of 2008, which has no AVX: in qemu, with every process that it starts.

qemu runs one process; what that starts would run on the real processor again. proot watches and puts qemu before each.
"""

import ctypes
import json
import shutil
import struct
from pathlib import Path

from linux.trial import SkipError, StepError, answered, nothing

_PROCESSOR = "Nehalem"

_SET_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_LOAD, _JUMP_UNLESS_EQUAL, _RETURN = 0x20, 0x15, 0x06
_X86_64, _WAITID, _BY_DESCRIPTOR, _INVALID = 0xC000003E, 247, 3, 22
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000


def answers(folder: Path, scratch: Path) -> str:
    """The demo model answers on it, by a CPU library that the engine has chosen and proven there itself."""
    data = scratch / "old"
    environment = nothing(scratch) | {"PROOT_FORCE_FOREIGN_BINARY": "1", "PROOT_NO_SECCOMP": "1"}
    command = [*_starter(), str(folder / "soliloquy"), "--data-dir", str(data)]
    answer = answered(command, scratch, environment, refuse_waiting_by_descriptor)
    chosen = json.loads((data / "cache" / "cpu_library.json").read_text(encoding="utf-8"))["proven"]
    if chosen not in ("libggml-cpu-sse42.so", "libggml-cpu-x64.so"):
        raise StepError(f"the engine has taken {chosen}, so it did not run on the old processor")
    return f"{answer} By {chosen}"


def _starter() -> list[str]:
    proot, qemu = shutil.which("proot"), shutil.which("qemu-x86_64") or shutil.which("qemu-x86_64-static")
    if proot is None or qemu is None:
        raise SkipError("proot and qemu-user are not both installed")
    return [proot, "-q", f"{qemu} -cpu {_PROCESSOR}"]


def refuse_waiting_by_descriptor() -> None:
    """Makes the kernel say that it cannot wait for a process by a descriptor, from now on in this process.

    Qt asks for that, and where it is possible starts processes in a way that qemu before 8 refuses.
    """
    steps = (
        (_LOAD, 0, 0, 4),  # the machine
        (_JUMP_UNLESS_EQUAL, 0, 5, _X86_64),
        (_LOAD, 0, 0, 0),  # the call
        (_JUMP_UNLESS_EQUAL, 0, 3, _WAITID),
        (_LOAD, 0, 0, 16),  # its first argument
        (_JUMP_UNLESS_EQUAL, 0, 1, _BY_DESCRIPTOR),
        (_RETURN, 0, 0, _REFUSE | _INVALID),
        (_RETURN, 0, 0, _ALLOW),
    )
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = struct.pack("HxxxxxxQ", len(steps), ctypes.addressof(code))
    library = ctypes.CDLL(None, use_errno=True)
    for words in ((_SET_NO_NEW_PRIVILEGES, 1, 0), (_SET_SECCOMP, _FILTER, program)):
        if library.prctl(*words, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "the kernel takes no filter of system calls")
