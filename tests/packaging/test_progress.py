"""The progress of a compilation is one live line on a terminal and a few lines elsewhere."""

import io

from progress import Progress


class Terminal(io.StringIO):
    """A text stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def _after(out: io.StringIO, steps: int, total: int = 400) -> str:
    clock = Clock()
    progress = Progress(out, "Compiling", clock)
    for step in range(1, steps + 1):
        clock.now = step * 1.0
        progress.see(f"[{step}/{total}] c++ -c a.cpp")
    progress.end()
    return out.getvalue()


def test_on_a_terminal_one_line_is_written_over_and_over() -> None:
    text = _after(Terminal(), 3)
    assert text.count("\r") == 3
    assert text.count("\n") == 1
    assert text.endswith("Compiling: 3 of 400, about 7 min left\n")


def test_elsewhere_every_tenth_gets_a_line() -> None:
    lines = _after(io.StringIO(), 400).splitlines()
    assert lines[0] == "Compiling: 1 of 400"
    assert 9 <= len(lines) <= 11
    assert "\r" not in "".join(lines)


def test_the_time_that_is_left_follows_from_the_steps_that_are_done() -> None:
    assert "201 of 400, about 3 min left" in _after(Terminal(), 201)


def test_what_is_not_a_step_is_not_shown() -> None:
    out = io.StringIO()
    progress = Progress(out, "Compiling")
    for line in ("-- Configuring done", "[1/4] Generating shaders", "warning: [12/400] is no step", ""):
        progress.see(line)
    progress.end()
    assert out.getvalue() == ""
