"""Checks an OpenStack service image from inside, as the image's own user and interpreter.

The contract comes as JSON in the environment variable CONTRACT. Prints one JSON object per check:
{"check": name, "ok": bool, "found": text}. Exits with 0 whether or not the checks hold; anything else is a bug.
"""
import ast
import glob
import importlib.metadata
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request

CONTRACT = json.loads(os.environ.pop("CONTRACT"))
VENV = "/var/lib/openstack"
# Images carry no bytecode and their user may not write any; without this every command below would compile the service anew.
os.environ["PYTHONPYCACHEPREFIX"] = "/tmp/pycache"
BUILD_TOOLS = ["gcc", "cc", "g++", "c++", "ld", "as", "make", "cargo", "rustc", "git", "pip", "pip3", "uv", "uvx", "install-dependencies", "install-service"]


def report(check, ok, found=""):
    print(json.dumps({"check": check, "ok": bool(ok), "found": str(found)[-4000:]}), flush=True)


def run(command, **options):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, **options)
        return done.returncode, done.stdout, done.stderr
    except (OSError, subprocess.TimeoutExpired) as error:
        return 127, "", str(error)


def identity():
    import grp
    import pwd
    user = pwd.getpwuid(os.getuid())
    found = f"{user.pw_name} {os.getuid()}:{os.getgid()} {grp.getgrgid(os.getgid()).gr_name}"
    report("runs as openstack 42424:42424", found == "openstack 42424:42424 openstack", found)
    expected = CONTRACT["user"]
    report(f"has the home {expected['home']} and the shell {expected['shell']}",
           (user.pw_dir, user.pw_shell) == (expected["home"], expected["shell"]) and os.access(user.pw_shell, os.X_OK), f"{user.pw_dir} {user.pw_shell}")
    missing = [x for x in CONTRACT["directories"] if not os.access(x, os.W_OK)]
    report("its directories are there and writable", not missing, " ".join(missing))
    report("the virtual environment is not writable", not os.access(VENV, os.W_OK) and not os.access(VENV + "/bin", os.W_OK), VENV)


def no_build_tools():
    found = [x for x in BUILD_TOOLS if shutil.which(x, path=os.environ["PATH"] + ":/usr/local/bin")]
    found += [x for x in glob.glob(VENV + "/bin/pip*")]
    report("no compiler, installer or git", not found, " ".join(found))
    headers = glob.glob("/usr/include/*.h") + glob.glob("/usr/include/python3*/*.h") + glob.glob(VENV + "/include/**/*.h", recursive=True)
    packages = [x.split()[0] for x in run(["dpkg-query", "-W", "-f", "${Package} ${db:Status-Abbrev}\\n"])[1].splitlines()
                if x.split()[1:] == ["ii"] and re.search(r"-dev$|^gcc(-\d+)?$|^g\+\+|^build-essential$|^cpp", x.split()[0])]
    report("no headers or development packages", not headers and not packages, " ".join(headers[:5] + packages))
    pip = [x for x in ("pip", "uv") if importlib.util.find_spec(x)]
    report("no pip or uv module", not pip, " ".join(pip))


def is_elf(path):
    if os.path.islink(path):
        return False
    with open(path, "rb") as file:
        return file.read(4) == b"\x7fELF"


def libraries_resolve():
    files = [x for directory, _, names in os.walk(VENV) for x in (os.path.join(directory, n) for n in names) if is_elf(x)]
    missing = set()
    for start in range(0, len(files), 100):
        code, out, error = run(["ldd", *files[start:start + 100]])
        name = files[start] if len(files) == 1 else "?"
        for line in out.splitlines():
            if line.endswith(":") and line.startswith("/"):
                name = line[:-1]
            elif "not found" in line:
                missing.add(f"{os.path.basename(name)}: {line.strip()}")
    report("every shared library resolves", files and not missing, f"{len(files)} files; " + "; ".join(sorted(missing)))


def distributions_agree():
    try:
        from packaging.requirements import Requirement
        from packaging.utils import canonicalize_name
        from packaging.version import Version
    except ImportError as error:
        return report("distributions are consistent", False, error)
    installed, problems = {}, []
    for distribution in importlib.metadata.distributions(path=glob.glob(VENV + "/lib/python3*/site-packages")):
        name = canonicalize_name(distribution.metadata["Name"])
        if name in installed:
            problems.append(f"{name} is installed twice")
        installed[name] = distribution
    for name, distribution in sorted(installed.items()):
        for text in distribution.requires or []:
            requirement = Requirement(text)
            if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
                continue
            other = installed.get(canonicalize_name(requirement.name))
            if other is None:
                problems.append(f"{name} needs {text}, which is not installed")
            elif requirement.specifier and not requirement.specifier.contains(other.version, prereleases=True):
                problems.append(f"{name} needs {text}, and {other.version} is installed")
    report("distributions are consistent", installed and not problems, f"{len(installed)} distributions; " + "; ".join(problems))
    pins = [Requirement(x) for x in CONTRACT["constraints"]]
    pins = {canonicalize_name(x.name): next(iter(x.specifier)).version for x in pins if not x.marker or x.marker.evaluate()}
    problems = [f"{name} is {installed[name].version}, not {pin}" for name, pin in sorted(pins.items()) if name in installed and Version(installed[name].version) != Version(pin)]
    report("installed versions are those of the constraints", not problems, f"{len(pins.keys() & installed.keys())} of {len(installed)} are constrained; " + "; ".join(problems))
    expected = CONTRACT["distribution"], CONTRACT["version"]
    own = installed.get(canonicalize_name(expected[0]))
    report(f"distribution {expected[0]} {expected[1]} is installed", own and own.version == expected[1], own and own.version)


def commands_print():
    for command in CONTRACT.get("commands", []):
        code, out, error = run(command["run"])
        lines = (out.strip() or error.strip()).splitlines() or [""]
        report(f"'{' '.join(command['run'])}' prints {command['prints']}", code == 0 and lines[-1] == command["prints"], f"{lines[-1]} (exit code {code})")


def binds(body, name):
    """Whether module-level code binds the name to something other than None; functions and classes are other scopes."""
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        if any(isinstance(x, ast.Name) and x.id == name for x in targets) and not (isinstance(node.value, ast.Constant) and node.value.value is None):
            return True
        if isinstance(node, (ast.Import, ast.ImportFrom)) and any((x.asname or x.name) == name for x in node.names):
            return True
        inner = [x for field in ("body", "orelse", "finalbody") for x in getattr(node, field, []) or []]
        inner += [x for handler in getattr(node, "handlers", []) for x in handler.body]
        if binds(inner, name):
            return True
    return False


def scripts_start():
    """Each script is there and begins with the interpreter of the virtual environment."""
    scripts, problems = CONTRACT.get("scripts", []), []
    for name in scripts:
        path = f"{VENV}/bin/{name}"
        if not os.access(path, os.X_OK):
            problems.append(f"{name} is not there")
        else:
            with open(path, "rb") as file:
                line = file.readline().decode(errors="replace").rstrip()
            if not line.startswith(f"#!{VENV}/bin/python"):
                problems.append(f"{name} begins with {line}")
    if scripts:
        report("scripts run in the virtual environment", not problems, f"{len(scripts)} scripts; " + "; ".join(problems))


def programs_are_there():
    programs = CONTRACT.get("programs", [])
    missing = [x for x in programs if not shutil.which(x)]
    if programs:
        report("programs that it calls are on PATH", not missing, f"{len(programs)} programs; missing: {' '.join(missing)}")


def modules_are_visible():
    """Bindings of the distribution can be imported, and nothing else of its Python is in reach."""
    for name in CONTRACT.get("modules", []):
        code, out, error = run([VENV + "/bin/python3", "-c", f"import {name}; print({name}.__file__)"])
        report(f"module {name} can be imported", code == 0, out + error)
    code, out, error = run([VENV + "/bin/python3", "-c", "import sys; print(*sys.path)"])
    report("the distribution's Python packages are out of reach", code == 0 and "/dist-packages" not in out, out + error)


def wsgi_entries():
    for module in CONTRACT.get("wsgi", []):
        try:
            spec = importlib.util.find_spec(module)
            ok = spec and spec.origin and binds(ast.parse(open(spec.origin).read()).body, "application")
            report(f"{module} binds application", ok, spec and spec.origin)
        except (ImportError, SyntaxError, OSError) as error:
            report(f"{module} binds application", False, error)


def files_are_there():
    for name in CONTRACT.get("files", []):
        found = glob.glob(f"{VENV}/lib/python3*/site-packages/{name}")
        report(f"{name} is packaged", found, found)
    for name in CONTRACT.get("absent", []):
        found = glob.glob(f"{VENV}/lib/python3*/site-packages/{name}")
        report(f"{name} is not there", not found, found)
    compiled = [x for x, _, _ in os.walk(VENV) if x.endswith("__pycache__")]
    report("no byte code in the virtual environment", not compiled, " ".join(compiled[:5]))


def serves():
    for number, service in enumerate(CONTRACT.get("serve", [])):
        serve(service, f"/tmp/serve-{number}.log")


def serve(service, log_file):
    environment = {**os.environ, **service.get("environment", {})}
    for path, text in service.get("configuration", {}).items():
        # A default is a link into the virtual environment.
        if os.path.islink(path):
            os.remove(path)
        with open(path, "w") as file:
            file.write(text)
    for command in service.get("prepare", []):
        code, out, error = run(command, env=environment)
        if code:
            return report(f"'{' '.join(command)}' succeeds", False, out + error)
    with open(log_file, "w+") as log:
        server = subprocess.Popen(service["start"], env=environment, stdout=log, stderr=subprocess.STDOUT)
        answers = []
        try:
            for request in service["requests"]:
                answers.append((request, *ask(request, server)))
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
        log.seek(0)
        output = log.read()[-3000:]
    for request, status, headers, text in answers:
        ok = status == request["status"] and (not request.get("header") or headers.get(request["header"])) and request.get("contains", "") in text
        expected = f"{request['status']}" + (f" with {request['contains']}" if "contains" in request else "")
        report(f"{request['method']} {request['url']} gives {expected}", ok, status if ok else f"{status} {text[:800]}\n{output}")


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def ask(request, server):
    body = request.get("body")
    headers = {"Content-Type": "application/json", **request.get("headers", {})}
    message = urllib.request.Request(request["url"], data=body and body.encode(), method=request["method"], headers=headers)
    opener = urllib.request.build_opener(NoRedirect)
    deadline = time.monotonic() + 90
    while True:
        try:
            with opener.open(message, timeout=60) as answer:
                return answer.status, answer.headers, answer.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode(errors="replace")
        except OSError as error:
            if server.poll() is not None or time.monotonic() > deadline:
                return 0, {}, f"no answer: {error}"
            time.sleep(0.1)


for part in (identity, no_build_tools, libraries_resolve, modules_are_visible, distributions_agree, commands_print, scripts_start, programs_are_there, wsgi_entries,
             files_are_there, serves):
    part()
