"""The terminal, as Textual drives it, also after the process was stopped and goes on."""

from __future__ import annotations

from textual.drivers.linux_driver import LinuxDriver


class Terminal(LinuxDriver):
    """Textual's driver for a process that `kill -STOP`, a debugger or a frozen container held for a while.

    Textual takes each SIGCONT for the end of a suspension by ctrl+z, which has put the terminal back: it starts
    reading once more. Where nothing was put back, two threads would then read one terminal, of which one waits for
    ever when the program ends, and the shell would get its terminal back as it must not be: raw, without echo.
    """

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
