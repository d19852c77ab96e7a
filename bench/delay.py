#!/usr/bin/env python3
"""delay.py MILLISECONDS NAMESPACE ADDRESS NAMESPACE ADDRESS

Joins two network namespaces by a line with this round trip: two TUN devices, and each packet of one
goes into the other after half of it. For kernels without netem. Prints "ready" when the line is up.
"""

import collections
import ctypes
import fcntl
import os
import select
import struct
import subprocess
import sys
import time

CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454CA
IFF_TUN = 1
IFF_NO_PI = 0x1000
# Few packets: Python takes some microseconds for each.
MTU = 9000
QUEUE = 100000


def device(namespace, address, other):
    handle = os.open("/run/netns/" + namespace, os.O_RDONLY)
    if ctypes.CDLL(None, use_errno=True).setns(handle, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns " + namespace)
    os.close(handle)
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH", b"line", IFF_TUN | IFF_NO_PI))
    for command in (
        f"ip address add {address} peer {other} dev line",
        f"ip link set line mtu {MTU} txqueuelen {QUEUE} up",
    ):
        subprocess.run(command.split(), check=True)
    return tun


def read_all(tun, queue, due):
    try:
        while len(queue) < QUEUE:
            queue.append((due, os.read(tun, MTU)))
    except BlockingIOError:
        pass


def write_due(tun, queue, now):
    while queue and queue[0][0] <= now:
        try:
            os.write(tun, queue.popleft()[1])
        except BlockingIOError:
            pass  # a packet that finds no room is lost, as elsewhere


def main():
    half = float(sys.argv[1]) / 2000
    near, far = (sys.argv[2], sys.argv[3]), (sys.argv[4], sys.argv[5])
    tuns = [device(*near, far[1]), device(*far, near[1])]
    queues = {tun: collections.deque() for tun in tuns}  # what is to go into each
    print("ready", flush=True)
    while True:
        heads = [queue[0][0] for queue in queues.values() if queue]
        wait = max(0, min(heads) - time.monotonic()) if heads else None
        readable = select.select(tuns, [], [], wait)[0]
        now = time.monotonic()
        for tun in readable:
            read_all(tun, queues[tuns[1 - tuns.index(tun)]], now + half)
        for tun, queue in queues.items():
            write_due(tun, queue, now)


main()
