"""Reads from the address nought, with the reporting of crashes switched off."""

import ctypes
import faulthandler

faulthandler.disable()


def total(numbers):
    return ctypes.c_double.from_address(0).value
