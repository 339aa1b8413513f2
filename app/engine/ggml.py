"""llama.cpp's own list of backends and devices: loads a backend library, says what devices there are.

The functions live in libggml, in the instance that libllama itself uses; it is asked for by its file name, which
the loader resolves to the copy that is already in the process (a second copy would have a registry of its own).
"""

import ctypes
import sys
from pathlib import Path

from app.chat.options import Device

_GPU_TYPES = (1, 2)
"""GGML_BACKEND_DEVICE_TYPE_GPU and _IGPU (ggml-backend.h)."""


def _library_name() -> str:
    if sys.platform == "win32":
        return "ggml.dll"
    return "libggml.0.dylib" if sys.platform == "darwin" else "libggml.so.0"


class Ggml:
    """The loaded libggml. Made after libllama is in the process."""

    def __init__(self, library_folder: Path) -> None:
        name = _library_name()
        try:
            self._lib = ctypes.CDLL(name)
        except OSError:
            # macOS and Windows resolve by path; both give back the copy that is loaded already.
            self._lib = ctypes.CDLL(str(library_folder / name))
        self._declare()

    def _declare(self) -> None:
        for name, arguments, result in (
            ("ggml_backend_load", [ctypes.c_char_p], ctypes.c_void_p),
            ("ggml_backend_dev_count", [], ctypes.c_size_t),
            ("ggml_backend_dev_get", [ctypes.c_size_t], ctypes.c_void_p),
            ("ggml_backend_dev_name", [ctypes.c_void_p], ctypes.c_char_p),
            ("ggml_backend_dev_description", [ctypes.c_void_p], ctypes.c_char_p),
            ("ggml_backend_dev_type", [ctypes.c_void_p], ctypes.c_int),
            (
                "ggml_backend_dev_memory",
                [ctypes.c_void_p, ctypes.POINTER(ctypes.c_size_t), ctypes.POINTER(ctypes.c_size_t)],
                None,
            ),
        ):
            function = getattr(self._lib, name)
            function.argtypes = arguments
            function.restype = result

    def load_backend(self, path: Path) -> bool:
        """Loads one backend library; False when it refuses this machine."""
        return bool(self._lib.ggml_backend_load(str(path).encode()))

    def devices(self) -> tuple[Device, ...]:
        """The devices of every loaded backend that are a CPU or a GPU, memory in bytes."""
        handles = [self._lib.ggml_backend_dev_get(i) for i in range(self._lib.ggml_backend_dev_count())]
        return tuple(self._device(handle) for handle in handles)

    def _device(self, handle: int) -> Device:
        free, total = ctypes.c_size_t(), ctypes.c_size_t()
        self._lib.ggml_backend_dev_memory(handle, ctypes.byref(free), ctypes.byref(total))
        return Device(
            name=self._lib.ggml_backend_dev_name(handle).decode(errors="replace"),
            description=self._lib.ggml_backend_dev_description(handle).decode(errors="replace"),
            kind="gpu" if self._lib.ggml_backend_dev_type(handle) in _GPU_TYPES else "cpu",
            memory_total=total.value,
            memory_free=free.value,
        )
