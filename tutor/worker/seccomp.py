"""seccomp: the kernel refuses the system calls on a list: starting programs and processes, networking, signals, …

A list of what is denied, not of what is allowed: torch may use whatever a new kernel offers, and Landlock guards the
files. Denied calls fail with EPERM, so Python raises PermissionError at the learner's line. Numbers are the kernel's
(x86_64: arch/x86/entry/syscalls/syscall_64.tbl, aarch64: include/uapi/asm-generic/unistd.h).
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys

NO_NEW_PRIVS, SET_SECCOMP, FILTER = 38, 22, 2
"""Of prctl."""
ALLOW, REFUSE = 0x7FFF0000, 0x00050000
"""What a filter returns: let the call through, or fail with the error number in the lower bits."""
LOAD, EQUAL, ANY_BIT, AT_LEAST, RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
"""Instructions of classic BPF."""
CLONE_THREAD = 0x10000
NUMBER, ARCHITECTURE, FIRST_ARGUMENT, THIRD_ARGUMENT, FOURTH_ARGUMENT = 0, 4, 16, 32, 40
"""Offsets in the data that a filter sees; arguments are eight bytes, little-endian."""

MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
"""Machine → its audit architecture, and the column of DENIED with its numbers."""

DENIED: dict[str, tuple[int | None, int | None]] = {
    # programs and processes (threads are let through below)
    "execve": (59, 221), "execveat": (322, 281), "fork": (57, None), "vfork": (58, None),
    "setsid": (112, 157), "setpgid": (109, 154), "setrlimit": (160, 164), "personality": (135, 92),
    # the network
    "socket": (41, 198), "socketpair": (53, 199), "bind": (49, 200), "listen": (50, 201), "connect": (42, 203),
    # other processes
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "pidfd_send_signal": (424, 424), "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438), "setpriority": (141, 140), "sched_setaffinity": (203, 122),
    # files: owner, mode, times, attributes, names
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452),
    "chown": (92, None), "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54),
    "utime": (132, None), "utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7), "setxattrat": (463, 463),
    "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16), "removexattrat": (466, 466),
    "rename": (82, None), "renameat": (264, 38), "renameat2": (316, 276), "link": (86, None), "linkat": (265, 37),
    "symlink": (88, None), "symlinkat": (266, 36), "mknod": (133, None), "mknodat": (259, 33),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "fanotify_init": (300, 262),
    # the system
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "unshare": (272, 97),
    "setns": (308, 268), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218), "bpf": (321, 280),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "userfaultfd": (323, 282), "perf_event_open": (298, 241), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294), "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225),
    "acct": (163, 89), "settimeofday": (164, 170), "clock_settime": (227, 112), "clock_adjtime": (305, 266),
    "adjtimex": (159, 171), "sethostname": (170, 161), "setdomainname": (171, 162), "syslog": (103, 116),
    "quotactl": (179, 60), "iopl": (172, None), "ioperm": (173, None), "modify_ldt": (154, None),
    # memory that no limit counts, or that stays when the process ends
    "memfd_secret": (447, 447), "memfd_create": (319, 279), "shmget": (29, 194), "shmctl": (31, 195),
    "shmat": (30, 196), "semget": (64, 190), "semctl": (66, 191), "semop": (65, 193), "semtimedop": (220, 192),
    "msgget": (68, 186), "msgctl": (71, 187), "msgsnd": (69, 189), "msgrcv": (70, 188), "mq_open": (240, 180),
}  # fmt: skip
"""System call → its number on x86_64 and aarch64; None where the architecture has no such call."""
CLONE, CLONE3, PRLIMIT, MMAP = (56, 220), (435, 435), (302, 261), (9, 222)
UNCOUNTED = 0x01 | 0x100
"""Flags of mmap: shared memory, and memory that grows down, are not counted by the limit on data."""

DENIED_ARGUMENTS: tuple[tuple[tuple[int, int], int, tuple[int, ...]], ...] = (
    # fcntl: F_SETOWN, F_SETSIG, F_SETOWN_EX. The kernel then signals whoever is named when data comes.
    ((72, 25), 1, (8, 10, 15)),
    # ioctl: FIOSETOWN, SIOCSPGRP (the same), TIOCSTI, TIOCLINUX (typing into the terminal).
    ((16, 29), 1, (0x8901, 0x8902, 0x5412, 0x541C)),
    # prctl: PR_SET_PDEATHSIG. A worker ends with its parent.
    ((157, 167), 0, (1,)),
)
"""System calls that are denied where the argument of that place has one of the values."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def restrict() -> str:
    """Deny the calls on the list from now on, for good. Returns '' or the reason why it is not active."""
    if not sys.platform.startswith("linux"):
        return "only Linux has seccomp"
    if platform.machine() not in MACHINES:
        return f"the numbers of system calls on {platform.machine()} are not known here"
    instructions = compiled(platform.machine())
    program = _Program(len(instructions) // 8, instructions)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.prctl(SET_SECCOMP, FILTER, ctypes.byref(program), 0, 0):
        return f"the kernel refused the filter: {os.strerror(ctypes.get_errno())}"
    return ""


def compiled(machine: str) -> bytes:
    """The filter as instructions of classic BPF."""
    architecture, column = MACHINES[machine]
    code = [
        _one(LOAD, ARCHITECTURE), _one(EQUAL, architecture, 1, 0), _one(RETURN, REFUSE | errno.EPERM),
        _one(LOAD, NUMBER), _one(AT_LEAST, 0x40000000, 0, 1), _one(RETURN, REFUSE | errno.EPERM),
    ]  # fmt: skip
    for numbers in DENIED.values():
        number = numbers[column]
        if number is not None:
            code += [_one(EQUAL, number, 0, 1), _one(RETURN, REFUSE | errno.EPERM)]
    # The C library tries clone3 first, whose flags no filter can see, and takes clone where there is none.
    code += [_one(EQUAL, CLONE3[column], 0, 1), _one(RETURN, REFUSE | errno.ENOSYS)]
    code += [_one(EQUAL, CLONE[column], 0, 4), _one(LOAD, FIRST_ARGUMENT), _one(ANY_BIT, CLONE_THREAD, 1, 0),
             _one(RETURN, REFUSE | errno.EPERM), _one(RETURN, ALLOW)]  # fmt: skip
    # prlimit that only asks is harmless; one that sets could lift the limits where the grader runs as root.
    code += [_one(EQUAL, PRLIMIT[column], 0, 5), _one(LOAD, THIRD_ARGUMENT), _one(EQUAL, 0, 0, 2),
             _one(LOAD, THIRD_ARGUMENT + 4), _one(EQUAL, 0, 1, 0), _one(RETURN, REFUSE | errno.EPERM)]  # fmt: skip
    code += [_one(EQUAL, MMAP[column], 0, 4), _one(LOAD, FOURTH_ARGUMENT), _one(ANY_BIT, UNCOUNTED, 1, 0),
             _one(RETURN, ALLOW), _one(RETURN, REFUSE | errno.EPERM)]  # fmt: skip
    for numbers, place, values in DENIED_ARGUMENTS:
        code += _refuse_values(numbers[column], place, values)
    code += [_one(RETURN, ALLOW)]
    return b"".join(code)


def _refuse_values(number: int, place: int, values: tuple[int, ...]) -> list[bytes]:
    """Refuse one call where the low half of an argument, all that the kernel reads of these, is one of the values."""
    tests = [_one(EQUAL, value, len(values) - position) for position, value in enumerate(values)]
    block = [_one(LOAD, FIRST_ARGUMENT + 8 * place), *tests, _one(RETURN, ALLOW), _one(RETURN, REFUSE | errno.EPERM)]
    return [_one(EQUAL, number, 0, len(block)), *block]


def _one(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    """One instruction; jumps count the instructions to skip."""
    return struct.pack("HBBI", code, if_true, if_false, value)
