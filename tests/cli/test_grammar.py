"""The grammar takes what DESIGN promises, in either order, and nothing else."""

from pathlib import Path

import pytest

from app.cli.grammar import parser


def test_the_data_folder_may_stand_before_or_after_the_verb() -> None:
    before = parser().parse_args(["--data-dir", "/d", "ask", "hi"])
    after = parser().parse_args(["ask", "--data-dir", "/d", "hi"])
    assert before.data_dir == after.data_dir == Path("/d")
    assert parser().parse_args(["ask", "hi"]).data_dir is None


def test_every_option_of_ask_is_read() -> None:
    chosen = parser().parse_args(
        [
            *(
                "ask",
                "--model",
                "m.gguf",
                "--system",
                "s",
                "--think",
                "high",
                "--max-tokens",
                "5",
                "--context",
                "512",
            ),
            *("--temperature", "0.5", "--seed", "3", "--show-thinking", "--own-language", "--json", "hello"),
        ]
    )
    assert (chosen.model, chosen.system, chosen.think) == ("m.gguf", "s", "high")
    assert (chosen.max_tokens, chosen.context, chosen.temperature, chosen.seed) == (5, 512, 0.5, 3)
    assert chosen.show_thinking
    assert chosen.own_language
    assert chosen.json
    assert chosen.prompt == "hello"


@pytest.mark.parametrize(
    "words",
    [
        ["ask"],
        ["ask", "--context", "-1", "x"],
        ["ask", "--temperature", "11", "x"],
        ["ask", "--seed", "-1", "x"],
        ["ask", "--seed", "4294967295", "x"],
        ["sing"],
        [],
    ],
)
def test_wrong_use_is_refused_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(words)
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_conversations_and_export_are_read() -> None:
    shown = parser().parse_args(["conversations", "show", "abc", "--json", "--data-dir", "/d"])
    assert (shown.action, shown.id, shown.json, shown.data_dir) == ("show", "abc", True, Path("/d"))
    before = parser().parse_args(["conversations", "--data-dir", "/d", "import", "x.json"])
    assert (before.path, before.data_dir) == (Path("x.json"), Path("/d"))
    every = parser().parse_args(
        ["export", "--all", "--format", "json", "--thinking", "appendix", "-o", "out"]
    )
    assert (every.all, every.id, every.format, every.thinking) == (True, None, "json", "appendix")
    one = parser().parse_args(["export", "abc", "-o", "-"])
    assert (one.id, one.format, one.thinking, one.output) == ("abc", "md", "none", Path("-"))
