# What contracts of switches share: hosts, each a network of its own with one interface, and what they say to each other.
import atexit
import os
import signal
import socket
import struct
import subprocess
import time

HOSTS = {}
MAIN = os.getpid()


@atexit.register
def end_hosts():
    """Nobody waits for a container whose processes hold its output open."""
    if os.getpid() == MAIN:
        for pid in HOSTS.values():
            os.kill(pid, signal.SIGKILL)


def sh(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    return done.stdout.strip()


def start(*command):
    return subprocess.Popen(command, stdout=open(f"/tmp/{os.path.basename(command[0])}.log", "a"), stderr=subprocess.STDOUT)


def until(what, holds, seconds=60):
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise SystemExit(f"{what}: not after {seconds} s")
        time.sleep(0.1)


def within(host, function):
    """Whether a function holds in the network of a host: in a process of its own."""
    pid = os.fork()
    if pid == 0:
        code = 2
        try:
            os.setns(os.pidfd_open(HOSTS[host]), os.CLONE_NEWNET)
            code = 0 if function() else 1
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def add_host(number):
    """A host 10.0.0.<number>, whose cable ends in the device port<number>."""
    ready, done = os.pipe()
    pid = os.fork()
    if pid == 0:
        for stream in (0, 1, 2):
            os.dup2(os.open(os.devnull, os.O_RDWR), stream)
        os.unshare(os.CLONE_NEWNET)
        os.write(done, b".")
        time.sleep(600)
        os._exit(0)
    os.read(ready, 1)
    HOSTS[number] = pid
    sh("ip", "link", "add", f"port{number}", "type", "veth", "peer", "name", f"host{number}")
    sh("ip", "link", "set", f"host{number}", "address", f"02:00:00:00:00:{number:02x}", "netns", str(pid))
    sh("ip", "link", "set", f"port{number}", "up")

    def configure():
        sh("ip", "address", "add", f"10.0.0.{number}/24", "dev", f"host{number}")
        sh("ip", "link", "set", f"host{number}", "up")
        return True

    if not within(number, configure):
        raise SystemExit(f"host {number} has no network")


def ping(source, target, seconds=15):
    """Whether an echo request of one host is answered by the other (RFC 792)."""
    def ask():
        data = struct.pack("!BBHHH", 8, 0, 0, os.getpid() & 0xffff, 1)
        total = sum(struct.unpack("!4H", data))
        data = data[:2] + struct.pack("!H", ~((total & 0xffff) + (total >> 16)) & 0xffff) + data[4:]
        with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as raw:
            raw.settimeout(0.5)
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                try:
                    raw.sendto(data, (f"10.0.0.{target}", 0))
                    answer, (address, _) = raw.recvfrom(1500)
                    if address == f"10.0.0.{target}" and answer[20] == 0 and answer[24:28] == data[4:8]:
                        return True
                except OSError:
                    time.sleep(0.2)
        return False
    return within(source, ask)
