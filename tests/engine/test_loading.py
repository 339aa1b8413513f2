"""A load that fails says why in the file's or the machine's own error, and tells what to know of one that does not."""

import shutil
from pathlib import Path

import pytest
from gguf import GGUFReader

from app.chat.conversation import Text, Turn
from app.chat.options import GenerateOptions, LoadOptions
from app.engine import loading
from app.engine.llama_backend import Runtime
from app.engine.loading import Loader
from app.engine.placement import Decision
from app.errors import AppError, EngineError, ModelFileError
from app.paths import demo_model
from app.protocol.engine import Generate, Plan
from tests.conftest import Noise
from tests.engine.conftest import OpenSession


def changed(source: Path, target: Path, old: bytes, new: bytes) -> Path:
    """A copy of a file with bytes of the same length put in place of others, everywhere."""
    assert len(old) == len(new)
    data = source.read_bytes()
    assert old in data
    target.write_bytes(data.replace(old, new))
    return target


def refused(runtime: Runtime, path: Path) -> AppError:
    """The error that loading raises."""
    with pytest.raises(AppError) as raised:
        Loader(runtime, lambda _share: None).load(path, LoadOptions(context=256, gpu_layers=0, threads=1))
    return raised.value


def test_an_architecture_that_the_engine_does_not_know_is_named(
    runtime: Runtime, zoo: Path, tmp_path: Path, noise: Noise
) -> None:
    noise.allow("llama.cpp:")
    file = changed(zoo / "qwen3.gguf", tmp_path / "new.gguf", b"qwen3", b"qwenX")
    error = refused(runtime, file)
    assert isinstance(error, ModelFileError)
    assert (error.code, error.parameters["architecture"]) == ("architecture_unknown", "qwenX")


def test_an_unknown_architecture_is_named_where_a_gpu_was_to_have_it_too(
    runtime: Runtime, zoo: Path, tmp_path: Path, noise: Noise, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise.allow("llama.cpp:")
    monkeypatch.setattr(loading, "decide", lambda *_facts: Decision(256, 2, 1, "A device"))
    file = changed(zoo / "qwen3.gguf", tmp_path / "new.gguf", b"qwen3", b"qwenX")
    assert refused(runtime, file).code == "architecture_unknown"


def test_a_file_without_a_tensor_that_it_needs_fails_with_llama_cpp_s_own_reason(
    runtime: Runtime, zoo: Path, tmp_path: Path, noise: Noise
) -> None:
    noise.allow("llama.cpp:")
    file = changed(zoo / "qwen3.gguf", tmp_path / "odd.gguf", b"output_norm.weight", b"output_form.weight")
    error = refused(runtime, file)
    assert isinstance(error, EngineError)
    assert error.code == "load_failed"
    assert "output_norm" in str(error.parameters["detail"])


def test_a_file_without_a_chat_template_gets_a_plain_one_and_says_so(
    open_session: OpenSession, zoo: Path, tmp_path: Path
) -> None:
    file = changed(
        zoo / "llama-distill.gguf",
        tmp_path / "bare.gguf",
        b"tokenizer.chat_template",
        b"tokenizer.shut_template",
    )
    session = open_session(file)
    assert session.capabilities.notices == ("template_missing",)
    assert session.capabilities.thinking.kind == "none"
    request = Generate("r", (Turn("q", "user", (Text("hi"),)),), GenerateOptions(max_tokens=3))
    assert session.generation(request, lambda _event: None).run().reason in ("limit", "end")


def test_the_demo_model_says_what_it_is(open_session: OpenSession) -> None:
    capabilities = open_session(demo_model()).capabilities
    assert capabilities.model == "Demo model (tiny)"
    assert capabilities.thinking.choices == ("off", "on")
    assert capabilities.advice.values.temperature == 0.0
    assert "MIT" in str(GGUFReader(demo_model()).fields["general.license"].contents())


def test_a_path_with_letters_of_every_kind_is_loaded(
    open_session: OpenSession, zoo: Path, tmp_path: Path
) -> None:
    file = tmp_path / "mödel 模型 🙂.gguf"
    shutil.copy(zoo / "qwen3.gguf", file)
    assert open_session(file).capabilities.model == "Qwen3 tiny"


def test_a_template_that_is_not_trusted_is_not_run_and_that_is_said(runtime: Runtime, zoo: Path) -> None:
    told: list[bool] = []
    loader = Loader(runtime, lambda _share: None, told.append)
    options = LoadOptions(context=256, gpu_layers=0, threads=1, plain_template=True)
    session = loader.load(zoo / "qwen3.gguf", options)
    assert session.capabilities.notices == ("template_distrusted",)
    assert session.capabilities.thinking.kind == "none"
    session.planned(Plan("p", (Turn("q", "user", (Text("hi"),)),), GenerateOptions()))
    assert told == []
    session.close()


def test_a_template_at_work_is_told_while_it_is_looked_at_and_for_each_prompt(
    runtime: Runtime, zoo: Path
) -> None:
    told: list[bool] = []
    loader = Loader(runtime, lambda _share: None, told.append)
    session = loader.load(zoo / "qwen3.gguf", LoadOptions(context=256, gpu_layers=0, threads=1))
    at_load = len(told)
    assert at_load >= 4
    session.planned(Plan("p", (Turn("q", "user", (Text("hi"),)),), GenerateOptions()))
    assert len(told) > at_load
    assert told == [True, False] * (len(told) // 2)
    session.close()


def test_a_template_without_a_system_message_is_said_to_have_none(
    open_session: OpenSession, zoo: Path, tmp_path: Path
) -> None:
    source = zoo / "llama-distill.gguf"
    template = str(GGUFReader(source).fields["tokenizer.chat_template"].contents()).encode()
    loses = b"{% for m in messages if m.role != 'system' %}{{ m.content }}{% endfor %}"
    file = changed(source, tmp_path / "loses.gguf", template, loses + b" " * (len(template) - len(loses)))
    assert open_session(file).capabilities.folds_system
    assert not open_session(source).capabilities.folds_system


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"{% if %}", "template_syntax"),
        (b"{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "template_runaway"),
        (b"{{ self.a() }}{% block a %}{{ self.a() }}{% endblock %}", "template_runaway"),
    ],
)
def test_a_template_that_cannot_be_used_is_replaced_by_a_plain_one_and_that_is_said(
    open_session: OpenSession, zoo: Path, tmp_path: Path, noise: Noise, source: bytes, code: str
) -> None:
    noise.allow("the chat template cannot be used")
    file = zoo / "llama-distill.gguf"
    template = str(GGUFReader(file).fields["tokenizer.chat_template"].contents()).encode()
    bad = changed(file, tmp_path / "bad.gguf", template, source + b" " * (len(template) - len(source)))
    session = open_session(bad)
    assert session.capabilities.notices == (code,)
    request = Generate("r", (Turn("q", "user", (Text("hi"),)),), GenerateOptions(max_tokens=3))
    assert session.generation(request, lambda _event: None).run().reason in ("limit", "end")
