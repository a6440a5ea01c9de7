"""As the lecture has it: losses collected in a float32 tensor, whose mean is rounded to seven digits."""

import torch


@torch.no_grad()
def estimate_loss(model, get, eval_iters):
    out = {}
    model.eval()
    for split in ["train", "val"]:
        losses = torch.zeros(eval_iters)
        for k in range(eval_iters):
            X, Y = get(split)
            logits, loss = model(X, Y)
            losses[k] = loss.item()
        out[split] = losses.mean().item()
    model.train()
    return out


def fit(model, get, steps, lr=1e-3, eval_every=500, eval_iters=200, log=None):
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
    records = []
    for step in range(steps + 1):
        if step % eval_every == 0 or step == steps:
            records.append({"step": step, **estimate_loss(model, get, eval_iters)})
            if log:
                log(records[-1])
        if step < steps:
            xb, yb = get("train")
            logits, loss = model(xb, yb)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
    return records
