"""A small Llama-shaped transformer: RMSNorm, rotary positions, SwiGLU and one matrix for both embeddings."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

NORM_EPSILON = 1e-5
ROPE_BASE = 10000.0


@dataclass(frozen=True)
class Shape:
    """The sizes of the network; every width is a multiple of 32, as Q8_0 blocks need."""

    vocabulary: int
    layers: int = 4
    width: int = 192
    heads: int = 6
    inner: int = 512

    @property
    def head_width(self) -> int:
        """The number of channels one attention head works on."""
        return self.width // self.heads


class RootMeanSquareNorm(nn.Module):
    """Scales each vector to unit root mean square, then by a learned gain."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, inputs: Tensor) -> Tensor:
        """Normalise the last axis; the shape stays."""
        return functional.rms_norm(inputs, self.weight.shape, self.weight.to(inputs.dtype), NORM_EPSILON)


def rotary_tables(length: int, head_width: int) -> tuple[Tensor, Tensor]:
    """Cosines and sines of the rotary positions, each of shape (length, head_width)."""
    frequencies = ROPE_BASE ** (-torch.arange(0, head_width, 2).float() / head_width)
    angles = torch.outer(torch.arange(length).float(), frequencies)
    doubled = torch.cat((angles, angles), dim=-1)
    return doubled.cos(), doubled.sin()


def rotate(inputs: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:
    """Turn the two halves of each head (batch, heads, length, head_width) by their position."""
    first, second = inputs.chunk(2, dim=-1)
    return inputs * cosines + torch.cat((-second, first), dim=-1) * sines


class Attention(nn.Module):
    """Causal self-attention with rotary positions."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.head_width = shape.head_width
        self.queries_keys_values = nn.Linear(shape.width, 3 * shape.width, bias=False)
        self.output = nn.Linear(shape.width, shape.width, bias=False)

    def project(self, inputs: Tensor, cosines: Tensor, sines: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, keys and values, each (batch, heads, length, head_width), the first two rotated."""
        batch, length, _ = inputs.shape
        split = self.queries_keys_values(inputs).view(batch, length, 3, self.heads, self.head_width)
        queries, keys, values = split.permute(2, 0, 3, 1, 4).unbind(0)
        cosines, sines = cosines.to(inputs.dtype), sines.to(inputs.dtype)
        return rotate(queries, cosines, sines), rotate(keys, cosines, sines), values

    def join(self, mixed: Tensor) -> Tensor:
        """Put the heads side by side again and mix them: (batch, length, width)."""
        batch, _, length, _ = mixed.shape
        joined: Tensor = self.output(mixed.transpose(1, 2).reshape(batch, length, -1))
        return joined

    def forward(self, inputs: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:
        """Attend within one whole sequence: (batch, length, width) in and out."""
        queries, keys, values = self.project(inputs, cosines, sines)
        mixed = functional.scaled_dot_product_attention(queries, keys, values, is_causal=True)
        return self.join(mixed)


class FeedForward(nn.Module):
    """The gated SwiGLU layer."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.inner = shape.inner
        self.gate_and_up = nn.Linear(shape.width, 2 * shape.inner, bias=False)
        self.down = nn.Linear(shape.inner, shape.width, bias=False)

    def forward(self, inputs: Tensor) -> Tensor:
        """Apply the layer to each position on its own; the shape stays."""
        gate, up = self.gate_and_up(inputs).split(self.inner, dim=-1)
        result: Tensor = self.down(functional.silu(gate) * up)
        return result


class Block(nn.Module):
    """One transformer layer: attention, then feed-forward, each beside a residual path."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.attention_norm = RootMeanSquareNorm(shape.width)
        self.attention = Attention(shape)
        self.feed_forward_norm = RootMeanSquareNorm(shape.width)
        self.feed_forward = FeedForward(shape)

    def forward(self, inputs: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:
        """One layer over a whole sequence; the shape stays."""
        inputs = inputs + self.attention(self.attention_norm(inputs), cosines, sines)
        result: Tensor = inputs + self.feed_forward(self.feed_forward_norm(inputs))
        return result


class Transformer(nn.Module):
    """The whole network: token ids in, logits out."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.final_norm = RootMeanSquareNorm(shape.width)
        self._initialise()

    def _initialise(self) -> None:
        into_residual = (2 * self.shape.layers) ** -0.5
        for name, weights in self.named_parameters():
            if weights.dim() == 2:
                spread = 0.02 if name == "embedding.weight" else 0.6 * weights.shape[1] ** -0.5
                narrowing = into_residual if name.endswith(("output.weight", "down.weight")) else 1.0
                nn.init.normal_(weights, std=spread * narrowing)

    def forward(self, tokens: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:
        """Hidden states (batch, length, width), normalised, for tokens (batch, length)."""
        hidden = self.embedding(tokens)
        for block in self.blocks:
            hidden = block(hidden, cosines, sines)
        result: Tensor = self.final_norm(hidden)
        return result

    def logits(self, hidden: Tensor) -> Tensor:
        """The scores of every token for each hidden state."""
        return functional.linear(hidden, self.embedding.weight.to(hidden.dtype))
