"""A model's place, room and thinking in words."""

import pytest

from app.chat.options import Placement
from app.ui.models.words import percent, placement_text, room_text, thinking_text
from tests.doubles.services import capabilities


@pytest.mark.parametrize(
    ("layers", "words"),
    [(0, "on the processor"), (22, "22 of 28 layers on the GPU"), (28, "on the GPU"), (29, "on the GPU")],
)
def test_where_a_model_runs(layers: int, words: str) -> None:
    assert placement_text(Placement("GPU", layers, 28)) == words


@pytest.mark.parametrize(
    ("context", "layers", "words"),
    [
        (8192, 28, "It runs on the GPU, with room for about 12 pages."),
        (8192, 22, "22 of its 28 layers run on the GPU, with room for about 12 pages."),
        (512, 0, "It runs on the processor, with room for about one page."),
        (1_048_576, 0, "It runs on the processor, with room for about 1,542 pages."),
    ],
)
def test_how_much_a_model_can_read(context: int, layers: int, words: str) -> None:
    model = capabilities(context=context, placement=Placement("GPU", layers, 28))
    assert room_text(model) == words


@pytest.mark.parametrize(
    ("choice", "words"), [("on", "On"), ("off", "Off"), ("xhigh", "Xhigh"), ("max", "Max")]
)
def test_a_thinking_choice_is_said_with_a_capital(choice: str, words: str) -> None:
    assert thinking_text(choice) == words


def test_no_line_breaks_between_a_number_and_its_sign() -> None:
    assert percent(0.384) == "38\N{NO-BREAK SPACE}%"
