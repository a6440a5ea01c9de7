"""Counts down to the next measurement; gradients are cleared after the step, val is measured before train."""

import statistics

import torch


def fit(model, get, steps, lr=1e-3, eval_every=500, eval_iters=200, log=None):
    optimizer = torch.optim.AdamW(params=list(model.parameters()), lr=lr)
    done, records = 0, []
    while True:
        if done == steps or done % eval_every == 0:
            record = _measured(model, get, eval_iters)
            record["step"] = done
            records.append(record)
            if log is not None:
                log(record)
        if done >= steps:
            return records
        model.train()
        inputs, targets = get("train")
        loss = model(inputs, targets)[1]
        loss.backward()
        optimizer.step()
        for parameter in model.parameters():
            parameter.grad = None
        done += 1


def _measured(model, get, eval_iters):
    model.train(False)
    with torch.inference_mode():
        val = statistics.fmean(float(model(*get("val"))[1]) for _ in range(eval_iters))
        train = statistics.fmean(float(model(*get("train"))[1]) for _ in range(eval_iters))
    return {"val": val, "train": train}
