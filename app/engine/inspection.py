"""Says what a model file is without llama.cpp, under a limit of memory and time: it reads a stranger's file."""

import sys
from pathlib import Path

from app.chat.reasoning_format import detect
from app.chat.template import ChatTemplate
from app.errors import PromptError
from app.library.model_file import read_model_file
from app.protocol.engine import Inspected

MEMORY_LIMIT = 2 * 1024**3
"""Bytes of address space; the largest headers known need a few tens of megabytes."""

SECONDS_LIMIT = 10
"""Seconds of processor time."""


def limit_this_process() -> None:
    """Takes memory and time away from this process for good; it is to be thrown away afterwards."""
    if sys.platform == "win32":
        return  # a job object would be needed; the service ends an inspection that takes too long
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_LIMIT, SECONDS_LIMIT))


def inspect(path: Path) -> Inspected:
    """What the file is, how its model thinks, and what is wrong with its template. Raises ModelFileError."""
    file = read_model_file(path)
    problem = _template_problem(file.chat_template)
    return Inspected(
        path=str(path),
        name=file.name,
        architecture=file.architecture,
        size=file.size,
        quantization=file.quantization,
        trained_context=file.trained_context,
        thinking=detect("" if problem else file.chat_template or "").thinking(),
        problems=(problem,) if problem else (),
    )


def _template_problem(source: str | None) -> str:
    if source is None:
        return "template_missing"
    try:
        ChatTemplate(source)
    except PromptError:
        return "template_failed"
    return ""
