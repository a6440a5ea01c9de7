"""x and h multiplied with their own rows of W, gates cut out by slices, the sigmoid written with tanh."""

import torch


def sigmoid(z):
    return (1 + torch.tanh(z / 2)) / 2


def lstm_cell(x, h, c, W, b):
    C, H = x.shape[1], h.shape[1]
    z = x @ W[:C] + h @ W[C:] + b
    write, keep, show = sigmoid(z[:, :H]), sigmoid(z[:, H : 2 * H]), sigmoid(z[:, 3 * H :])
    memory = c * keep + write * z[:, 2 * H : 3 * H].tanh()
    return show * memory.tanh(), memory


def init_forget_bias_(b, value=1.0):
    H = len(b) // 4
    b.data[H : 2 * H].fill_(value)
