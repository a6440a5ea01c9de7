"""One factor for all gradients."""


def clip_grad_norm_(params, max_norm):
    grads = [each.grad for each in params if each.grad is not None]
    norm = sum(float((grad**2).sum()) for grad in grads) ** 0.5
    for grad in grads:
        grad.mul_(min(1.0, max_norm / (norm + 1e-6)))
    return norm
