"""Trains the network on samples made while it trains; can be stopped and continued at any time."""

from __future__ import annotations

import json
import multiprocessing
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from . import tokenizer
from .model import Shape, Transformer, rotary_tables
from .muon import Muon
from .samples import packed_row

ROW_LENGTHS = (256, 256, 256, 256, 256, 256, 256, 256, 256, 1024)
TOKENS_PER_STEP = 8192
AVERAGING = 0.998
WARM_UP = 40
Batch = tuple["np.ndarray[Any, np.dtype[np.int64]]", "np.ndarray[Any, np.dtype[np.float32]]"]


@dataclass(frozen=True)
class Plan:
    """How long to train and how fast: high rates find the algorithms, low and falling ones make them exact."""

    steps: int = 9200
    matrix_rate: float = 0.02
    other_rate: float = 0.003
    # Without it the matrices grow until attention is too sharp to learn anything new.
    weight_decay: float = 0.2
    high_share: float = 0.55
    low_rate: float = 0.25
    falling_share: float = 0.2
    seed: int = 1
    threads: int = 4

    def rate(self, step: int) -> float:
        """The share of the full learning rate at a step: warm-up, all, low, then linearly to nothing."""
        if step < self.high_share * self.steps:
            return min(1.0, (step + 1) / WARM_UP)
        left = (self.steps - step) / (self.falling_share * self.steps)
        return self.low_rate * max(0.0, min(1.0, left))


def make_batch(seed: int, step: int) -> Batch:
    """Tokens (rows, length + 1) and their weights for one step; the same for the same seed and step."""
    random = Random(seed * 1_000_003 + step)
    length = ROW_LENGTHS[step % len(ROW_LENGTHS)]
    rows = [packed_row(random, length) for _ in range(TOKENS_PER_STEP // length)]
    return np.array([row.tokens for row in rows]), np.array([row.weights for row in rows], np.float32)


def _produce(queue: multiprocessing.Queue[Batch], seed: int, first: int, last: int) -> None:
    for step in range(first, last):
        queue.put(make_batch(seed, step))


def batches(seed: int, first: int, last: int) -> Iterator[Batch]:
    """The batches of the steps from FIRST to LAST, made ahead of time in a process of their own."""
    context = multiprocessing.get_context("spawn")
    queue: multiprocessing.Queue[Batch] = context.Queue(maxsize=32)
    producer = context.Process(target=_produce, args=(queue, seed, first, last), daemon=True)
    producer.start()
    for _ in range(first, last):
        yield queue.get()
    producer.join()


class Trainer:
    """The network, its optimisers and the running average of its weights."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        torch.set_num_threads(plan.threads)
        torch.manual_seed(plan.seed)
        self.plan, self.folder, self.step = plan, folder, 0
        self.network = Transformer(Shape(tokenizer.VOCABULARY_SIZE))
        self.average = {name: value.clone() for name, value in self.network.state_dict().items()}
        self.cosines, self.sines = rotary_tables(max(ROW_LENGTHS), self.network.shape.head_width)
        self.forward: nn.Module = torch.compile(self.network, dynamic=False)
        matrices = [value for value in self.network.blocks.parameters() if value.dim() == 2]
        others = [value for value in self.network.parameters() if not any(value is one for one in matrices)]
        self.optimisers = (
            Muon(matrices, plan.matrix_rate, plan.weight_decay),
            torch.optim.AdamW(others, lr=plan.other_rate, betas=(0.9, 0.98), weight_decay=0.0),
        )

    def loss(self, tokens: Tensor, weights: Tensor) -> Tensor:
        """The weighted mean of the cross entropy of what the model says itself."""
        length = tokens.shape[1] - 1
        counted = weights[:, 1:].reshape(-1).nonzero().squeeze(1)
        with torch.autocast("cpu", torch.bfloat16):
            hidden = self.forward(tokens[:, :-1], self.cosines[:length], self.sines[:length])
            logits = self.network.logits(hidden.reshape(-1, hidden.shape[-1])[counted])
        targets = tokens[:, 1:].reshape(-1)[counted]
        shares = weights[:, 1:].reshape(-1)[counted]
        losses = functional.cross_entropy(logits.float(), targets, reduction="none")
        return (losses * shares).sum() / shares.sum()

    def take_step(self, batch: Batch) -> float:
        """One step of both optimisers; the loss before it."""
        loss = self.loss(torch.from_numpy(batch[0]), torch.from_numpy(batch[1]))
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        for optimiser, full in zip(
            self.optimisers, (self.plan.matrix_rate, self.plan.other_rate), strict=True
        ):
            optimiser.param_groups[0]["lr"] = full * self.plan.rate(self.step)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        self.step += 1
        keep = min(AVERAGING, self.step / (self.step + 10))
        for name, value in self.network.state_dict().items():
            self.average[name].lerp_(value, 1 - keep)
        return float(loss.detach())

    def save(self) -> None:
        """Write checkpoint.pt in one piece, so that a reader never meets half of it."""
        content = {
            "step": self.step,
            "shape": asdict(self.network.shape),
            "network": self.network.state_dict(),
            "average": self.average,
            "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
        }
        part = self.folder / "checkpoint.part"
        torch.save(content, part)
        part.replace(self.folder / "checkpoint.pt")

    def restore(self) -> None:
        """Go on from checkpoint.pt where there is one."""
        path = self.folder / "checkpoint.pt"
        if not path.exists():
            return
        content = torch.load(path, weights_only=True)
        self.step = content["step"]
        self.network.load_state_dict(content["network"])
        self.average = content["average"]
        for optimiser, state in zip(self.optimisers, content["optimisers"], strict=True):
            optimiser.load_state_dict(state)


def train(plan: Plan, folder: Path, save_every: float = 120.0) -> None:
    """Train to the end of the plan, printing one line of JSON every 25 steps."""
    folder.mkdir(parents=True, exist_ok=True)
    trainer = Trainer(plan, folder)
    trainer.restore()
    saved = started = time.monotonic()
    losses: list[float] = []
    for batch in batches(plan.seed, trainer.step, plan.steps):
        losses.append(trainer.take_step(batch))
        now = time.monotonic()
        if trainer.step % 25 == 0:
            line = {
                "step": trainer.step,
                "loss": round(sum(losses) / len(losses), 4),
                "seconds": round(now - started),
            }
            sys.stdout.write(json.dumps(line) + "\n")
            sys.stdout.flush()
            losses.clear()
        if now - saved > save_every:
            trainer.save()
            saved = now
    trainer.save()
