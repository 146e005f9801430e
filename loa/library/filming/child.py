"""The process that becomes ffmpeg. Started by loa.library.filming, once per step.

Imports only the standard library, closes every door, and then runs the program it was given.
What it may touch was opened before: the source as its standard input, at most one file to
write. The kernel refuses it sockets, and any file that is opened to be written.
"""

import ctypes
import json
import os
import platform
import resource
import signal
import struct
import sys

PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP = 1, 38, 22
FILTER_MODE = 2
NICENESS = 10
MOST_OPEN_FILES = 32
# System calls that are refused: their numbers on x86_64 and aarch64, from the kernel's tables.
CALLS = (
    ("socket", 41, 198),
    ("connect", 42, 203),
    ("accept", 43, 202),
    ("accept4", 288, 242),
    ("bind", 49, 200),
    ("listen", 50, 201),
    ("socketpair", 53, 199),
    ("ptrace", 101, 117),
    ("process_vm_readv", 310, 270),
    ("process_vm_writev", 311, 271),
    ("io_uring_setup", 425, 425),
    ("openat2", 437, 437),
    ("truncate", 76, 45),
    ("mkdirat", 258, 34),
    ("mknodat", 259, 33),
    ("unlinkat", 263, 35),
    ("renameat", 264, 38),
    ("renameat2", 316, 276),
    ("linkat", 265, 37),
    ("symlinkat", 266, 36),
    ("fchmodat", 268, 53),
    ("fchownat", 260, 54),
    ("mount", 165, 40),
)
# Calls that only an older x86_64 program makes: creat, rename, mkdir, rmdir, link, unlink,
# symlink, chmod, chown, mknod.
OLDER_X86_64 = (85, 82, 83, 84, 86, 87, 88, 90, 92, 133)
REFUSED = {
    "x86_64": (*(first for _, first, _ in CALLS), *OLDER_X86_64),
    "aarch64": tuple(second for _, _, second in CALLS),
}
# Calls that open a file, with the number of the argument that says how.
OPENING = {"x86_64": {2: 1, 257: 2}, "aarch64": {56: 2}}
MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
LOAD, EQUAL, ANY_BIT, GIVE = 0x20, 0x15, 0x45, 0x06
ALLOW, KILL, DENY = 0x7FFF0000, 0x80000000, 0x00050000 | 13  # 13: EACCES
NUMBER_AT, MACHINE_AT, ARGUMENTS_AT, ARGUMENT_BYTES = 0, 4, 16, 8


class Program(ctypes.Structure):
    """The kernel's struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def main() -> None:
    """Limit this process as argv[1] says, then run the command that follows."""
    limits = json.loads(sys.argv[1])
    command = sys.argv[2:]
    os.nice(NICENESS)
    for what, most in (
        (resource.RLIMIT_AS, limits["memory_bytes"]),
        (resource.RLIMIT_CPU, limits["cpu_s"]),
        (resource.RLIMIT_FSIZE, limits["file_bytes"]),
        (resource.RLIMIT_NOFILE, MOST_OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    if sys.platform == "linux":
        close_the_doors(parent=limits["parent"])
    os.execv(command[0], command)  # noqa: S606 (a path of ours, no shell)


def close_the_doors(*, parent: int) -> None:
    """Die with the parent, and let the kernel refuse what a decoder never needs."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked
        raise SystemExit("the parent is gone")
    machine = platform.machine()
    if machine not in MACHINES:
        return
    code = filter_for(machine)
    program = Program(len(code) // 8, code)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(
        PR_SET_SECCOMP, FILTER_MODE, ctypes.byref(program), 0, 0
    ):
        raise SystemExit("this kernel does not confine processes")


def filter_for(machine: str) -> bytes:
    """Return the filter of system calls for `machine`, as the kernel reads it."""
    code = step(LOAD, MACHINE_AT) + step(EQUAL, MACHINES[machine], 1, 0) + step(GIVE, KILL)
    code += step(LOAD, NUMBER_AT)
    for number in REFUSED[machine]:
        code += step(EQUAL, number, 0, 1) + step(GIVE, DENY)
    for number, argument in OPENING[machine].items():
        code += step(EQUAL, number, 0, 4)
        code += step(LOAD, ARGUMENTS_AT + ARGUMENT_BYTES * argument)
        code += step(ANY_BIT, WRITING, 0, 1) + step(GIVE, DENY) + step(GIVE, ALLOW)
    return code + step(GIVE, ALLOW)


def step(kind: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    """Return one instruction of a filter."""
    return struct.pack("=HBBI", kind, if_true, if_false, value)


if __name__ == "__main__":
    main()
