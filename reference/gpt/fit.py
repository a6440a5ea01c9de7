"""What fit must do."""

from __future__ import annotations

import torch
from hypothesis import strategies as st

from tutor.kit import check, close, dim, indices, mistake, oracle, probe, prop, same, tensor

SIZES = dict(V=dim(2, 5), C=dim(1, 4), B=dim(1, 3), T=dim(1, 4))
ARGS = dict(
    **SIZES,
    table=tensor("V C", kinds=("normal",)),
    head=tensor("C V", kinds=("normal",)),
    train=indices("5 2 B T", below="V"),
    val=indices("3 2 B T", below="V"),
    steps=st.integers(0, 6),
    lr=st.sampled_from((1e-2, 1e-3, 0.1)),
    every=st.integers(1, 4),
    iters=st.integers(1, 3),
)


@oracle
def right_run(table, head, train, val, steps, lr, every, iters):
    """The same loop on the same model: records, and the parameters at the end."""
    table, head = (each.clone().requires_grad_() for each in (table, head))
    optimizer = torch.optim.AdamW([table, head], lr=lr)
    taken = {"train": 0, "val": 0}
    batches = {"train": train, "val": val}

    def loss_of(split, training):
        x, y = batches[split][taken[split] % len(batches[split])]
        taken[split] += 1
        logits = torch.tanh(table[x]) @ head * (1.5 if training else 1.0)
        return torch.nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten())

    records = []
    for step in range(steps + 1):
        if step % every == 0 or step == steps:
            means = {
                split: sum(float(loss_of(split, False).detach()) for _ in range(iters)) / iters for split in batches
            }
            records.append({"step": step, **means})
        if step < steps:
            optimizer.zero_grad()
            loss_of("train", True).backward()
            optimizer.step()
    return records, [table.detach(), head.detach()]


@probe
def follow(you, table, head, train, val, steps, lr, every, iters, logged=True):
    """A training of a small model that answers differently in train mode, and all that could be seen of it."""
    batches, taken = {"train": train, "val": val}, {"train": 0, "val": 0}
    passes, log = [], []

    def get(split):
        x, y = batches[split][taken[split] % len(batches[split])]
        taken[split] += 1
        return x, y

    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.table, self.head = torch.nn.Parameter(table.clone()), torch.nn.Parameter(head.clone())

        def forward(self, x, y):
            passes.append((self.training, torch.is_grad_enabled()))
            logits = torch.tanh(self.table[x]) @ self.head * (1.5 if self.training else 1.0)
            return logits, torch.nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten())

    def note(record):
        log.append((record["step"], sum(training for training, _ in passes)))

    model = Model()
    records = you.fit(model, get, steps, lr=lr, eval_every=every, eval_iters=iters, log=note if logged else None)
    return {
        "records": records, "weights": [model.table.detach(), model.head.detach()], "taken": taken, "passes": passes,
        "log": log,
    }  # fmt: skip


@probe
def learn_by_heart(you, tokens, following, size):
    """A table of logits, trained on one sequence in which no token occurs twice."""

    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.table = torch.nn.Parameter(torch.zeros(size, size, dtype=torch.float64))

        def forward(self, x, y):
            logits = self.table[x]
            return logits, torch.nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten())

    return you.fit(Model(), lambda split: (tokens, following), 40, lr=0.3, eval_every=40, eval_iters=1)


def step_numbers(steps, every):
    return [step for step in range(steps + 1) if step % every == 0 or step == steps]


def checked(records):
    """The records, if they have the form that was asked for."""
    check(type(records) is list, "fit should return a list of records.")
    keys = {"step", "train", "val"}
    for record in records:
        check(type(record) is dict and set(record) == keys, f"A record should have the keys {sorted(keys)}.")
    return records


@prop(**ARGS, cases=12)
def moves_the_parameters_as_adamw_does(you, table, head, train, val, steps, lr, every, iters):
    """After all steps, the parameters are where AdamW with this lr leads from the same batches.

    A gradient not set to zero, a step before the backward pass, a batch used twice: each still learns something, and
    only the exact parameters tell.
    """
    found = follow(you, table, head, train, val, steps, lr, every, iters)
    _, weights = right_run(table, head, train, val, steps, lr, every, iters)
    close(found["weights"], weights, what="the parameters after the last step", rtol=1e-8, atol=1e-9)


@prop(**ARGS, cases=12)
def records_at_the_right_steps(you, table, head, train, val, steps, lr, every, iters):
    """There is a record at step 0, at each multiple of eval_every, and after the last step, each once.

    Curves of two runs can be laid over each other only if they were measured at the same steps; the last record is the
    one you quote.
    """
    records = checked(follow(you, table, head, train, val, steps, lr, every, iters)["records"])
    same([record["step"] for record in records], step_numbers(steps, every), what="the steps of the records")


@prop(**ARGS, cases=12)
def records_mean_losses(you, table, head, train, val, steps, lr, every, iters):
    """`train` and `val` in a record are floats: the mean loss of eval_iters batches, taken in eval mode.

    The loss of one batch jumps about by a tenth. A mean over many, with dropout off, is a number to compare.
    """
    records = checked(follow(you, table, head, train, val, steps, lr, every, iters)["records"])
    right, _ = right_run(table, head, train, val, steps, lr, every, iters)
    close(records, right, what="records", rtol=1e-5)  # a mean in float32, as the lecture takes it, is right


@prop(**ARGS, cases=10)
def takes_no_batch_too_many(you, table, head, train, val, steps, lr, every, iters):
    """Each step takes one batch of train; each measurement takes eval_iters of train and as many of val.

    A batch drawn and not used moves the generator on: the run can no longer be compared with one that does it right.
    """
    taken = follow(you, table, head, train, val, steps, lr, every, iters)["taken"]
    measured = iters * len(step_numbers(steps, every))
    same(taken, {"train": steps + measured, "val": measured}, what="how often get was called for each split")


@prop(**ARGS, cases=12)
def switches_the_mode(you, table, head, train, val, steps, lr, every, iters):
    """Steps run in train mode with gradients, measurements in eval mode without.

    Measured in train mode the loss is too high; trained in eval mode there is no dropout. Both look like bad luck.
    """
    passes = follow(you, table, head, train, val, steps, lr, every, iters)["passes"]
    measured = 2 * iters * len(step_numbers(steps, every))
    names = ((True, True), "in train mode with gradients"), ((False, False), "in eval mode without gradients")
    for (kind, name), wanted in zip(names, (steps, measured), strict=True):
        count = sum(each == kind for each in passes)
        check(count == wanted, f"The model was called {count} times {name}; {wanted} times would be right.")
    check(len(passes) == steps + measured, f"The model was called {len(passes)} times, not {steps + measured}.")


@prop(**ARGS, cases=10)
def logs_each_record_at_once(you, table, head, train, val, steps, lr, every, iters):
    """`log` gets each record as soon as it is measured, before the next step; without `log` all goes the same way.

    A training may take hours. You want to see the curve while there is time to stop it.
    """
    numbers = step_numbers(steps, every)
    found = follow(you, table, head, train, val, steps, lr, every, iters)
    same(found["log"], [(number, number) for number in numbers], what="(step of the record, steps taken until then)")
    quiet = follow(you, table, head, train, val, steps, lr, every, iters, False)
    check(len(quiet["records"]) == len(numbers), "Without `log` the number of records is another one.")


@prop(order=st.permutations(range(8)), cases=2)
def learns_one_sequence_by_heart(you, order):
    """40 steps with lr 0.3 on one sequence without repeats bring its loss below 0.1.

    Before training for hours, see whether your loop can learn one batch: the cheapest test that it works at all.
    """
    order = torch.tensor(order)
    records = checked(learn_by_heart(you, order[None, :-1], order[None, 1:], len(order)))
    check(bool(records) and records[-1]["train"] < 0.1, "The last record should have a train loss below 0.1.")
    close(records[0]["train"], torch.tensor(8.0).double().log().item(), what="the first train loss, log 8", rtol=1e-6)


HINTS = (
    "Write two things separately: one step, and one measurement. Then ask, for each number of updates from 0 to steps: "
    "is it time to measure? Is there a step left?",
    "A measurement: `model.eval()`, `torch.no_grad()`, the mean of `loss.item()` over eval_iters batches for each "
    "split, `model.train()`. Records are due where `step % eval_every == 0 or step == steps`.",
    "`for step in range(steps + 1):` measure and record if it is due; `if step == steps: break`; then `_, loss = "
    "model(*get('train'))`, `optimizer.zero_grad()`, `loss.backward()`, `optimizer.step()`. The optimizer is made "
    "once, before the loop.",
)

AHA = "Everything you wrote since micrograd runs in this loop."

MISTAKES = (
    mistake(
        "You never clear the gradients, so each step moves along the sum of all gradients so far. Call "
        "optimizer.zero_grad() before each backward.",
        "        optimizer.zero_grad()\n",
        "",
    ),
    mistake(
        "Nothing moves: optimizer.step() is missing, or the gradients are cleared between backward and step. The "
        "order is zero_grad, backward, step.",
        "        optimizer.step()\n",
        "",
    ),
    mistake(
        "You measure in train mode: dropout is on, and the losses come out too high. Call model.eval() first.",
        "    model.eval()\n",
        "",
    ),
    mistake(
        "Your steps run in eval mode, because nothing puts the model back into train mode after measuring: dropout is "
        "off for the whole training, without any error. Call model.train() afterwards.",
        "        model.train()\n",
        "",
        "    model.train()\n    return means",
        "    return means",
    ),
    mistake(
        "You measure with gradients on: time and memory for graphs that nobody needs. Use torch.no_grad().",
        "@torch.no_grad()\n",
        "",
    ),
    mistake(
        "Your records hold tensors. A tensor keeps its graph alive and cannot be written as JSON: use loss.item().",
        "total += loss.item()",
        "total = total + loss",
    ),
    mistake(
        "The last record is missing unless steps is a multiple of eval_every. Record after the last step in any case.",
        "step % eval_every == 0 or step == steps",
        "step % eval_every == 0",
    ),
    mistake(
        "You do not measure after the last step, so nobody learns how good the model has become.",
        "step % eval_every == 0 or step == steps",
        "step % eval_every == 0 and step < steps",
    ),
    mistake(
        "The end is recorded twice when steps is a multiple of eval_every. Ask for both conditions in one `if`.",
        "        if step == steps:\n",
        "        if step == steps and step % eval_every == 0:\n            records.append(dict(records[-1]))\n"
        "        if step == steps:\n",
    ),
    mistake(
        "There is no record at step 0. The first one shows where the training began.",
        "step % eval_every == 0 or",
        "(step > 0 and step % eval_every == 0) or",
    ),
    mistake(
        "You take one step too many.",
        "        if step == steps:\n            break\n",
        "        if step > steps:\n            break\n",
    ),
    mistake(
        "You take one step too few.",
        "        if step == steps:\n            break\n",
        "        if step >= steps - 1:\n            continue\n",
    ),
    mistake(
        "You count steps from 1: `step` is the number of updates before the measurement, 0 at first.",
        '{"step": step,',
        '{"step": step + 1,',
    ),
    mistake(
        'You train on the validation part. It is there to be measured only; steps take batches of "train".',
        'get("train")',
        'get("val")',
    ),
    mistake(
        "Your val is measured on batches of train. Ask get for each split by its name.",
        "get(split)",
        'get("train")',
    ),
    mistake(
        "You record the loss of the last batch. Take the mean over eval_iters batches.",
        "total += loss.item()",
        "total = loss.item() * iters",
    ),
    mistake(
        "You measure one batch, whatever eval_iters says.",
        "for _ in range(iters):",
        "for _ in range(1):",
        "total / iters",
        "total",
    ),
    mistake(
        "You record the sum of the losses. Divide by eval_iters.",
        "total / iters",
        "total",
    ),
    mistake(
        "Your mean goes on from train to val: start each split's sum at 0.",
        "        total = 0.0\n",
        "",
        "    means = {}\n",
        "    means = {}\n    total = 0.0\n",
    ),
    mistake(
        "You ignore lr: AdamW takes its own 0.001. Hand on `lr=lr`.",
        "torch.optim.AdamW(model.parameters(), lr=lr)",
        "torch.optim.AdamW(model.parameters())",
    ),
    mistake(
        "Your optimizer is Adam, which has no weight decay by default. Use torch.optim.AdamW.",
        "torch.optim.AdamW(",
        "torch.optim.Adam(",
    ),
    mistake(
        "Your optimizer is SGD. Use torch.optim.AdamW.",
        "torch.optim.AdamW(",
        "torch.optim.SGD(",
    ),
    mistake(
        "You make a new optimizer for each step, and it forgets the averages that AdamW works with. Make one "
        "before the loop.",
        "        model.train()\n        _, loss",
        "        optimizer = torch.optim.AdamW(model.parameters(), lr=lr)\n        model.train()\n        _, loss",
    ),
    mistake(
        "You train on one batch for ever, the first one. Ask get for a new one in each step.",
        "    records: list[dict] = []\n",
        '    records: list[dict] = []\n    first = get("train")\n',
        '*get("train")',
        "*first",
    ),
    mistake(
        "You take the batch of the step before the measurement, so that it measures on other batches. Measure first.",
        "    for step in range(steps + 1):\n",
        '    for step in range(steps + 1):\n        batch = get("train") if step < steps else ()\n',
        '*get("train")',
        "*batch",
    ),
    mistake(
        "You never call log, so nobody sees the training before its end.",
        "                log(records[-1])",
        "                pass",
    ),
    mistake(
        "You call log for all records at the end. Call it as soon as there is one, so that a long training can be "
        "watched.",
        "                log(records[-1])",
        "                pass",
        "    return records",
        "    for record in records if log is not None else ():\n        log(record)\n    return records",
    ),
    mistake(
        "You call log even if it is None.",
        "if log is not None:",
        "if True:",
    ),
)

FORBIDDEN = ()
