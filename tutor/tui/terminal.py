"""The terminal, as Textual drives it, also after the process was stopped and goes on."""

from __future__ import annotations

import os
import signal
import threading

from textual.drivers.linux_driver import LinuxDriver

_ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
"""Sent by a system that shuts down, a window that is closed, somebody with another terminal."""
_LAST_WORDS_SECONDS = 5.0
"""To a terminal that is gone, nothing can be said to the end."""


class Terminal(LinuxDriver):
    """Textual's driver for a process that others stop, continue and end.

    Ended by a signal it would by default be gone at once, with what was typed last, and leave the shell a terminal that
    sends codes for each move of the mouse. Here the app is told, and leaves in order.

    Stopped by `kill -STOP`, a debugger or a frozen container, it goes on with SIGCONT, which Textual takes for the end
    of a suspension by ctrl+z, that has put the terminal back: it starts reading once more. Where nothing was put back,
    two threads would then read one terminal, of which one waits for ever when the program ends, and the shell would get
    its terminal back as it must not be: raw, without echo.
    """

    def start_application_mode(self) -> None:
        """Takes the terminal."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        for each in _ENDING:
            self._loop.add_signal_handler(each, self._end, each)

    def stop_application_mode(self) -> None:
        """Gives the terminal back; while another program has it, ctrl+c is meant for that one."""
        if not self._loop.is_closed():
            for each in _ENDING:
                self._loop.remove_signal_handler(each)
        super().stop_application_mode()

    def _end(self, number: int) -> None:
        threading.Thread(target=_give_up, args=(number,), name="last words", daemon=True).start()
        self._app.call_later(self._app.run_action, f"end({number:d})")

    def _sigcont_application(self, *_: object) -> None:
        """Goes on in the loop: under a signal, a lock that the interrupted code holds would never be free."""
        if self._auto_restart and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._go_on)

    def _go_on(self) -> None:
        reads = self._key_thread is not None and self._key_thread.is_alive()
        if reads:  # stopped from outside
            self.suspend_application_mode()
            self._must_signal_resume = True
        if self._must_signal_resume:
            self.resume_application_mode()
            self._app.call_later(self._app.screen.refresh, layout=True)  # the terminal has forgotten what was drawn


def _give_up(number: int) -> None:
    threading.Event().wait(_LAST_WORDS_SECONDS)
    os._exit(128 + number)
