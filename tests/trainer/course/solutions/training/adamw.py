"""Two averages for each number."""

import torch


class AdamW:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        params = list(params)
        groups = params if isinstance(params[0], dict) else [{"params": params}]
        default = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        self.param_groups = [{**default, **group} for group in groups]
        self.averages = {}

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    self._move(p, group)

    def _move(self, p, group):
        (b1, b2), lr = group["betas"], group["lr"]
        t, m, v = self.averages.get(p, (0, torch.zeros_like(p), torch.zeros_like(p)))
        t, m, v = t + 1, b1 * m + (1 - b1) * p.grad, b2 * v + (1 - b2) * p.grad**2
        self.averages[p] = t, m, v
        p.mul_(1 - lr * group["weight_decay"])
        p.sub_(lr * (m / (1 - b1**t)) / ((v / (1 - b2**t)).sqrt() + group["eps"]))

    def state_dict(self):
        return {"averages": [self.averages.get(p) for group in self.param_groups for p in group["params"]]}

    def load_state_dict(self, state):
        parameters = [p for group in self.param_groups for p in group["params"]]
        self.averages = {p: each for p, each in zip(parameters, state["averages"], strict=True) if each is not None}
