"""Is a coroutine: calling it does nothing and is no error."""


async def total(numbers):
    return float(sum(numbers))
