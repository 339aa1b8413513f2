"""The Muon optimiser: momentum whose every matrix is made orthogonal before it is applied (Jordan and others, 2024)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import torch
from torch import Tensor, nn

COEFFICIENTS = (3.4445, -4.7750, 2.0315)
ITERATIONS = 5


def orthogonal(stack: Tensor) -> Tensor:
    """The nearest orthogonal matrices, roughly, to a stack (count, rows, columns), by Newton and Schulz's iteration."""
    tall = stack.shape[1] > stack.shape[2]
    current = stack.transpose(1, 2) if tall else stack
    current = (current / (current.norm(dim=(1, 2), keepdim=True) + 1e-7)).contiguous()
    first, second, third = COEFFICIENTS
    for _ in range(ITERATIONS):
        square = current @ current.transpose(1, 2)
        current = first * current + (second * square + third * square @ square) @ current
    return current.transpose(1, 2) if tall else current


class Muon(torch.optim.Optimizer):
    """Muon over matrices; those of one shape are made orthogonal together, which is what saves the time."""

    def __init__(
        self, matrices: Iterable[nn.Parameter], lr: float, weight_decay: float, momentum: float = 0.95
    ) -> None:
        super().__init__(list(matrices), {"lr": lr, "momentum": momentum})
        self.weight_decay = weight_decay

    @torch.no_grad()
    def step(self) -> None:
        """Apply the gradients; the rate counts for square matrices and grows with the root of the aspect."""
        for group in self.param_groups:
            directions: defaultdict[torch.Size, list[tuple[Tensor, Tensor]]] = defaultdict(list)
            for matrix in group["params"]:
                state = self.state[matrix].setdefault("momentum", torch.zeros_like(matrix))
                state.lerp_(matrix.grad, 1 - group["momentum"])
                directions[matrix.shape].append((matrix, torch.lerp(matrix.grad, state, group["momentum"])))
            for shape, pairs in directions.items():
                scale = group["lr"] * max(1.0, shape[0] / shape[1]) ** 0.5
                for (matrix, _), update in zip(
                    pairs, orthogonal(torch.stack([one for _, one in pairs])), strict=True
                ):
                    matrix.mul_(1 - group["lr"] * self.weight_decay).add_(update, alpha=-scale)
