"""Runs one member of a set of services, in a container that shares the network of the others.

The request is the JSON in the environment variable REQUEST:
  configuration  files to write: path to text
  prepare        commands that run to their end
  start          the command that runs until the input ends; empty where there is none
  ready          what answers when it is ready, tcp:// or http://, or null
  requests       what the administrator asks for then, with a token of the identity service
  identity       how that token is asked for: url, user, password, project
  timeout        seconds that each of these may take

Prints JSON, an object a line:
  {"log": "..."}                                   a line that the member has printed
  {"asked": "GET ...", "ok": true, "found": ""}    what came of a request
  {"ready": 1.5}                                   it answers, after so many seconds
  {"problem": "..."}                               why it does not
Ends with 0 when its input does, or when it has nothing to start; with anything else when the member has ended before.
"""
import http.client
import json
import os
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

REQUEST = json.loads(os.environ.pop("REQUEST"))
TIMEOUT = REQUEST["timeout"]
ENVIRONMENT = {**os.environ, "PYTHONUNBUFFERED": "1"}

# What the member prints is no answer.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
lock = threading.Lock()
ending = threading.Event()


def tell(**answer):
    with lock:
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def fail(problem):
    tell(problem=problem)
    os._exit(1)


def write(configuration):
    for path, text in configuration.items():
        os.makedirs(os.path.dirname(path), exist_ok=True)
        # A default is a link into the virtual environment.
        if os.path.islink(path):
            os.remove(path)
        with open(path, "w") as file:
            file.write(text)


def begin(command):
    try:
        process = subprocess.Popen(command, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   start_new_session=True)
    except OSError as error:
        fail(f"'{' '.join(command)}' cannot be started: {error}")

    def hand_on():
        for line in process.stdout:
            tell(log=line.decode(errors="replace").rstrip("\n"))

    reader = threading.Thread(target=hand_on, daemon=True)
    reader.start()
    return process, reader


def prepare(command):
    process, reader = begin(command)
    try:
        code = process.wait(TIMEOUT)
    except subprocess.TimeoutExpired:
        fail(f"'{' '.join(command)}' did not end within {TIMEOUT} s")
    reader.join(5)
    if code:
        fail(f"'{' '.join(command)}' ended with {code}")


def end_with_input():
    """The input has nothing to say: where it ends, the set does."""
    os.read(0, 1)
    ending.set()


def answers_at(address):
    """Why nothing answers at an address; None where something does. Who refuses has answered: it knows nobody yet."""
    url = urllib.parse.urlsplit(address)
    try:
        if url.scheme == "tcp":
            socket.create_connection((url.hostname, url.port), timeout=10).close()
        else:
            with urllib.request.urlopen(address, timeout=30):
                pass
    except urllib.error.HTTPError as error:
        return f"{error}" if error.code >= 500 else None
    except (OSError, http.client.HTTPException) as error:
        return f"{error}"
    return None


def wait_until_ready(process, reader):
    deadline = time.monotonic() + TIMEOUT
    # What answers to nobody shows at least that it does not end at once.
    settled = time.monotonic() + 1
    while not ending.is_set():
        if process.poll() is not None:
            reader.join(5)
            fail(f"it has ended with {process.returncode}")
        if not REQUEST["ready"]:
            if time.monotonic() > settled:
                return
        elif not (why := answers_at(REQUEST["ready"])):
            return
        elif time.monotonic() > deadline:
            fail(f"nothing answers at {REQUEST['ready']} after {TIMEOUT} s: {why}")
        time.sleep(0.1)


def ask(method, url, body=None, headers=None):
    message = urllib.request.Request(url, data=body and body.encode(), method=method, headers={"Content-Type": "application/json", **(headers or {})})
    try:
        with urllib.request.urlopen(message, timeout=60) as answer:
            return answer.status, answer.headers, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return 0, {}, f"no answer: {error}"


def token(identity):
    domain = {"id": "default"}
    body = {"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": identity["user"], "domain": domain, "password": identity["password"]}}},
                     "scope": {"project": {"name": identity["project"], "domain": domain}}}}
    status, headers, text = ask("POST", identity["url"] + "/auth/tokens", json.dumps(body))
    if status != 201:
        fail(f"there is no token of {identity['url']}: {status} {text[:500]}")
    return headers["X-Subject-Token"]


def make(request, headers):
    """What comes of a request. What it asks for may be a moment away: an agent that has to report itself."""
    deadline = time.monotonic() + min(TIMEOUT, 60)
    while True:
        status, _, text = ask(request["method"], request["url"], request.get("body"), headers)
        ok = status == request["status"] and (request.get("contains") or "") in text
        if ok or request["method"] != "GET" or time.monotonic() > deadline:
            break
        time.sleep(1)
    expected = f"{request['status']}" + (f" with {request['contains']}" if request.get("contains") else "")
    tell(asked=f"{request['method']} {request['url']} gives {expected}", ok=ok, found=f"{status}" if ok else f"{status} {text[:800]}")


def main():
    began = time.monotonic()
    threading.Thread(target=end_with_input, daemon=True).start()
    write(REQUEST["configuration"])
    for command in REQUEST["prepare"]:
        prepare(command)
    process = None
    if REQUEST["start"]:
        process, reader = begin(REQUEST["start"])
        wait_until_ready(process, reader)
    if REQUEST["requests"]:
        headers = {"X-Auth-Token": token(REQUEST["identity"])}
        for request in REQUEST["requests"]:
            make(request, headers)
    tell(ready=time.monotonic() - began)
    if process is None:
        return
    while not ending.wait(0.2):
        if process.poll() is not None:
            reader.join(5)
            fail(f"it has ended with {process.returncode}")
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
    reader.join(2)


if __name__ == "__main__":
    main()
    answers.flush()
    os._exit(0)
