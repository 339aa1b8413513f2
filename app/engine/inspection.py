"""Says what a model file is without llama.cpp, under a limit of memory and time: it reads a stranger's file."""

import sys
from collections.abc import Callable
from pathlib import Path

from app.chat.conversation import Text, Turn
from app.chat.options import Thinking
from app.chat.prompt import build_prompt
from app.chat.reasoning_format import ReasoningFormat, detect
from app.chat.template import ChatTemplate
from app.chat.template_meter import Allowance
from app.errors import PromptError
from app.library.model_file import read_model_file
from app.protocol.engine import Inspected

MEMORY_LIMIT = 2 * 1024**3
"""Bytes of address space; the largest headers known need a few tens of megabytes."""

SECONDS_LIMIT = 5
"""Seconds of processor time; what a template may take of them is less, so that it ends in words."""

_ALLOWANCE = Allowance(characters=2_000_000, steps=500_000, seconds=1.0, in_all=True)


def limit_this_process() -> None:
    """Takes memory and time away from this process for good; it is to be thrown away afterwards."""
    if sys.platform == "win32":
        return  # a job object would be needed; the service ends an inspection that takes too long
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_LIMIT, SECONDS_LIMIT))


def inspect(path: Path, watch: Callable[[bool], None] = lambda _active: None) -> Inspected:
    """What the file is, how its model thinks, and what is wrong with its template. Raises ModelFileError.

    `watch` is told before the template is at work (True), and after it (False).
    """
    file = read_model_file(path)
    watch(True)
    thinking, problem = _told_by(file.chat_template)
    watch(False)
    return Inspected(
        path=str(path),
        name=file.name,
        architecture=file.architecture,
        size=file.size,
        quantization=file.quantization,
        trained_context=file.trained_context,
        thinking=thinking,
        problems=(problem,) if problem else (),
    )


def _told_by(source: str | None) -> tuple[Thinking, str]:
    """How a template thinks, and the code of what is wrong with it, or nothing."""
    if source is None:
        return Thinking(), "template_missing"
    try:
        template = ChatTemplate(source, allowance=_ALLOWANCE)
        # What runs away does so here, before detecting the format takes longer over it.
        _try(template, ReasoningFormat())
        fmt = detect(source)
        _try(template, fmt)
    except PromptError as error:
        return Thinking(), error.code
    return fmt.thinking(), ""


def _try(template: ChatTemplate, fmt: ReasoningFormat) -> None:
    """Makes prompts of short conversations. Raises PromptError."""
    question = Turn("question", "user", (Text("Is 1 less than 2?"),))
    system = Turn("system", "system", (Text("Be brief."),))
    reply = Turn("reply", "assistant", (Text("Yes."),), "1 comes before 2.")
    for turns in ((system, question), (question, reply, question)):
        build_prompt(template, fmt, turns)
