"""The measurement as an inner function, the last one after the loop."""

import torch


def fit(model, get, steps, lr=1e-3, eval_every=500, eval_iters=200, log=None):
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
    records = []

    @torch.no_grad()
    def measure(step):
        model.eval()
        record = {"step": step}
        for split in ["train", "val"]:
            losses = torch.zeros(eval_iters, dtype=torch.float64)
            for k in range(eval_iters):
                X, Y = get(split)
                logits, loss = model(X, Y)
                losses[k] = loss.item()
            record[split] = losses.mean().item()
        model.train()
        records.append(record)
        if log:
            log(record)

    for step in range(steps):
        if step % eval_every == 0:
            measure(step)
        xb, yb = get("train")
        logits, loss = model(xb, yb)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
    measure(steps)
    return records
