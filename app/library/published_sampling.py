"""How the makers of a family of models ask for it to be sampled, with the page where they say so.

A row is found by the words in the names that a header holds: the model's own, else those of the models that it was
made from. A row with an architecture that no other family uses needs no name. What nobody published has no row here.
To add one: write down the maker's values as they stand on their page, and put what is special before what is general.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple


class SuggestedSampling(NamedTuple):
    """How somebody says tokens should be drawn; None for what is not said. Named as `options.Sampling`."""

    temperature: float | None = None
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None
    repeat_penalty: float | None = None
    presence_penalty: float | None = None

    def given(self) -> dict[str, float]:
        """What is said, by name."""
        return {name: value for name, value in self._asdict().items() if value is not None}


class PublishedSampling(NamedTuple):
    """`values`, those for replies without thinking (`quick`, where they are others), and the page that has them."""

    values: SuggestedSampling
    reference: str
    quick: SuggestedSampling | None = None


class _Row(NamedTuple):
    """A name must have all of the `words` and none of `unless`; or the architecture is `alone` enough."""

    words: str
    published: PublishedSampling
    unless: str = ""
    alone: str = ""


def _said(page: str, values: SuggestedSampling, quick: SuggestedSampling | None = None) -> PublishedSampling:
    return PublishedSampling(values, f"https://{page}", quick)


_S = SuggestedSampling
_HF: Final = "huggingface.co"
_GREEDY: Final = _S(0.0)
_WARM: Final = _S(1.0, top_p=0.95)
_CALM: Final = _S(0.6, top_p=0.95)
_QWEN: Final = _S(0.6, 20, 0.95, 0.0)
_QWEN_QUICK: Final = _S(0.7, 20, 0.8, 0.0)
_QWEN35: Final = _S(1.0, 20, 0.95, 0.0, presence_penalty=1.5)
_QWEN35_QUICK: Final = _S(0.7, 20, 0.8, 0.0, presence_penalty=1.5)

_NO_CHAT: Final = frozenset({"base", "embedding", "reranker", "guard", "omni", "coder", "ocr", "audio"})
"""What bears a family's name and is sampled in another way, or not at all."""
_LONGEST_NAME: Final = 500

_ROWS: Final = (
    _Row("deepseek r1", _said(f"{_HF}/deepseek-ai/DeepSeek-R1", _CALM)),
    _Row("r1 distill", _said(f"{_HF}/deepseek-ai/DeepSeek-R1", _CALM)),
    _Row(
        "deepseek v3.1",
        _said(f"{_HF}/deepseek-ai/DeepSeek-V3.1/blob/main/generation_config.json", _CALM),
    ),
    _Row("deepseek v3.2 exp", _said(f"{_HF}/deepseek-ai/DeepSeek-V3.2-Exp", _CALM)),
    _Row("deepseek v3.2", _said(f"{_HF}/deepseek-ai/DeepSeek-V3.2", _WARM), alone="deepseek32"),
    _Row("deepseek v4", _said(f"{_HF}/deepseek-ai/DeepSeek-V4-Flash", _S(1.0, top_p=1.0)), alone="deepseek4"),
    _Row("qwen3 next thinking", _said(f"{_HF}/Qwen/Qwen3-Next-80B-A3B-Thinking", _QWEN)),
    _Row("qwen3 thinking", _said(f"{_HF}/Qwen/Qwen3-235B-A22B-Thinking-2507", _QWEN), "vl"),
    _Row("qwen3 instruct", _said(f"{_HF}/Qwen/Qwen3-4B-Instruct-2507", _QWEN_QUICK), "vl next"),
    _Row("qwen3 vl thinking", _said("github.com/QwenLM/Qwen3-VL", _S(0.6, 20, 0.95))),
    _Row("qwen3", _said(f"{_HF}/Qwen/Qwen3-8B", _QWEN, _QWEN_QUICK), "vl next instruct 2507"),
    _Row("qwen3.6 27b", _said(f"{_HF}/Qwen/Qwen3.6-27B", _S(1.0, 20, 0.95, 0.0, presence_penalty=0.0))),
    _Row("qwen3.6", _said(f"{_HF}/Qwen/Qwen3.6-35B-A3B", _QWEN35, _QWEN35_QUICK)),
    _Row("qwen3.8", _said(f"{_HF}/Qwen/Qwen3.8-27B", _S(1.0, 20, 0.95, 0.0, presence_penalty=0.0))),
    _Row("qwen3.5", _said(f"{_HF}/Qwen/Qwen3.5-27B", _QWEN35, _QWEN35_QUICK)),
    _Row("qwq", _said(f"{_HF}/Qwen/QwQ-32B", _S(0.6, 40, 0.95, 0.0)), "preview"),
    _Row("gpt oss", _said("github.com/openai/gpt-oss", _S(1.0, top_p=1.0)), alone="gpt-oss"),
    _Row("gemma 4", _said(f"{_HF}/google/gemma-4-31B-it", _S(1.0, 64, 0.95)), alone="gemma4"),
    _Row("magistral small", _said(f"{_HF}/mistralai/Magistral-Small-2509", _S(0.7, top_p=0.95))),
    _Row("mistral small 4", _said(f"{_HF}/mistralai/Mistral-Small-4-119B-2603", _S(0.7))),
    _Row("ministral 3 reasoning", _said(f"{_HF}/mistralai/Ministral-3-8B-Reasoning-2512", _S(0.7))),
    _Row("command r7b", _said(f"{_HF}/docs/transformers/model_doc/cohere2", _S(0.3))),
    _Row("granite 4.2", _said(f"{_HF}/ibm-granite/granite-4.2-8b", _WARM)),
    _Row("seed oss", _said("github.com/ByteDance-Seed/seed-oss", _S(1.1, top_p=0.95)), alone="seed_oss"),
    _Row("glm 4.5", _said("docs.z.ai/api-reference/llm/chat-completion", _CALM)),
    _Row("glm 4.6", _said(f"{_HF}/zai-org/GLM-4.6", _S(1.0))),
    _Row("glm 4.7", _said(f"{_HF}/zai-org/GLM-4.7", _WARM), "flash"),
    _Row("kimi k2 thinking", _said(f"{_HF}/moonshotai/Kimi-K2-Thinking", _S(1.0))),
    _Row("kimi k2.5", _said("github.com/MoonshotAI/Kimi-K2.5", _WARM, _CALM)),
    _Row("kimi k3", _said(f"{_HF}/moonshotai/Kimi-K3", _WARM)),
    _Row("kimi vl thinking", _said("github.com/MoonshotAI/Kimi-VL", _S(0.8))),
    _Row("minimax m1", _said("github.com/MiniMax-AI/MiniMax-M1", _WARM)),
    _Row("minimax m2", _said(f"{_HF}/MiniMaxAI/MiniMax-M2", _S(1.0, 40, 0.95)), alone="minimax-m2"),
    _Row("minimax m2.5", _said("github.com/MiniMax-AI/MiniMax-M2.5", _S(1.0, 40, 0.95))),
    _Row("minimax m3", _said(f"{_HF}/MiniMaxAI/MiniMax-M3", _WARM)),
    _Row("nemotron nano v2", _said(f"{_HF}/nvidia/NVIDIA-Nemotron-Nano-9B-v2", _CALM, _GREEDY), "vl llama"),
    _Row(
        "nemotron 3 nano", _said(f"{_HF}/nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B", _S(1.0, top_p=1.0)), "llama"
    ),
    _Row("nemotron 3 super", _said(f"{_HF}/nvidia/NVIDIA-Nemotron-3-Super-120B-A12B", _WARM), "llama"),
    _Row(
        "llama nemotron",
        _said(f"{_HF}/nvidia/Llama-3_3-Nemotron-Super-49B-v1", _CALM, _GREEDY),
        "vl instruct",
    ),
    _Row("hunyuan", _said(f"{_HF}/tencent/Hunyuan-7B-Instruct", _S(0.7, 20, 0.8, repeat_penalty=1.05)), "mt"),
    _Row("hy3", _said("github.com/Tencent-Hunyuan/Hy3", _S(0.9, top_p=1.0))),
    _Row("exaone deep", _said(f"{_HF}/LGAI-EXAONE/EXAONE-Deep-32B-AWQ", _CALM)),
    _Row("exaone 4.0", _said(f"{_HF}/LGAI-EXAONE/EXAONE-4.0-32B", _CALM)),
    _Row("k exaone", _said("github.com/LG-AI-EXAONE/K-EXAONE", _WARM)),
    _Row("apertus", _said(f"{_HF}/swiss-ai/Apertus-8B-Instruct-2509", _S(0.8, top_p=0.9)), alone="apertus"),
    _Row("step 3.5", _said("github.com/stepfun-ai/Step-3.5-Flash", _S(1.0))),
    _Row("smollm3", _said(f"{_HF}/HuggingFaceTB/SmolLM3-3B", _CALM), alone="smollm3"),
    _Row("mimo v2", _said("github.com/XiaomiMiMo/MiMo-V2-Flash", _S(0.8, top_p=0.95))),
    _Row("mimo", _said("github.com/XiaomiMiMo/MiMo", _S(0.6)), "vl"),
    _Row("minicpm5", _said(f"{_HF}/openbmb/MiniCPM5-1B", _S(0.9, top_p=0.95), _S(0.7, top_p=0.95))),
    _Row("apriel 1.5 thinker", _said(f"{_HF}/ServiceNow-AI/Apriel-1.5-15b-Thinker", _S(0.6))),
    _Row("phi 4 mini reasoning", _said(f"{_HF}/microsoft/Phi-4-mini-reasoning", _S(0.8, top_p=0.95))),
    _Row("phi 4 reasoning", _said(f"{_HF}/microsoft/Phi-4-reasoning", _S(0.8, 50, 0.95)), "vision"),
)


def published_sampling(
    architecture: str, own: Sequence[str], origins: Iterable[str] = ()
) -> PublishedSampling | None:
    """What was published for a model: `own` are the parts of its name, `origins` the names of what it came from."""
    for name in (" ".join(own), *origins):
        words = _words(name)
        for row in _ROWS:
            needed, forbidden = set(row.words.split()), set(row.unless.split())
            if needed <= words and not words & (forbidden | _NO_CHAT):
                return row.published
    if _words(" ".join(own)) & _NO_CHAT:
        return None
    return next((row.published for row in _ROWS if architecture and row.alone == architecture), None)


def _words(name: str) -> set[str]:
    """The words of a name: letters and digits, with the points of versions."""
    return {word.strip(".") for word in re.findall(r"[a-z0-9.]+", name[:_LONGEST_NAME].lower())}
