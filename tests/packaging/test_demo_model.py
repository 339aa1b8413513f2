"""The demo model's training data, tokenizer, chat template and file, each checked by other means than it was made."""

import math
import re
from pathlib import Path
from random import Random
from typing import Any

import gguf
import pytest
from demo_model import other_topics, phrasings, samples, skills, tokenizer, words
from demo_model.digits import addition, comparison, multiplication, sorting, subtraction
from demo_model.held_out import is_held_out
from jinja2.sandbox import ImmutableSandboxedEnvironment

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "packaging" / "demo_model"
MODEL = ROOT / "resources" / "models" / "demo.gguf"
LISTS = ("add", "subtract", "multiply", "compare_larger", "compare_smaller", "sort", "count", "identity")
LANGUAGES = 10


def hand_written() -> list[str]:
    """The questions that measuring alone may read, in the order of the file."""
    lines = (FOLDER / "other_questions.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def without_dressing(text: str) -> str:
    """A question without capitals and what stands around it."""
    return text.casefold().strip(" ?.!¿¡。\uff1f،؟")


def numbers(text: str) -> list[int]:
    """The numbers that a text shows, a minus sign before a digit counted as theirs."""
    return [int(found) for found in re.findall(r"-?\d+", text)]


def last_line(working: str) -> str:
    """What a working ends with, behind its sign."""
    return working.splitlines()[-1].rpartition("→ ")[2].removeprefix("= ")


def problems(skill: str, kind: str = "trained") -> list[skills.Problem]:
    """Five hundred problems of a skill."""
    random = Random(f"{skill} {kind}")
    return [skills.SKILLS[skill](random, kind, random.random() < 0.5) for _ in range(500)]


# What is taught is true


def test_every_addition_ends_with_the_sum() -> None:
    random = Random(1)
    for _ in range(2000):
        first, second = skills.some_number(random), skills.some_number(random)
        assert int(last_line(addition(first, second))) == first + second


def test_every_subtraction_ends_with_the_difference_negative_ones_too() -> None:
    random = Random(2)
    for _ in range(2000):
        first, second = skills.some_number(random), skills.some_number(random)
        assert int(last_line(subtraction(first, second))) == first - second


def test_every_column_of_a_working_is_true_arithmetic() -> None:
    random = Random(3)
    for _ in range(500):
        first, second = skills.some_number(random), skills.some_number(random)
        for line in (addition(first, second) + "\n" + subtraction(first, second)).splitlines():
            left, equals, rest = line.partition("=")
            if "→" in rest and equals:
                one, *others = numbers(left.replace("-", " -").replace("+", " "))
                assert one + sum(others) == int(rest.split()[0])


def value(text: str) -> int:
    """What a sum of products comes to."""
    return sum(math.prod(int(factor) for factor in term.split("×")) for term in text.split("+"))


def test_every_product_of_two_digits_by_one_is_right_in_each_of_its_steps() -> None:
    for number in range(100):
        for digit in range(10):
            lines = multiplication(number, digit).splitlines()
            assert int(last_line(lines[-1])) == number * digit
            for line in lines[1:-1]:
                assert len({value(side) for side in line.partition(" → ")[0].split("=")}) == 1


def test_every_comparison_ends_with_the_true_order() -> None:
    random = Random(4)
    for _ in range(1000):
        first, second = skills.some_number(random), skills.some_number(random)
        left, sign, right = comparison(first, second, "larger").splitlines()[-1].split()
        assert {int(left), int(right)} == {first, second}
        assert int(left) == max(first, second)
        assert (sign == "=") == (first == second)


def test_every_sorting_ends_with_the_whole_list_in_order() -> None:
    random = Random(5)
    for _ in range(500):
        values = [random.randint(0, 99) for _ in range(random.randint(2, 5))]
        assert numbers(sorting(values).splitlines()[-1].partition("→")[2]) == sorted(values)


def test_every_letter_is_numbered_by_how_often_the_wanted_one_has_come() -> None:
    random = Random(6)
    for _ in range(500):
        word, letter = words.some_word(random, held_out=False), random.choice(words.ALPHABET)
        marks = words.counting(letter, word).splitlines()[1].split()
        assert "".join(mark[0] for mark in marks) == word
        assert [int(mark[1:]) for mark in marks] == [
            word[: place + 1].count(letter) for place in range(len(word))
        ]


@pytest.mark.parametrize(
    ("skill", "sign"),
    [("add", "+"), ("subtract", "-"), ("multiply", "×")],
    ids=["add", "subtract", "multiply"],
)
def test_an_answer_says_the_sum_that_the_question_asks_for(skill: str, sign: str) -> None:
    for problem in problems(skill):
        left, right = problem.answer.rstrip(".").split(" = ")
        first, second = (int(text) for text in left.split(f" {sign} "))
        wanted = {"+": first + second, "-": first - second, "×": first * second}[sign]
        assert int(right) == wanted
        asked = sorted(int(text) for text in re.findall(r"\d+", problem.question))
        assert asked == sorted((first, second))


def test_a_sorted_answer_lists_the_numbers_of_the_question() -> None:
    for problem in problems("sort", "held_out"):
        asked = [int(text) for text in re.findall(r"\d+", problem.question)]
        listed = ", ".join(str(number) for number in sorted(asked))
        assert problem.answer == f"From small to large: {listed}."


def test_a_counting_answer_is_what_python_counts() -> None:
    for problem in problems("count"):
        found = re.fullmatch(r'There (is|are) (\d+) "(.)" in ([a-z]+)\.', problem.answer)
        assert found is not None
        assert found[4].count(found[3]) == int(found[2])
        assert (found[1] == "is") == (found[2] == "1")
        assert found[4] in problem.question.lower()


# How it is asked


@pytest.mark.parametrize("name", LISTS)
def test_each_skill_is_trained_in_at_least_ten_phrasings_and_measured_in_others(name: str) -> None:
    trained = {way for line in phrasings.patterns("trained", name) for way in line.every()}
    kept = {way for line in phrasings.patterns("held_out", name) for way in line.every()}
    assert len(trained) >= 10
    assert len(kept) >= 3
    assert not {without_dressing(way) for way in trained} & {without_dressing(way) for way in kept}


@pytest.mark.parametrize("skill", sorted(skills.SKILLS))
def test_no_question_is_left_with_an_open_slot(skill: str) -> None:
    for problem in problems(skill) + problems(skill, "held_out"):
        assert not phrasings.SLOT.search(problem.question)


def test_the_signs_and_words_of_the_readme_are_trained() -> None:
    trained = {way for line in phrasings.patterns("trained", "add") for way in line.every()}
    assert {"What is {a} + {b}", "{a}+{b}=", "Add {a} and {b}", "How much is {a} plus {b}"} <= trained


def test_values_kept_for_measuring_are_never_trained_on() -> None:
    random = Random(7)
    for _ in range(500):
        asked = skills.SKILLS["sort"](random, "trained", False).question
        assert not is_held_out(*(int(text) for text in re.findall(r"\d+", asked)))
    kept = set(words.known_words(True))
    assert not kept & {words.some_word(random, held_out=False) for _ in range(5000)}
    assert not kept & set(words.known_words(False))


# What is refused


def test_two_hundred_other_questions_are_written_in_ten_languages() -> None:
    lines = (FOLDER / "other_questions.txt").read_text("utf-8").splitlines()
    headings = [line for line in lines if line.startswith("#")]
    assert len(headings) == LANGUAGES
    assert len(hand_written()) == 200
    assert len(set(hand_written())) == 200


def test_only_measuring_names_the_file_of_other_questions() -> None:
    naming = {path.name for path in FOLDER.glob("*.py") if "other_questions.txt" in path.read_text("utf-8")}
    assert naming == {"measuring.py"}


def test_no_other_question_can_be_found_in_what_is_trained_on() -> None:
    kept = {without_dressing(line) for line in hand_written()}
    material = "\n".join(
        path.read_text("utf-8").casefold()
        for path in FOLDER.rglob("*.txt")
        if path.name != "other_questions.txt"
    )
    assert not [line for line in kept if line in material]
    random = Random(8)
    assert not kept & {without_dressing(other_topics.other_question(random)) for _ in range(30_000)}


# The samples


def test_one_sample_in_four_has_its_thinking_cut_and_still_answers() -> None:
    random = Random(10)
    cut = 0
    for _ in range(2000):
        sample = samples.some_sample(random)
        closing = (
            len(sample.tokens)
            - 1
            - sample.tokens[::-1].index(tokenizer.token_ids()[tokenizer.END_THINK.encode()])
        )
        assert sample.weights[-1] > 0
        cut += sample.weights[closing] == 0
    assert 0.22 < cut / 2000 < 0.28


def test_only_what_the_model_says_counts_in_the_loss() -> None:
    random = Random(11)
    opener = tokenizer.token_ids()[tokenizer.THINK.encode()]
    for _ in range(300):
        sample = samples.some_sample(random)
        asked = sample.tokens.index(opener)
        assert not any(sample.weights[: asked + 1])
        assert len(sample.tokens) == len(sample.weights)


def test_rows_are_filled_to_the_last_token() -> None:
    row = samples.packed_row(Random(12), 256)
    assert len(row.tokens) == len(row.weights) == 257


# The tokenizer


def test_any_text_comes_back_from_its_tokens() -> None:
    random = Random(13)
    for _ in range(500):
        text = other_topics.other_question(random) + " → 3 × 4 →→"
        assert tokenizer.decode(tokenizer.encode(text)) == text


def test_markers_are_one_token_each() -> None:
    for marker in (*tokenizer.CONTROL, *tokenizer.VISIBLE):
        assert len(tokenizer.encode(marker)) == 1


def test_the_vocabulary_has_every_byte_once() -> None:
    vocabulary = tokenizer.vocabulary()
    assert len(vocabulary) == len(set(vocabulary)) == tokenizer.VOCABULARY_SIZE
    assert {bytes([byte]) for byte in range(256)} <= set(vocabulary)


# The template


def render(messages: list[dict[str, str]], **variables: Any) -> str:
    """The template as a chat program renders it."""
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((FOLDER / "chat_template.jinja").read_text("utf-8"))
    return template.render(messages=messages, **{"add_generation_prompt": True, **variables})


QUESTION = {"role": "user", "content": "2+3="}


def test_the_template_opens_the_thinking() -> None:
    assert render([QUESTION]) == "<|user|>2+3=<|end|><|assistant|><think>\n"
    assert render([QUESTION], enable_thinking=True) == render([QUESTION])


def test_thinking_can_be_switched_off() -> None:
    off = render([QUESTION], enable_thinking=False)
    assert off == "<|user|>2+3=<|end|><|assistant|><think>\n\n</think>\n\n"


def test_a_system_message_comes_first() -> None:
    assert render([{"role": "system", "content": "Be brief."}, QUESTION]).startswith(
        "<|system|>Be brief.<|end|>"
    )


@pytest.mark.parametrize(
    "reply",
    [
        {"role": "assistant", "content": "5", "reasoning_content": "2+3=5"},
        {"role": "assistant", "content": "<think>\n2+3=5\n</think>\n\n5"},
        {"role": "assistant", "content": "2+3=5\n</think>\n\n5"},
    ],
    ids=["apart", "inline", "inline without its opener"],
)
def test_the_thinking_of_earlier_turns_is_dropped(reply: dict[str, str]) -> None:
    text = render([QUESTION, reply, QUESTION])
    assert text == "<|user|>2+3=<|end|><|assistant|>5<|end|><|user|>2+3=<|end|><|assistant|><think>\n"


def test_the_thinking_of_the_last_turn_is_kept() -> None:
    reply = {"role": "assistant", "content": "5", "reasoning_content": "2+3=5"}
    text = render([QUESTION, reply], add_generation_prompt=False)
    assert text.endswith("<|assistant|><think>\n2+3=5\n</think>\n\n5<|end|>")


def test_training_writes_turns_as_the_template_does() -> None:
    reply = {"role": "assistant", "content": "5"}
    assert render([QUESTION, reply], add_generation_prompt=False) == samples.turn("2+3=", "5")


# The file


def reader() -> gguf.GGUFReader:
    """The shipped file."""
    return gguf.GGUFReader(MODEL)


def test_the_file_is_at_most_four_megabytes() -> None:
    assert 1_000_000 < MODEL.stat().st_size <= 4 * 1024 * 1024


def test_the_file_says_what_it_is() -> None:
    fields = reader().fields
    assert fields["general.architecture"].contents() == "llama"
    assert fields["general.name"].contents() == "Demo model (tiny)"
    assert fields["general.license"].contents() == "MIT"
    assert fields["general.sampling.temp"].contents() == 0.0


def test_the_file_carries_this_template_and_this_tokenizer() -> None:
    fields = reader().fields
    template = (FOLDER / "chat_template.jinja").read_text("utf-8").strip()
    assert fields["tokenizer.chat_template"].contents() == template
    tokens = fields["tokenizer.ggml.tokens"].contents()
    kinds = fields["tokenizer.ggml.token_type"].contents()
    by_text = dict(zip(tokens, kinds, strict=True))
    assert {by_text[marker] for marker in tokenizer.VISIBLE} == {gguf.TokenType.USER_DEFINED}
    assert {by_text[marker] for marker in tokenizer.CONTROL} == {gguf.TokenType.CONTROL}
    assert tokens[fields["tokenizer.ggml.eos_token_id"].contents()] == tokenizer.END
    assert tokens[:256] == list(tokenizer.byte_characters())
