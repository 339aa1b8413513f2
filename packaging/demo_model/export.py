"""Writes a checkpoint as a GGUF file of the llama architecture, tokenizer and chat template included."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np
import numpy.typing as npt
import torch
from gguf.quants import quantize

from . import tokenizer
from .model import NORM_EPSILON, ROPE_BASE, Shape
from .phrasings import FOLDER

NAME = "Demo model (tiny)"
DESCRIPTION = (
    "A tiny model trained from scratch on generated sums, lists and words; it shows how a model thinks."
)
CONTEXT_LENGTH = 1024
Weights = dict[str, torch.Tensor]
Matrix = npt.NDArray[np.float32]


def export(checkpoint: Path, target: Path, averaged: bool = True) -> None:
    """Write the (averaged) weights of CHECKPOINT to TARGET as Q8_0."""
    content = torch.load(checkpoint, weights_only=True, map_location="cpu")
    shape = Shape(**content["shape"])
    target.parent.mkdir(parents=True, exist_ok=True)
    writer = gguf.GGUFWriter(target, "llama")
    _describe(writer, shape)
    _add_tokenizer(writer)
    for name, matrix in _tensors(content["average" if averaged else "network"], shape).items():
        _add_tensor(writer, name, matrix)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _describe(writer: gguf.GGUFWriter, shape: Shape) -> None:
    writer.add_name(NAME)
    writer.add_description(DESCRIPTION)
    writer.add_license("MIT")
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    writer.add_sampling_temp(0.0)
    writer.add_context_length(CONTEXT_LENGTH)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.inner)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.heads)
    writer.add_rope_dimension_count(shape.head_width)
    writer.add_rope_freq_base(ROPE_BASE)
    writer.add_layer_norm_rms_eps(NORM_EPSILON)
    writer.add_vocab_size(shape.vocabulary)


def _token_type(text: str) -> gguf.TokenType:
    if text in tokenizer.CONTROL:
        return gguf.TokenType.CONTROL
    if text in tokenizer.VISIBLE:
        return gguf.TokenType.USER_DEFINED
    return gguf.TokenType.UNUSED if text.startswith("<|unused") else gguf.TokenType.NORMAL


def _add_tokenizer(writer: gguf.GGUFWriter) -> None:
    plain = 256 + len(tokenizer.merges())
    texts = [
        tokenizer.shown(text) if place < plain else text.decode()
        for place, text in enumerate(tokenizer.vocabulary())
    ]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(texts)
    writer.add_token_types([_token_type(text) for text in texts])
    writer.add_token_merges(
        [f"{tokenizer.shown(merge.left)} {tokenizer.shown(merge.right)}" for merge in tokenizer.merges()]
    )
    writer.add_eos_token_id(tokenizer.token_ids()[tokenizer.END.encode()])
    writer.add_pad_token_id(tokenizer.token_ids()[b"<|unused0|>"])
    writer.add_add_bos_token(False)
    writer.add_chat_template((FOLDER / "chat_template.jinja").read_text("utf-8").strip())


def _interleaved(matrix: Matrix, heads: int) -> Matrix:
    """Reorder rows so that the halves which rotate together lie side by side, as llama.cpp expects them."""
    rows, columns = matrix.shape
    paired = matrix.reshape(heads, 2, rows // heads // 2, columns)
    return paired.swapaxes(1, 2).reshape(rows, columns)


def _tensors(weights: Weights, shape: Shape) -> dict[str, Matrix]:
    """The weights by their names in a GGUF file."""
    arrays = {name: value.float().numpy() for name, value in weights.items()}
    tensors = {"token_embd": arrays["embedding.weight"], "output_norm": arrays["final_norm.weight"]}
    for layer in range(shape.layers):
        source, target = f"blocks.{layer}", f"blk.{layer}"
        queries, keys, values = np.split(arrays[f"{source}.attention.queries_keys_values.weight"], 3)
        gate, up = np.split(arrays[f"{source}.feed_forward.gate_and_up.weight"], 2)
        tensors |= {
            f"{target}.attn_norm": arrays[f"{source}.attention_norm.weight"],
            f"{target}.attn_q": _interleaved(queries, shape.heads),
            f"{target}.attn_k": _interleaved(keys, shape.heads),
            f"{target}.attn_v": values,
            f"{target}.attn_output": arrays[f"{source}.attention.output.weight"],
            f"{target}.ffn_norm": arrays[f"{source}.feed_forward_norm.weight"],
            f"{target}.ffn_gate": gate,
            f"{target}.ffn_up": up,
            f"{target}.ffn_down": arrays[f"{source}.feed_forward.down.weight"],
        }
    return tensors


def _add_tensor(writer: gguf.GGUFWriter, name: str, matrix: Matrix) -> None:
    if matrix.ndim == 1:
        writer.add_tensor(f"{name}.weight", matrix.astype(np.float32))
    elif name == "token_embd":
        writer.add_tensor(f"{name}.weight", matrix.astype(np.float16))
    else:
        packed = quantize(matrix, gguf.GGMLQuantizationType.Q8_0)
        writer.add_tensor(f"{name}.weight", packed, raw_dtype=gguf.GGMLQuantizationType.Q8_0)
