"""Text to batches

Time: 1 minutes
"""


def char_corpus(text, train_fraction=0.9):
    raise NotImplementedError


def get_batch(data, block_size, batch_size, generator, device="cpu"):
    raise NotImplementedError
