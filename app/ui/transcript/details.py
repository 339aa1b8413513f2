"""What a reply cost and how it was asked for, in words: the rows of its details."""

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QLocale

from app.chat.conversation import Message, Statistics
from app.chat.options import Sampling
from app.ui.models.sampling_words import figure
from app.ui.models.words import thinking_text
from app.ui.transcript import words


class Detail(NamedTuple):
    """One row: what it tells, and the figure with its unit."""

    name: str
    value: str


def details(message: Message) -> list[Detail]:
    """The rows of a reply that has ended, in order; what is not known is left out."""
    rows = [Detail(_tr("Ended"), ending(message))]
    if message.statistics is not None:
        rows.extend(_cost(message.statistics))
    if message.model:
        rows.append(Detail(_tr("Model"), message.model))
    rows.extend(_asked(message))
    return rows


def as_text(rows: list[Detail]) -> str:
    """The rows as they are copied."""
    return "\n".join(
        _tr("{name}: {value}").format(name=name, value=value.replace("\n", ", ")) for name, value in rows
    )


def ending(message: Message) -> str:
    """How a reply ended, also where that was as it should."""
    return words.how_it_ended(message) or _tr("The answer is complete")


def seconds(value: float) -> str:
    """Short times with fractions, long ones as a clock shows them."""
    if value >= 60:
        return words.duration(value)
    digits = 2 if value < 10 else 1
    return _tr("{number}\N{NO-BREAK SPACE}s").format(number=QLocale().toString(float(value), "f", digits))


def sampling_text(sampling: Sampling) -> str:
    """All values in one text, each with its name; what is switched off is left out."""
    told = [(_tr("temperature"), sampling.temperature, True)]
    told += [
        (_tr("top-k"), sampling.top_k, sampling.top_k > 0),
        (_tr("top-p"), sampling.top_p, sampling.top_p < 1),
        (_tr("min-p"), sampling.min_p, sampling.min_p > 0),
        (_tr("repeat penalty"), sampling.repeat_penalty, sampling.repeat_penalty != 1),
        (_tr("presence penalty"), sampling.presence_penalty, sampling.presence_penalty != 0),
    ]
    if sampling.seed is not None:
        told.append((_tr("seed"), sampling.seed, True))
    pair = _tr("{name}\N{NO-BREAK SPACE}{number}")
    return ", ".join(pair.format(name=name, number=figure(value)) for name, value, on in told if on)


def _asked(message: Message) -> list[Detail]:
    options = message.options
    if options is None:
        return []
    rows = []
    if options.thinking is not None:
        rows.append(Detail(_tr("Thinking effort"), thinking_text(options.thinking)))
    elif message.thinking:
        rows.append(Detail(_tr("Thinking effort"), _tr("As the model does by itself")))
    if options.think_in:
        rows.append(Detail(_tr("Thinks in"), options.think_in))
    if options.max_tokens is not None:
        rows.append(Detail(_tr("Limit"), words.tokens(options.max_tokens)))
    asked = sampling_text(options.sampling) if options.sampling is not None else _tr("As the model asks")
    rows.append(Detail(_tr("Sampling"), asked))
    return rows


def _cost(told: Statistics) -> list[Detail]:
    rows = []
    if told.thinking_tokens:
        rows.append(Detail(_tr("Thinking"), _stretch(told.thinking_tokens, told.thinking_seconds)))
    rows.append(Detail(_tr("Answer"), _stretch(told.answer_tokens, told.answer_seconds)))
    if told.tokens_per_second > 0:
        rate = QLocale().toString(float(told.tokens_per_second), "f", 1)
        rows.append(Detail(_tr("Speed"), _tr("{rate}\N{NO-BREAK SPACE}tok/s").format(rate=rate)))
    if told.time_to_first_token > 0:
        rows.append(Detail(_tr("First token after"), seconds(told.time_to_first_token)))
    rows.append(Detail(_tr("Prompt"), words.tokens(told.prompt_tokens)))
    rows.append(Detail(_tr("From the cache"), words.tokens(told.cached_tokens)))
    return rows


def _stretch(count: int, time: float) -> str:
    return words.figures_in_a_row(words.tokens(count), seconds(time) if count else "")


def _tr(text: str) -> str:
    return QCoreApplication.translate("Details", text)
