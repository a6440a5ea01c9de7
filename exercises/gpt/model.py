"""The whole GPT

Watch: Lecture 7, 1:19:11 to 1:42:39 (https://youtu.be/kCc8FmEb1nY?t=4751)
Time: 25 minutes

All parts are there; this exercise joins them. Tokens go in, and for each position come out V numbers, the *logits*: one
for each token of the vocabulary, larger where the model thinks that token comes next.

    idx [B, T]                      tokens
    wte(idx) + wpe(0 … T-1)         [B, T, C]    what each token is, plus where it stands
    drop                            [B, T, C]
    h[0], h[1], …                   [B, T, C]    the blocks, one after the other
    ln_f                            [B, T, C]    one last LayerNorm
    lm_head                         [B, T, V]    logits

`wte` is a table with a row of C numbers for each token, `wpe` one with a row for each position. Both are
`nn.Embedding`; attention by itself does not know the order of its inputs, so the position must be written into the
vector.

**Weight tying.** `wte` [V, C] says which vector belongs to a token; `lm_head`, a Linear without bias from C to V, asks
of a vector how much it points towards each token. Both want the same table, so GPT-2 uses one: `lm_head.weight` **is**
`wte.weight`, the same Parameter and not a copy. A copy would be equal at the beginning and drift apart with the first
step. In the smallest GPT-2 this saves 39 million of 163 million parameters (Lecture 9, 1:06:14).

**The loss.** During training every position has a target, the token that really follows. `cross_entropy` from your
bigram track wants logits [N, V] and targets [N], so the B and T dimensions are flattened into one, N = B·T. Targets
are already shifted by `get_batch`: position t of `targets` is the answer for position t of the logits, and nothing is
left to shift. A target of -1 means "do not count this position".

**Without targets** we are generating text, and only the last position matters: the logits of the last position, [B, 1,
V].

## An example with numbers

V = 5, C = 4, T = 3, one block. For idx = [[2, 0, 2]] the sum is

    wte.weight[2] + wpe.weight[0]
    wte.weight[0] + wpe.weight[1]
    wte.weight[2] + wpe.weight[2]       the same token as the first, at another place: another vector

A model that knows nothing gives each of V tokens the same chance, and its loss is log V: 1.609 for V = 5 and 4.17 for
the 65 characters of Shakespeare. A fresh model of yours may lie far above it, at 40 or so: `nn.Embedding` draws large
numbers, and with the tied table they make large logits, so it is sure of itself without knowing anything. `tutor train`
therefore begins with small weights, as GPT-2 does. Remember 4.17: your training should begin near it.

Parameters, with biases: V·C for wte, block_size·C for wpe, 12C² + 13C for each block, 2C for ln_f, and none for the
head. For GPT-2 small (V = 50257, block_size = 1024, 12 layers, C = 768) that makes 124,439,808.

## What to write

`GPT(config)` with the parts `wte`, `wpe`, `drop`, `h`, `ln_f`, `lm_head` directly on the module, and `config` kept as
`self.config`. `config.dropout` goes to `drop` and to the blocks, `config.bias` to the blocks and `ln_f`. The blocks
sit in an `nn.ModuleList`.

- `forward(idx, targets)` returns logits [B, T, V] and the mean loss, a tensor without dimensions.
- `forward(idx)` returns logits [B, 1, V] and None.
- More than `block_size` tokens: `ValueError`, with a sentence that says so.
- Tensors that you make in `forward`, such as the positions, belong where idx is: `device=idx.device`.
- Leave the initial weights as the layers make them.
- The loss is your own `cross_entropy`, not torch's; torch's ready-made transformer layers are not allowed.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from exercises.bigram.cross_entropy import cross_entropy
from exercises.gpt.block import Block
from exercises.gpt.layernorm import LayerNorm


@dataclass
class GPTConfig:
    """The sizes of a GPT."""

    block_size: int = 256
    vocab_size: int = 65
    n_layer: int = 6
    n_head: int = 6
    n_embd: int = 384
    dropout: float = 0.2
    bias: bool = True


class GPT(nn.Module):
    """Tokens to the logits of the token that follows each of them."""

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        raise NotImplementedError

    def forward(
        self,
        idx: Tensor,
        targets: Tensor | None = None,
    ) -> tuple[Tensor, Tensor | None]:
        """idx [B,T] and targets [B,T] to logits [B,T,V] and the loss []; without targets to logits [B,1,V] and None."""
        raise NotImplementedError
