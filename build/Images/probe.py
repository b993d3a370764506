"""Checks an OpenStack service image from inside, as the image's own user and interpreter.

The contract comes as JSON in the environment variable CONTRACT. Prints one JSON object per check:
{"check": name, "ok": bool, "found": text}. Exits with 0 whether or not the checks hold; anything else is a bug.
"""
import ast
import base64
import csv
import functools
import glob
import hashlib
import http.client
import importlib.metadata
import importlib.util
import json
import os
import re
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request

CONTRACT = json.loads(os.environ.pop("CONTRACT"))
VENV = CONTRACT.get("environment", "/var/lib/openstack")
# An image that is no virtual environment: what no package has is its own, wherever it lies.
NATIVE = CONTRACT.get("native", False)
ROOT = "/" if NATIVE else VENV
if CONTRACT.get("byte-code") != "all":
    # Their user may not write any; without this every command below would compile the service anew.
    os.environ["PYTHONPYCACHEPREFIX"] = "/tmp/pycache"
BUILD_TOOLS = ["gcc", "cc", "g++", "c++", "ld", "as", "make", "cargo", "rustc", "git", "pip", "pip3", "uv", "uvx", "build-sdist", "build-wheel", "install-dependencies", "install-service", "resolve-closure", "tidy-environment"]
HEADERS = (".h", ".hh", ".hpp", ".hxx", ".h++", ".cuh")
LEFT_BY_UV = {".gitignore", ".lock", "CACHEDIR.TAG", "uv_cache.json", "uv_build.json"}
# What belongs to no distribution: what a virtual environment is made of, and what is added to it when the image is built.
OF_NO_DISTRIBUTION = re.compile(r"pyvenv\.cfg|lib64|bin/(python[\d.]*|[Aa]ctivate[^/]*|deactivate\.bat|pydoc\.bat)|lib/[^/]+/site-packages/(_virtualenv\.(py|pth)|openstack-modules\.pth)|lib/openstack-modules/.*")


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
    headers = glob.glob("/usr/include/*.h") + glob.glob("/usr/include/python3*/*.h") + [x for x in environment_files() if x.lower().endswith(HEADERS)]
    packages = [x.split()[0] for x in run(["dpkg-query", "-W", "-f", "${Package} ${db:Status-Abbrev}\\n"])[1].splitlines()
                if x.split()[1:] == ["ii"] and re.search(r"-dev$|^gcc(-\d+)?$|^g\+\+|^build-essential$|^cpp", x.split()[0])]
    if NATIVE:
        archives = [x for x in environment_files() if x.endswith((".a", ".la"))]
        report("no static libraries", not archives, " ".join(archives[:5]))
    report("no headers or development packages", not headers and not packages, " ".join(headers[:5] + packages))
    left = [x for x in environment_files() if os.path.basename(x) in LEFT_BY_UV and (os.path.dirname(x) in (VENV,) or x.endswith(".lock") or ".dist-info/" in x)]
    report("nothing that uv left for itself", not left, " ".join(left[:5]))
    pip = [x for x in ("pip", "uv") if importlib.util.find_spec(x)]
    report("no pip or uv module", not pip, " ".join(pip))


def environment_files():
    """What is not the distribution's: the virtual environment, or, where there is none, what no package has."""
    if NATIVE:
        yield from unpackaged_files()
        return
    for directory, _, names in os.walk(VENV):
        for name in names:
            yield os.path.join(directory, name)


@functools.cache
def unpackaged_files():
    packaged = set()
    for listing in glob.glob("/var/lib/dpkg/info/*.list"):
        with open(listing, encoding="utf-8") as file:
            packaged.update(os.path.realpath(x) if not os.path.islink(x) else x for x in file.read().splitlines())
    found = []
    for root in ("/usr", "/opt"):
        for directory, _, names in os.walk(root):
            paths = (os.path.join(directory, x) for x in names)
            found += [x for x in paths if x not in packaged and (os.path.islink(x) or os.path.isfile(x))]
    return found


def byte_code():
    """Of all modules that are to have some (but tests) and of no others, and such as an interpreter believes: of the source's time and size.
    Looked for before anything is run as root, which may write some."""
    wanted = CONTRACT.get("byte-code", "all")
    service = re.sub(r"[-_.]+", "_", CONTRACT.get("distribution", "")).lower()
    problems, compiled, seen = [], 0, set()
    for record in glob.glob(VENV + "/lib/python3*/site-packages/*.dist-info/RECORD"):
        root = os.path.dirname(os.path.dirname(record))
        name = re.sub(r"[-_.]+", "_", os.path.basename(os.path.dirname(record)).split("-")[0]).lower()
        with open(record, newline="", encoding="utf-8") as file:
            rows = {x[0] for x in csv.reader(file)}
        for path in sorted(x for x in rows if x.endswith(".py") and not x.startswith(("/", "../")) and "/tests/" not in x):
            source = os.path.join(root, path)
            code = importlib.util.cache_from_source(source)
            if not os.path.exists(code):
                if wanted == "all" or wanted == "service" and name == service:
                    problems += [f"{path} has none"] if compiles(source) else []
                continue
            seen.add(code)
            compiled += 1
            with open(code, "rb") as file:
                head = file.read(16)
            told = os.stat(source)
            if head != importlib.util.MAGIC_NUMBER + b"".join(x.to_bytes(4, "little") for x in (0, int(told.st_mtime), told.st_size)):
                problems.append(f"{path} has that of something else")
            if wanted == "none" or wanted == "service" and name != service:
                problems.append(f"{path} has some")
    # Modules in directories of other versions of Python, or that nobody records.
    others = [x for x in environment_files() if x.startswith(VENV + "/") and x not in seen
              and x.endswith(f".{sys.implementation.cache_tag}.pyc")]
    problems += [f"{x} is of no module" for x in others]
    report(f"byte code: {wanted}", not problems, f"{compiled} modules; " + "; ".join(problems[:10]))


def compiles(path):
    try:
        with open(path, "rb") as file:
            compile(file.read(), path, "exec", dont_inherit=True)
        return True
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def setuid_programs():
    """No program becomes another user's, or has capabilities of its own, but those that data names."""
    found = []
    device = os.stat("/").st_dev
    for directory, names, files in os.walk("/"):
        names[:] = [x for x in names if not os.path.islink(os.path.join(directory, x)) and os.lstat(os.path.join(directory, x)).st_dev == device]
        for name in files:
            path = os.path.join(directory, name)
            mode = os.lstat(path).st_mode
            if stat.S_ISREG(mode) and (mode & (stat.S_ISUID | stat.S_ISGID) or "security.capability" in os.listxattr(path)):
                found.append(path)
    expected = sorted(CONTRACT["setuid"])
    report(f"programs with a setuid or setgid bit: {' '.join(expected) or 'none'}", sorted(found) == expected, " ".join(sorted(found)))


def records_agree():
    """RECORD lists every file of the environment, and each is what it says (PEP 376, PEP 427)."""
    problems, recorded = [], set()
    for record in glob.glob(VENV + "/lib/python3*/site-packages/*.dist-info/RECORD"):
        root = os.path.dirname(os.path.dirname(record))
        with open(record, newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file))
        for name, digest, _ in rows:
            path = os.path.normpath(os.path.join(root, name))
            recorded.add(path)
            if not os.path.exists(path):
                problems.append(f"{os.path.basename(os.path.dirname(record))} lists {name}, which is not there")
            elif digest:
                algorithm, _, value = digest.partition("=")
                with open(path, "rb") as file:
                    found = base64.urlsafe_b64encode(hashlib.file_digest(file, algorithm).digest()).rstrip(b"=").decode()
                if found != value:
                    problems.append(f"{name} is not what {os.path.basename(os.path.dirname(record))} says")
    added = CONTRACT.get("unrecorded", [])
    for path in environment_files():
        name = os.path.relpath(path, VENV)
        if path not in recorded and not OF_NO_DISTRIBUTION.fullmatch(name) and not any(re.fullmatch(x, name) for x in added):
            problems.append(f"{name} is in no RECORD")
    report("every file of the environment is in a RECORD and is what it says", recorded and not problems, f"{len(recorded)} files; " + "; ".join(sorted(problems)[:10]))


def is_elf(path):
    if os.path.islink(path):
        return False
    with open(path, "rb") as file:
        return file.read(4) == b"\x7fELF"


def libraries_resolve():
    """As the loader finds them: a library that others load is found by way of them, with their RPATH."""
    files = [x for x in environment_files() if is_elf(x)]
    missing, loaded = {}, {}
    for start in range(0, len(files), 100):
        part = files[start:start + 100]
        out = run(["ldd", *part])[1]
        name = part[0]
        for line in out.splitlines():
            if line.endswith(":") and line.startswith("/"):
                name = line[:-1]
            elif "not found" in line:
                missing.setdefault(name, []).append(line.strip())
            elif found := re.match(r"\s*\S+ => (/\S+) \(", line):
                loaded.setdefault(name, set()).add(os.path.realpath(found[1]))
    whole = {y for x in files if x not in missing for y in loaded.get(x, ())}
    problems = [f"{os.path.relpath(x, ROOT)}: {y}" for x in sorted(missing) if os.path.realpath(x) not in whole for y in missing[x]]
    report("every shared library resolves", files and not problems, f"{len(files)} files; " + "; ".join(problems))


def distributions_are_told():
    """What is installed, and where markers are evaluated: what of it belongs together is judged outside, where requirements are read."""
    import platform
    import sys
    version = "{0.major}.{0.minor}.{0.micro}".format(sys.implementation.version)
    print(json.dumps({
        "distributions": [{"name": x.metadata["Name"] or "", "version": x.version or "", "requires": x.requires or []}
                          for x in importlib.metadata.distributions(path=glob.glob(VENV + "/lib/python3*/site-packages"))],
        "environment": {
            "os_name": os.name, "sys_platform": sys.platform, "platform_machine": platform.machine(), "platform_python_implementation": platform.python_implementation(),
            "platform_release": platform.release(), "platform_system": platform.system(), "platform_version": platform.version(),
            "python_version": ".".join(platform.python_version_tuple()[:2]), "python_full_version": platform.python_version(),
            "implementation_name": sys.implementation.name, "implementation_version": version,
        },
    }), flush=True)


def commands_print():
    for command in CONTRACT.get("commands", []):
        code, out, error = run(command["run"])
        lines = (out.strip() or error.strip()).splitlines() or [""]
        if "prints" in command:
            report(f"'{name_of(command['run'])}' prints {command['prints']}", code == 0 and lines[-1] == command["prints"], f"{lines[-1]} (exit code {code})")
        else:
            report(f"'{name_of(command['run'])}' succeeds", code == 0, f"exit code {code}: {error or out}")


def name_of(command):
    """A command on one line: code that it runs is told by its first line."""
    return " ".join(x.strip().splitlines()[0] + (" ..." if "\n" in x.strip() else "") for x in command)


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
    """Each script that is named is there, and every script of the environment can be started: what it names can be imported. Those
    whose module wants to find a configuration when it is imported are said to (unstarted-scripts)."""
    named = CONTRACT.get("scripts", [])
    missing = [x for x in named if not os.access(f"{VENV}/bin/{x}", os.X_OK)]
    report("the scripts that it is started by are there", not missing, f"{len(named)} scripts; missing: {' '.join(missing)}")
    entries = {x.name: x for x in installed_entry_points() if x.group in ("console_scripts", "gui_scripts")}
    unstarted = CONTRACT.get("unstarted-scripts", [])
    checks, problems = [], [f"{x}, which is not to be started, is no script" for x in unstarted if not os.path.isfile(f"{VENV}/bin/{x}")]
    for path in sorted(glob.glob(VENV + "/bin/*")):
        name = os.path.basename(path)
        if name in unstarted or OF_NO_DISTRIBUTION.fullmatch("bin/" + name) or os.path.islink(path) or is_elf(path):
            continue
        with open(path, "rb") as file:
            text = file.read()
        line = text.partition(b"\n")[0].decode(errors="replace")
        if line.startswith("#!/bin/sh") and b"exec' '" + VENV.encode() in text or line.startswith(f"#!{VENV}/bin/python"):
            try:
                checks.append((name, [entries[name].value] if name in entries else list(imports_of(text))))
            except SyntaxError as error:
                problems.append(f"{name} is no Python: {error}")
        elif "python" in line:
            problems.append(f"{name} begins with {line}")
    problems += failing_imports(checks)
    report("every script can be started", checks and not problems, f"{len(checks)} scripts; " + "; ".join(problems))


def installed_entry_points():
    for distribution in importlib.metadata.distributions(path=glob.glob(VENV + "/lib/python3*/site-packages")):
        yield from distribution.entry_points


def imports_of(text):
    """What a script that is no entry point imports when it begins, as `module` or `module:name`."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.Import):
            yield from (x.name for x in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}:{x.name}" for x in node.names if x.name != "*")


IMPORTER = """
import importlib, json, os, signal, sys
report = os.fdopen(os.dup(1), "w")
null = os.open(os.devnull, os.O_WRONLY)
for name, values in json.load(sys.stdin):
    # Each in a process of its own: what one changes when it is imported is none of the next one's business.
    child = os.fork()
    if child == 0:
        code = 1
        try:
            signal.alarm(120)
            os.dup2(null, 1)
            os.dup2(null, 2)
            sys.argv = [name]
            for value in values:
                module, _, attributes = value.partition(":")
                found = importlib.import_module(module.strip())
                for attribute in attributes.partition("[")[0].strip().split(".") if attributes else []:
                    if not hasattr(found, attribute):
                        importlib.import_module(f"{found.__name__}.{attribute}")
                    found = getattr(found, attribute)
            code = 0
        except BaseException as error:
            print(f"{name}: {type(error).__name__}: {error}".replace(chr(10), " "), file=report, flush=True)
        os._exit(code)
    if os.waitpid(child, 0)[1] not in (0, 256):
        print(f"{name}: its import does not end, or kills the interpreter", file=report, flush=True)
"""


def failing_imports(checks):
    """Imports by the scripts' own interpreter, two at once."""
    halves = [checks[0::2], checks[1::2]]
    running = [subprocess.Popen([VENV + "/bin/python3", "-c", IMPORTER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in halves]
    for half, process in zip(halves, running):
        process.stdin.write(json.dumps(half))
        process.stdin.close()
    problems = []
    for process in running:
        problems += process.stdout.read().splitlines()
        if process.wait():
            problems.append(f"the importer ends with {process.returncode}: {process.stderr.read()[-500:]}")
    return sorted(problems)


def options_are_listed():
    """oslo-config-generator reads the options of every namespace of the service: it imports them all."""
    distribution = next((x for x in importlib.metadata.distributions(path=glob.glob(VENV + "/lib/python3*/site-packages"))
                         if re.sub(r"[-_.]+", "-", x.metadata["Name"]).lower() == re.sub(r"[-_.]+", "-", CONTRACT["distribution"]).lower()), None)
    names = sorted(x.name for x in (distribution.entry_points if distribution else []) if x.group == "oslo.config.opts" and x.name not in CONTRACT.get("unlisted-options", []))
    if names:
        code, out, error = run([VENV + "/bin/oslo-config-generator", *(f"--namespace={x}" for x in names)])
        report(f"oslo-config-generator lists the options of {', '.join(names)}", code == 0 and "[DEFAULT]" in out, f"exit code {code}: {error}")


def programs_are_there():
    programs = CONTRACT.get("programs", [])
    missing = [x for x in programs if not shutil.which(x)]
    if programs:
        report("programs that it calls are on PATH", not missing, f"{len(programs)} programs; missing: {' '.join(missing)}")


def modules_are_visible():
    """Bindings of the distribution can be imported, and nothing else of its Python is in reach."""
    try:
        with open("/usr/lib/openstack-modules.txt") as file:
            linked = file.read().split()
    except FileNotFoundError:
        linked = []
    for name in sorted({*CONTRACT.get("modules", []), *linked}):
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
    root = ROOT if NATIVE else f"{VENV}/lib/python3*/site-packages/"
    for name in CONTRACT.get("files", []):
        found = glob.glob(root + name)
        report(f"{name} is packaged", found, found)
    for name in CONTRACT.get("absent", []):
        found = glob.glob(root + name)
        report(f"{name} is not there", not found, found)


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
        report(f"'{name_of(command)}' succeeds", code == 0, out + error)
        if code:
            return
    start, directory = service["start"], None
    if "unit" in service:
        start, directory, more = unit_command(service["unit"])
        environment.update(more)
        report(f"{service['unit']} starts a program of the environment", start[0].startswith(VENV + "/bin/") and os.access(start[0], os.X_OK), start[0])
    with open(log_file, "w+") as log:
        server = subprocess.Popen(start, env=environment, cwd=directory, stdout=log, stderr=subprocess.STDOUT)
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


def unit_command(unit):
    """What systemd would start (systemd.service(5)): the command, its directory, and the variables that it adds."""
    with open("/usr/lib/systemd/system/" + unit) as file:
        settings = [x.strip().partition("=")[::2] for x in file if "=" in x]
    words = [x.replace("%%", "%").replace("$$", "$") for x in shlex.split(next(y for x, y in settings if x == "ExecStart"))]
    variables = [z.partition("=")[::2] for x, y in settings if x == "Environment" for z in shlex.split(y)]
    return words, next((y for x, y in settings if x == "WorkingDirectory"), None), dict(variables)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def ask(request, server):
    body = request.get("body")
    headers = {"Content-Type": "application/json", **request.get("headers", {})}
    message = urllib.request.Request(request["url"], data=body and body.encode(), method=request["method"], headers=headers)
    opener = urllib.request.build_opener(NoRedirect)
    deadline = time.monotonic() + 60
    while True:
        try:
            with opener.open(message, timeout=60) as answer:
                return answer.status, answer.headers, answer.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            # Until it listens there is nobody to refuse. A server that took the request and closes the connection has answered it.
            listens = not isinstance(getattr(error, "reason", error), ConnectionRefusedError)
            if listens or server.poll() is not None or time.monotonic() > deadline:
                return 0, {}, f"no answer: {error}" + (f"; the server has ended with {server.returncode}" if server.poll() is not None else "")
            time.sleep(0.1)


def noted():
    """Checks that were made when the image was, where nothing of them would be left to be seen."""
    for name in CONTRACT.get("noted", []):
        with open(name) as file:
            print(file.read(), end="", flush=True)


for part in (noted, identity, no_build_tools, byte_code, setuid_programs, records_agree, libraries_resolve, modules_are_visible, distributions_are_told, commands_print, scripts_start,
             options_are_listed, programs_are_there, wsgi_entries, files_are_there, serves):
    if part.__name__ not in CONTRACT.get("skip", []) and part.__name__ in CONTRACT.get("only", [part.__name__]):
        part()
