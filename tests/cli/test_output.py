"""What `ask` prints: words in order for people, one object a line for scripts, progress on a terminal alone."""

import io
import json

from app.chat.conversation import Statistics
from app.chat.options import ChosenSampling, Sampling, SamplingAdvice
from app.cli.output import Ended, JsonWriter, PlainWriter
from app.protocol.engine import Finished
from app.services.models.sampling_now import sampling_now

ENDED = Ended(Finished("r", "end", Statistics(1, 0, 2, 3, 0.5, 0.5, 5.0, 0.1)), "M")


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        """Yes."""
        return True


def test_the_answer_alone_is_printed() -> None:
    output = io.StringIO()
    writer = PlainWriter(output, io.StringIO(), show_thinking=False)
    writer.text("thinking", "hm")
    writer.text("answer", "\n\nIt is ")
    writer.text("answer", "15.")
    writer.end(ENDED)
    assert output.getvalue() == "It is 15.\n"


def test_thinking_comes_before_the_answer_with_an_empty_line_between() -> None:
    output = io.StringIO()
    writer = PlainWriter(output, io.StringIO(), show_thinking=True)
    writer.text("thinking", "hm")
    writer.text("answer", "It is 15.")
    writer.end(ENDED)
    assert output.getvalue() == "hm\n\nIt is 15.\n"


def test_thinking_is_dim_on_a_terminal_and_the_colour_ends_with_it() -> None:
    output = Terminal()
    writer = PlainWriter(output, Terminal(), show_thinking=True)
    writer.text("thinking", "hm")
    writer.end(None)
    assert output.getvalue() == "\x1b[2mhm\x1b[0m\n"


def test_a_reply_without_a_word_prints_nothing() -> None:
    output = io.StringIO()
    PlainWriter(output, io.StringIO(), show_thinking=True).end(ENDED)
    assert output.getvalue() == ""


def test_json_gives_each_run_whole_and_in_order_and_then_the_end() -> None:
    output = io.StringIO()
    writer = JsonWriter(output, io.StringIO())
    for channel, text in (
        ("thinking", "h"),
        ("thinking", "m\n"),
        ("answer", "a"),
        ("thinking", "n"),
        ("answer", "b"),
    ):
        writer.text("thinking" if channel == "thinking" else "answer", text)
    writer.end(ENDED)
    lines = [json.loads(line) for line in output.getvalue().splitlines()]
    assert lines[:4] == [{"thinking": "hm"}, {"answer": "a"}, {"thinking": "n"}, {"answer": "b"}]
    assert lines[4]["done"]["reason"] == "end"
    assert lines[4]["done"]["model"] == "M"
    assert lines[4]["done"]["tokens_per_second"] == 5.0


def test_progress_is_shown_on_a_terminal_alone_and_cleared_before_the_first_word() -> None:
    pipe, terminal = io.StringIO(), Terminal()
    for errors in (pipe, terminal):
        writer = PlainWriter(io.StringIO(), errors, show_thinking=False)
        writer.progress("Loading")
        writer.text("answer", "hi")
    assert pipe.getvalue() == ""
    assert terminal.getvalue() == "\r\x1b[KLoading\r\x1b[K"


def test_a_notice_is_told_in_words_also_to_a_pipe() -> None:
    errors = io.StringIO()
    JsonWriter(io.StringIO(), errors).notice("template_missing")
    assert errors.getvalue() == "This file has no chat template. A plain one is used.\n"


def test_a_model_cannot_command_the_terminal_and_a_file_gets_its_exact_words() -> None:
    for output, expected in ((Terminal(), "a\ufffd[2Jb\tc\n"), (io.StringIO(), "a\x1b[2Jb\tc\n")):
        writer = PlainWriter(output, io.StringIO(), show_thinking=False)
        writer.text("answer", "a\x1b[2Jb\tc")
        writer.end(ENDED)
        assert output.getvalue() == expected


def test_where_a_reply_is_stored_is_a_part_of_its_end() -> None:
    output = io.StringIO()
    JsonWriter(output, io.StringIO()).end(ENDED._replace(conversation="c1"))
    assert json.loads(output.getvalue())["done"]["conversation"] == "c1"


def test_json_tells_how_the_reply_was_drawn_and_who_said_so() -> None:
    output = io.StringIO()
    advice = SamplingAdvice(Sampling(1.0, 64), {"top_k": "published"}, "https://example.org/m")
    sampling = sampling_now(advice, ChosenSampling(), ChosenSampling(temperature=0.5))
    JsonWriter(output, io.StringIO()).end(ENDED._replace(sampling=sampling))
    done = json.loads(output.getvalue())["done"]
    assert (done["sampling"]["temperature"], done["sampling"]["top_k"]) == (0.5, 64)
    assert done["sampling_from"]["temperature"] == "command"
    assert (done["sampling_from"]["top_k"], done["sampling_from"]["top_p"]) == ("published", "guess")
    assert done["sampling_page"] == "https://example.org/m"
