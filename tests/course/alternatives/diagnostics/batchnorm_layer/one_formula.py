"""Without the earlier exercise: statistics are chosen first, and one formula serves both modes."""

import torch


class BatchNorm1d:
    def __init__(self, dim, eps=1e-5, momentum=0.1):
        self.eps = eps
        self.momentum = momentum
        self.training = True
        self.gamma = torch.ones(dim, requires_grad=True)
        self.beta = torch.zeros(dim, requires_grad=True)
        self.running_mean = torch.zeros(dim)
        self.running_var = torch.ones(dim)

    def __call__(self, x):
        if self.training:
            if x.size(0) == 1:
                raise ValueError
            mean = x.mean(0, keepdim=True)
            var = x.var(0, keepdim=True, correction=0)
            self._move(x)
        else:
            mean, var = self.running_mean, self.running_var
        self.out = self.gamma * ((x - mean) / (var + self.eps).sqrt()) + self.beta
        return self.out

    @torch.no_grad()
    def _move(self, x):
        self.running_mean += self.momentum * (x.mean(0) - self.running_mean)
        self.running_var += self.momentum * (x.var(0) - self.running_var)

    def parameters(self):
        return [self.gamma, self.beta]
