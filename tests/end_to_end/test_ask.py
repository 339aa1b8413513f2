"""`python -m app ask`, as a script uses it: a process of its own, on real models, without a network."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def ask(data: Path, *words: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    """Runs the command line with a data folder of its own."""
    command = [sys.executable, "-m", "app", "--data-dir", str(data), *words]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, input=text, timeout=120, check=False
    )


def test_the_demo_model_thinks_and_answers(tmp_path: Path) -> None:
    ended = ask(tmp_path, "ask", "--json", "What is 12 + 35?")
    assert ended.returncode == 0, ended.stderr
    thinking, answer, done = map(json.loads, ended.stdout.splitlines())
    assert thinking["thinking"]
    assert "47" in answer["answer"]
    assert done["done"]["reason"] == "end"
    assert done["done"]["model"] == "Demo model (tiny)"
    assert done["done"]["thinking_tokens"] > 0
    assert set(done["done"]) == {
        "reason",
        "model",
        "prompt_tokens",
        "cached_tokens",
        "thinking_tokens",
        "answer_tokens",
        "thinking_seconds",
        "answer_seconds",
        "tokens_per_second",
        "time_to_first_token",
        "sampling",
        "sampling_from",
    }


def test_plain_output_is_the_answer_alone(tmp_path: Path) -> None:
    ended = ask(tmp_path, "ask", "12+35=")
    assert ended.returncode == 0
    assert "47" in ended.stdout
    assert ended.stdout.count("\n") == 1
    assert ended.stderr == ""


def test_thinking_is_shown_before_the_answer_when_asked_for(tmp_path: Path) -> None:
    plain = ask(tmp_path, "ask", "12+35=").stdout.strip()
    shown = ask(tmp_path, "ask", "--show-thinking", "12+35=").stdout.strip()
    assert shown.endswith(plain)
    assert len(shown) > len(plain) + 2
    assert "think>" not in shown


def test_thinking_can_be_switched_off(tmp_path: Path) -> None:
    ended = ask(tmp_path, "ask", "--json", "--think", "off", "12+35=")
    assert ended.returncode == 0
    lines = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [list(line) for line in lines] == [["answer"], ["done"]]
    assert lines[-1]["done"]["thinking_tokens"] == 0


def test_a_limit_ends_the_reply_and_says_so(tmp_path: Path) -> None:
    ended = ask(tmp_path, "ask", "--json", "--max-tokens", "5", "12+35=")
    lines = [json.loads(line) for line in ended.stdout.splitlines()]
    assert lines[-1]["done"]["reason"] == "limit"
    assert lines[-1]["done"]["thinking_tokens"] == 5


def test_the_question_comes_from_standard_input(tmp_path: Path) -> None:
    ended = ask(tmp_path, "ask", "-", text="12+35=\n")
    assert "47" in ended.stdout


def test_a_seed_makes_sampling_repeatable(tmp_path: Path, zoo: Path) -> None:
    words = (
        "ask",
        "--json",
        "--model",
        str(zoo / "qwen3.gguf"),
        "--temperature",
        "1.5",
        "--max-tokens",
        "12",
    )

    def answer(seed: str) -> str:
        lines = ask(tmp_path, *words, "--seed", seed, "hi").stdout.splitlines()
        return "".join(lines[:-1])

    assert answer("7") == answer("7") != answer("8")


def test_a_real_chat_model_answers(tmp_path: Path, smollm2: Path) -> None:
    ended = ask(
        tmp_path,
        *("ask", "--json", "--model", str(smollm2), "--temperature", "0"),
        *("--system", "You are a helpful assistant.", "What is the capital of France?"),
    )
    lines = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [list(line) for line in lines] == [["answer"], ["done"]]
    assert "Paris" in lines[0]["answer"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ask", "--model", "/no/such.gguf", "hi"], "There is no file"),
        (["ask", "--model", "/tmp", "hi"], "is a folder"),
        (["ask", "--think", "sideways", "hi"], "It has: off, on"),
        (["ask", "--think-budget", "5", "hi"], "--think-budget is not available"),
        (["models", "list"], "models is not available"),
        (["conversations", "search", "x", "--in", "all"], "conversations search is not available"),
        (["export", "--all", "--format", "pdf", "-o", "x"], "--format pdf is not available"),
        (["export", "abc", "--format", "html", "-o", "x"], "--format html is not available"),
        (["bench"], "bench is not available"),
        (["ask", "  "], "nothing to send"),
    ],
)
def test_what_is_refused_is_said_in_one_sentence_and_ends_with_1(
    tmp_path: Path, words: list[str], said: str
) -> None:
    ended = ask(tmp_path, *words)
    assert ended.returncode == 1
    assert said in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert ended.stdout == ""


@pytest.mark.parametrize(
    "words",
    [
        ["ask"],
        ["ask", "--max-tokens", "0", "hi"],
        ["ask", "--max-tokens", "many", "hi"],
        ["ask", "--temperature", "-1", "hi"],
        ["ask", "--no-such-option", "hi"],
        ["ask", "one", "two"],
        ["conversations"],
        ["conversations", "show"],
        ["conversations", "sing"],
        ["conversations", "list", "more"],
        ["export", "--all"],
        ["export", "-o", "x"],
        ["export", "abc", "--all", "-o", "x"],
        ["export", "abc", "--format", "doc", "-o", "x"],
        ["export", "abc", "--thinking", "all", "-o", "x"],
    ],
)
def test_wrong_use_ends_with_2(tmp_path: Path, words: list[str]) -> None:
    ended = ask(tmp_path, *words)
    assert ended.returncode == 2
    assert "usage:" in ended.stderr


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "letter.gguf"
    file.write_text("Dear model,\n", encoding="utf-8")
    ended = ask(tmp_path, "ask", "--model", str(file), "hi")
    assert ended.returncode == 1
    assert "is not a GGUF model" in ended.stderr


def test_a_conversation_larger_than_the_context_is_refused_with_what_to_do(tmp_path: Path) -> None:
    ended = ask(tmp_path, "ask", "--context", "256", "12+35= " * 100)
    assert ended.returncode == 1
    assert "reads at most 256" in ended.stderr
    assert "larger context" in ended.stderr


def test_output_that_is_closed_early_ends_the_command_quietly(tmp_path: Path) -> None:
    command = f"{sys.executable} -m app ask --data-dir {tmp_path} --show-thinking '12+35=' | head -c 1"
    ended = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert ended.stderr == b""


def test_the_data_folder_may_come_after_the_verb_and_holds_everything(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "app", "ask", "--data-dir", str(tmp_path / "d"), "1+1="]
    subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=True)
    assert (tmp_path / "d").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "d" / "logs" / "soliloquy.log").is_file()


def test_the_log_holds_neither_question_nor_answer(tmp_path: Path) -> None:
    ended = ask(tmp_path, "ask", "--show-thinking", "--system", "Zebra", "How many o are in xylophonist?")
    text = (tmp_path / "logs" / "soliloquy.log").read_text(encoding="utf-8")
    assert "xylophonist" in ended.stdout
    assert text
    for word in ("xylophonist", "Zebra"):
        assert word not in text


def test_a_saved_question_is_a_conversation_and_nothing_else_is_stored(tmp_path: Path) -> None:
    ask(tmp_path, "ask", "12+35=")
    assert not (tmp_path / "conversations.db").exists()
    ended = ask(tmp_path, "ask", "--save", "--json", "--system", "Be brief.", "What is 12 + 35?")
    done = json.loads(ended.stdout.splitlines()[-1])["done"]
    shown = json.loads(ask(tmp_path, "conversations", "show", done["conversation"], "--json").stdout)
    assert (shown["title"], shown["system"]) == ("What is 12 + 35?", "Be brief.")
    question, reply = shown["messages"]
    assert question == {"role": "user", "text": "What is 12 + 35?", "thinking": None}
    assert reply["role"] == "assistant"
    assert "47" in reply["text"]
    assert reply["thinking"]
    assert json.loads(ask(tmp_path, "conversations", "list", "--json").stdout)["id"] == done["conversation"]


def test_what_is_refused_is_not_stored(tmp_path: Path) -> None:
    for words in (["  "], ["--think", "sideways", "hi"]):
        assert ask(tmp_path, "ask", "--save", *words).returncode == 1
    assert ask(tmp_path, "conversations", "list").stdout == ""


def test_a_store_that_fails_is_told_after_the_answer(tmp_path: Path) -> None:
    (tmp_path / "conversations.db").mkdir()
    ended = ask(tmp_path, "ask", "--save", "--json", "12+35=")
    assert ended.returncode == 1
    assert "47" in ended.stdout
    assert "conversation" not in json.loads(ended.stdout.splitlines()[-1])["done"]
    assert ended.stderr.count("\n") == 1


def test_a_saved_reply_that_is_killed_keeps_its_text(tmp_path: Path, smollm2: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "app",
        "--data-dir",
        str(tmp_path),
        "ask",
        "--save",
        "--model",
        str(smollm2),
    ]
    process = subprocess.Popen([*command, "Tell a very long story."], cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    heard = process.stdout.read(400)
    time.sleep(0.5)
    process.kill()
    process.communicate()
    (listed,) = map(json.loads, ask(tmp_path, "conversations", "list", "--json").stdout.splitlines())
    exported = ask(tmp_path, "export", listed["id"], "--format", "json", "--thinking", "none", "-o", "-")
    reply = json.loads(exported.stdout)["conversations"][0]["messages"][1]
    assert (reply["state"], reply["reason"]) == ("interrupted", "interrupted")
    assert (
        "".join(segment["text"] for segment in reply["segments"])
        .strip()
        .startswith(heard.decode(errors="ignore")[:300].strip())
    )
